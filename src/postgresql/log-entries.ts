import type { Bytes } from "../engine/bytes.js";
import { type LogForm, type LogShape, shapeOf } from "./log-forms.js";

/** One piece of a server's log that one process wrote: a record, or a single line where a form has no record marks. */
export interface LogEntry {
  /** Physical lines without their newline; more than one only in csvlog. */
  readonly lines: readonly Bytes[];
  /** The process that the entry names as its writer. A forged entry may name any; null before the first header. */
  readonly pid: number | null;
  /** Whether it tells of the beginning or the end of a client session. */
  readonly event: "begins" | "ends" | null;
}

/** Takes the next bytes of a log and returns the entries completed by them. */
export type EntryReader = (chunk: Bytes) => LogEntry[];

const BEGIN = "connection received: host=";
const END = "disconnection: session time: ";
/** The first severity after the prefix, so that SQL text quoting a log line is not taken for one. */
const STDERR_MESSAGE = /^(?:(?!LOG: {2}).)*LOG: {2}(.*)/s;
const STDERR_HEADER = /^(?:\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC\]? (?:\[|pid=))(\d+)/;
const SYSLOG_HEADER = /^(?:\d{4}-\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ postgres\[(\d+)\]: /;
const AUDIT_FILE_HEADER = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC,(?:.*?),(\d+),[^,]*,[0-9a-f]+\.[0-9a-f]+,/;
const AUDIT_FILE_MESSAGE = /,[0-9A-Z]{5},((?:connection received|disconnection).*)/s;
const CSV_FIELD = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/g;
/** Columns of csvlog, counted from 0: see the table in the server's documentation of csvlog. */
const CSV_PID = 3;
const CSV_MESSAGE = 13;

/** A reader for the log files that `logFormSettings` sets up. It keeps state between chunks: one reader per file. */
export function createEntryReader(form: LogForm): EntryReader {
  const shape = shapeOf(form);
  const entryOf = READERS[shape]();
  const endsRecord = shape === "csv" ? quoteTracker() : () => true;
  let rest = "";
  let pending: Bytes[] = [];
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    const entries: LogEntry[] = [];
    for (const line of lines) {
      pending.push(line);
      if (!endsRecord(line)) continue;
      entries.push({ lines: pending, ...entryOf(pending.join("\n")) });
      pending = [];
    }
    return entries;
  };
}

type Origin = Pick<LogEntry, "pid" | "event">;

const READERS: Readonly<Record<LogShape, () => (text: Bytes) => Origin>> = {
  json: () => (text) => {
    const { pid, message } = JSON.parse(text) as { pid: number; message?: string };
    return { pid, event: eventOf(message) };
  },
  csv: () => (text) => {
    const fields = Array.from(text.matchAll(CSV_FIELD), (match) => match[1]!);
    return { pid: Number(fields[CSV_PID]), event: eventOf(fields[CSV_MESSAGE]?.replace(/^"/, "")) };
  },
  stderr: () => withHeaders(STDERR_HEADER),
  syslog: () => withHeaders(SYSLOG_HEADER),
  "audit-file": () => withHeaders(AUDIT_FILE_HEADER, AUDIT_FILE_MESSAGE),
};

/** Lines without a header continue the entry before them. */
function withHeaders(header: RegExp, message = STDERR_MESSAGE): (text: Bytes) => Origin {
  let pid: number | null = null;
  return (text) => {
    const match = header.exec(text);
    if (match) pid = Number(match[1]);
    return { pid, event: match ? eventOf(message.exec(text)?.[1]) : null };
  };
}

function eventOf(message: string | undefined): LogEntry["event"] {
  if (message?.startsWith(BEGIN)) return "begins";
  return message?.startsWith(END) ? "ends" : null;
}

/** A csvlog record ends with the line that closes its last quote. */
function quoteTracker(): (line: Bytes) => boolean {
  let isOpen = false;
  return (line) => {
    for (const char of line) if (char === '"') isOpen = !isOpen;
    return !isOpen;
  };
}
