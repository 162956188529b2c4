import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { EventClock } from "../../src/replay/event-time.js";
import { InputOrder } from "../../src/replay/input-order.js";
import { readLines } from "../../src/replay/lines.js";
import { readEvents, recordsOf } from "../../src/replay/records.js";

const LINES = Array.from({ length: 9000 }, (_, index) => `line ${index} ${"ü".repeat(index % 90)}`);
const BYTES = Buffer.from(LINES.join("\n"));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulewright-"));
});

async function linesOf(content: Uint8Array): Promise<string[]> {
  const file = join(folder, "input");
  await writeFile(file, content);
  const lines: string[] = [];
  for await (const batch of readLines(file))
    lines.push(...batch.lines().map((line) => Buffer.from(line, "latin1").toString()));
  return lines;
}

describe("lines of an input", () => {
  test("come whole over all chunk borders, with or without a last newline", async () => {
    expect(await linesOf(BYTES)).toEqual(LINES);
    expect(await linesOf(Buffer.concat([BYTES, Buffer.from("\n")]))).toEqual(LINES);
    expect(await linesOf(Buffer.from(""))).toEqual([]);
    expect(await linesOf(Buffer.from("\n\nx"))).toEqual(["", "", "x"]);
  });

  test("a gzipped file is read as it is", async () => {
    expect(await linesOf(gzipSync(BYTES))).toEqual(LINES);
  });

  test("a torn gzip names the line at which it ends, a missing file its name", async () => {
    const torn = linesOf(gzipSync(BYTES).subarray(0, -200));
    await expect(torn).rejects.toMatchObject({ exitCode: 2, diagnostics: [{ where: { line: expect.any(Number) } }] });
    await expect(readLines(join(folder, "none")).next()).rejects.toThrow(/cannot read .*none: no such file/);
    await expect(readLines(folder).next()).rejects.toThrow(/it is a directory/);
  });
});

describe("records", () => {
  test("of stderr and csvlog are joined with blanks as the agent joins them, those of other forms are lines", () => {
    const lines = ["2026-11-22 15:00:00.123 UTC [1] LOG:  a", "\tb", "c", "2026-11-22 15:00:01.000 UTC [1] LOG:  d"];
    expect(recordsOf(lines, "stderr-debian")).toEqual([`${lines[0]} \tb c`, lines[3]]);
    expect(recordsOf(lines, "jsonlog")).toEqual(lines);
  });

  test("are whole where an input is read in pieces", async () => {
    const lines = Array.from({ length: 9000 }, (_, index) =>
      index % 3 === 0 ? `2026-11-22 15:00:00.${String(index % 1000).padStart(3, "0")} UTC [1] LOG:  a` : `\t${index}`,
    );
    const file = join(folder, "stderr.log");
    await writeFile(file, `${lines.join("\n")}\n`);
    const events: string[] = [];
    for await (const batch of readEvents(file, "stderr-debian")) events.push(...batch.lines());
    expect(events).toEqual(recordsOf(lines, "stderr-debian"));
    expect(events).toHaveLength(3000);
  });
});

describe("the order of inputs", () => {
  test("is warned about where one begins before the end of another", () => {
    const clock = new EventClock();
    const order = new InputOrder(clock);
    const see = (name: string, line: string, number = name.length) => {
      const warning = order.see({ number, name }, line);
      clock.at(line);
      return warning?.message ?? null;
    };
    expect(see("new", "2026-11-22 15:00:00")).toBeNull();
    expect(see("new", "2026-11-22 14:00:00")).toBeNull();
    expect(see("older", "no time")).toBeNull();
    expect(see("older", "2026-11-21 15:00:00")).toMatch(/^older begins before the end of new/);
    expect(see("older", "2026-11-21 15:00:00")).toBeNull();
    expect(see("newest", "2026-11-23 15:00:00")).toBeNull();
    expect(see("newest", "2026-11-23 14:00:00", 9)).toMatch(/^newest begins before the end of newest/);
  });
});

describe("the time of an event", () => {
  test("is the line's own, never goes back, and is the last one's for a line without", () => {
    const clock = new EventClock();
    const first = clock.at('{"timestamp":"2026-11-22 15:04:01.431 UTC"');
    expect(first).toBe(Date.UTC(2026, 10, 22, 15, 4, 1) / 1000);
    expect(clock.at("2026-11-22T15:04:31.5+00:00 host x: y")).toBe(first + 30);
    expect(clock.at("no time")).toBe(first + 30);
    expect(clock.at("2026-11-22 15:04:02.000 UTC")).toBe(first + 30);
  });

  test("rolls over with the year where headers have none", () => {
    const clock = new EventClock();
    const december = clock.at("Dec 31 23:59:58 db1 postgres[1]: x");
    expect(clock.at("Jan  1 00:00:03 db1 postgres[1]: x") - december).toBe(5);
    expect(clock.at("Dec 31 23:59:59 db1 postgres[1]: late") - december).toBe(5);
    expect(clock.at("Jan  1 00:00:04 db1 postgres[1]: x") - december).toBe(6);
  });

  test("is read from syslog headers too", () => {
    const clock = new EventClock();
    expect(
      clock.at("Nov 22 15:10:04 db1 postgres[1]: x") - new EventClock().at("Nov 22 15:10:00 db1 postgres[1]: x"),
    ).toBe(4);
  });
});
