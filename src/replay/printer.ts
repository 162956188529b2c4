import { alertText } from "../engine/alert.js";
import { formatError, toDecision } from "../engine/decision.js";
import type { Processed } from "../engine/session.js";

export type Output = "summary" | "alerts" | "decisions";

/** The line that is printed of an event; null where there is none. */
export type Printer = (processed: Processed | null) => string | null;

/** Null for a summary, which counts events. */
export function printerFor(output: Output, manager: string): Printer | null {
  switch (output) {
    case "decisions":
      return (processed) => JSON.stringify(processed === null ? formatError() : toDecision(processed));
    case "alerts":
      return (processed) => (processed?.alert ? alertText(processed, { manager }) : null);
    case "summary":
      return null;
  }
}
