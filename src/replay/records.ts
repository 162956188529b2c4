import type { Bytes } from "../engine/bytes.js";
import { type LogForm, type LogShape, shapeOf } from "../postgresql/log-forms.js";
import { RECORD_START } from "../targets/agent-localfile.js";
import { type LineBatch, readLines } from "./lines.js";

const START = new RegExp(RECORD_START);

/**
 * Log lines as the agent hands them on: a record that spreads over several lines of a csvlog or stderr file is joined
 * with blanks, as `multi-line-regex` with `replace="wspace"` does; every other line is an event by itself.
 */
export function recordsOf(lines: readonly Bytes[], form: LogForm): Bytes[] {
  const joiner = joinerFor(form);
  return [...joiner.take(lines), ...joiner.rest()];
}

/** The events of an input: its lines, or the records that the agent makes of them where the log form is known. */
export async function* readEvents(input: string, form?: LogForm): AsyncGenerator<LineBatch> {
  const joiner = joinerFor(form);
  let reached = 0;
  for await (const { lines, read } of readLines(input)) {
    reached = read;
    yield { lines: joiner.take(lines), read };
  }
  yield { lines: joiner.rest(), read: reached };
}

/** Makes events of lines that come piece by piece. */
interface Joiner {
  /** Events completed by these lines. */
  take(lines: readonly Bytes[]): readonly Bytes[];
  /** The one that has not been completed, at the end of the input. */
  rest(): readonly Bytes[];
}

const LINE_BY_LINE: Joiner = { take: (lines) => lines, rest: () => [] };

function joinerFor(form: LogForm | undefined): Joiner {
  return form && joinsLines(shapeOf(form)) ? recordJoiner() : LINE_BY_LINE;
}

function joinsLines(shape: LogShape): boolean {
  return shape !== "json" && shape !== "syslog";
}

function recordJoiner(): Joiner {
  let open: Bytes[] = [];
  const close = () => {
    const record = open.join(" ");
    open = [];
    return record;
  };
  return {
    take: (lines) => {
      const records: Bytes[] = [];
      for (const line of lines) {
        if (open.length > 0 && START.test(line)) records.push(close());
        open.push(line);
      }
      return records;
    },
    rest: () => (open.length > 0 ? [close()] : []),
  };
}
