import { describe, expect, it } from "vitest";
import { createEntryReader, type LogEntry } from "../../src/postgresql/log-entries.js";
import type { LogForm } from "../../src/postgresql/log-forms.js";

function read(form: LogForm, ...chunks: string[]): LogEntry[] {
  const reader = createEntryReader(form);
  return chunks.flatMap((chunk) => reader(chunk));
}

const brief = (entries: readonly LogEntry[]) => entries.map(({ pid, event, lines }) => [pid, event, lines.length]);

describe("createEntryReader", () => {
  it("keeps a csvlog record together over line breaks in quotes, and a quoted name before the pid", () => {
    const received = '2026-01-01 00:00:00.000 UTC,,,7,"::1",s,1,"",t,,0,LOG,00000,"connection received: host=::1",,\n';
    const query =
      '2026-01-01 00:00:00.000 UTC,"a\n9,b""","d,b",8,"::1",s,2,"x",t,1/1,0,LOG,00000,"AUDIT: x\n""y""",,\n';
    const ended = `${received.replace("connection received: host=::1", "disconnection: session time: 0:00:01")}`;
    expect(brief(read("csvlog", received + query + ended))).toEqual([
      [7, "begins", 1],
      [8, null, 3],
      [7, "ends", 1],
    ]);
  });

  it("gives lines without a header to the entry before them", () => {
    const text = '2026-01-01 00:00:00.000 UTC [7] u@d LOG:  AUDIT: "a\n\tb"\n2026-01-01 00:00:00.000 UTC [8] LOG:  c\n';
    expect(brief(read("stderr-debian", text))).toEqual([
      [7, null, 1],
      [7, null, 1],
      [8, null, 1],
    ]);
  });

  it("reads the bracketed prefix and both syslog time stamps", () => {
    const bracket = "[2026-01-01 00:00:00.000 UTC] pid=7 user=u db=d LOG:  disconnection: session time: 0:00:01\n";
    expect(brief(read("stderr-bracket", bracket))).toEqual([[7, "ends", 1]]);
    const syslog = (stamp: string) => `${stamp} db1 postgres[7]: [1-1] x [7] u@d LOG:  connection received: host=::1\n`;
    expect(brief(read("syslog-traditional", syslog("Jan  1 00:00:00")))).toEqual([[7, "begins", 1]]);
    expect(brief(read("syslog-rfc3339", syslog("2026-01-01T00:00:00.000000+00:00")))).toEqual([[7, "begins", 1]]);
  });

  it("does not take quoted SQL for the end of a session", () => {
    const forged = "2026-01-01 00:00:00.000 UTC [7] u@d LOG:  AUDIT: LOG:  disconnection: session time: 0:00:01\n";
    expect(brief(read("stderr-debian", forged))).toEqual([[7, null, 1]]);
  });

  it("waits for the newline of a line that is still being written", () => {
    const line = '{"pid":7,"message":"disconnection: session time: 0:00:01"}';
    expect(read("jsonlog", line.slice(0, 20), line.slice(20))).toEqual([]);
    expect(read("jsonlog", line.slice(0, 20), `${line.slice(20)}\n`)).toEqual([
      { lines: [line], pid: 7, event: "ends" },
    ]);
  });
});
