import { alertText } from "../engine/alert.js";
import { formatError, toDecision } from "../engine/decision.js";
import type { Rule } from "../engine/model.js";
import type { Processed } from "../engine/session.js";

export type Output = "summary" | "alerts" | "decisions";

/** No count is said. */
export const NOWHERE = -1;

export interface Printer {
  /** The line that is printed of an event; null where there is none. */
  print(processed: Processed | null): string | null;
  /** Where in that line it stands how often the event's rule has fired; or NOWHERE. Of guesses only. */
  countAt(line: string, guessed: Processed): number;
}

/** Null for a summary, which counts events. */
export function printerFor(output: Output, manager: string): Printer | null {
  switch (output) {
    case "decisions":
      return decisionPrinter();
    case "alerts":
      return {
        print: (processed) => (processed?.alert ? alertText(processed, { manager }) : null),
        // Fields that bear the name stand behind the rule.
        countAt: (line, { event }) => behindName(line.indexOf(COUNT), line, event.firedTimes),
      };
    case "summary":
      return null;
  }
}

function decisionPrinter(): Printer {
  /** How much stands behind the count: of all guesses of a rule the same, and sooner known than found. */
  const tails = new Map<Rule, number>();
  return {
    print: (processed) => JSON.stringify(processed === null ? formatError() : toDecision(processed)),
    countAt(line, { event: { rule, firedTimes } }) {
      if (rule === null) return NOWHERE;
      const digits = String(firedTimes).length;
      const tail = tails.get(rule);
      if (tail !== undefined) return line.length - tail - digits;
      // Fields that bear the name stand before the rule.
      const at = behindName(line.lastIndexOf(COUNT), line, firedTimes);
      tails.set(rule, line.length - at - digits);
      return at;
    },
  };
}

/** No value reads so: in values, quotes stand behind a backslash. */
const COUNT = '"firedtimes":';

/** A rule's alerts may be without, and then a field, in quotes, or a list of groups may bear the name. */
function behindName(found: number, line: string, firedTimes: number): number {
  const at = found + COUNT.length;
  return found !== -1 && line.startsWith(String(firedTimes), at) ? at : NOWHERE;
}
