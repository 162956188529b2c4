import type { Bytes } from "../engine/bytes.js";
import { type LogForm, shapeOf } from "../postgresql/log-forms.js";
import { RECORD_START } from "../targets/agent-localfile.js";
import { LineBlock } from "./line-block.js";
import { readLines } from "./lines.js";

const START = new RegExp(RECORD_START);
/** Bytes of a line that are looked at for it. */
const START_SIZE = 64;
const BLANK = 32;
const NEWLINE = Buffer.from("\n");

/**
 * Log lines as the agent hands them on: a record that spreads over several lines of a csvlog or stderr file is joined
 * with blanks, as `multi-line-regex` with `replace="wspace"` does; every other line is an event by itself.
 */
export function recordsOf(lines: readonly Bytes[], form: LogForm): readonly Bytes[] {
  if (!joinsLines(form)) return lines;
  const records: Bytes[][] = [];
  for (const line of lines) {
    const open = records.at(-1);
    if (open === undefined || START.test(line)) records.push([line]);
    else open.push(line);
  }
  return records.map((record) => record.join(" "));
}

/** The events of an input: its lines, or the records that the agent makes of them where the log form is known. */
export function readEvents(input: string, form?: LogForm): AsyncGenerator<LineBlock> {
  return joinsLines(form) ? readRecords(input) : readLines(input);
}

/** Are several lines one event? */
export function joinsLines(form: LogForm | undefined): boolean {
  const shape = form && shapeOf(form);
  return shape !== undefined && shape !== "json" && shape !== "syslog";
}

/** Joins in place: the newlines inside a record become blanks. */
async function* readRecords(input: string): AsyncGenerator<LineBlock> {
  /** The last record, to which more lines may come. */
  let open: Buffer | null = null;
  let reached = 0;
  for await (const lines of readLines(input)) {
    reached = lines.read;
    const size = lines.ends.at(-1)!;
    const read = lines.bytes.subarray(0, size);
    const bytes: Buffer = open === null ? read : Buffer.concat([open, NEWLINE, read]);
    const shift = bytes.length - size;
    const ends: number[] = [];
    for (let index = 0; index < lines.length; index++) {
      const before = index === 0 ? shift - 1 : shift + lines.ends[index - 1]!;
      if (before < 0) continue;
      if (START.test(lines.beginning(index, START_SIZE))) ends.push(before);
      else bytes[before] = BLANK;
    }
    const closed = ends.at(-1);
    open = Buffer.from(bytes.subarray(closed === undefined ? 0 : closed + 1));
    if (closed !== undefined) yield new LineBlock(bytes, ends, reached);
  }
  if (open !== null) yield new LineBlock(open, [open.length], reached);
}
