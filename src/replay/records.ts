import type { Bytes } from "../engine/bytes.js";
import { type LogForm, type LogShape, shapeOf } from "../postgresql/log-forms.js";
import { RECORD_START } from "../targets/agent-localfile.js";

const START = new RegExp(RECORD_START);

/**
 * Log lines as the agent hands them on: a record that spreads over several lines of a csvlog or stderr file is joined
 * with blanks, as `multi-line-regex` with `replace="wspace"` does; every other line is an event by itself.
 */
export function recordsOf(lines: readonly Bytes[], form: LogForm): Bytes[] {
  return joinsLines(shapeOf(form)) ? joined(lines) : [...lines];
}

function joinsLines(shape: LogShape): boolean {
  return shape === "csv" || shape === "stderr";
}

function joined(lines: readonly Bytes[]): Bytes[] {
  const records: Bytes[] = [];
  for (const line of lines) {
    if (records.length > 0 && !START.test(line)) records[records.length - 1] += ` ${line}`;
    else records.push(line);
  }
  return records;
}
