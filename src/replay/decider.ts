import { toBytes } from "../engine/bytes.js";
import type { Ruleset } from "../engine/model.js";
import { cString } from "../engine/regex/ascii.js";
import { createSession } from "../engine/session.js";
import { ExpensePatrol, type ExpensivePattern } from "./expensive-patterns.js";
import { type Outcome, Page } from "./page.js";
import { type Output, printerFor } from "./printer.js";
import type { TimedBlock } from "./timed-block.js";

export interface DeciderOptions {
  readonly output: Output;
  /** Name of the manager. */
  readonly hostname: string;
}

/** Decides blocks, in the order in which they are given, and hands over their outcomes in that order. */
export interface Decider {
  /** Resolves when the next block may be given, so that memory does not fill with what is waiting. */
  decide(block: TimedBlock): Promise<void>;
  /** Resolves when the outcomes of all blocks have been handed over, to the patterns that took very long. */
  end(): Promise<readonly ExpensivePattern[]>;
}

export type OutcomeSink = (outcome: Outcome) => Promise<void>;

/** In this thread, block by block. */
export function inThisThread(ruleset: Ruleset, options: DeciderOptions, sink: OutcomeSink): Decider {
  const session = createSession(ruleset, { hostname: options.hostname });
  const page = new Page(printerFor(options.output, options.hostname));
  const patrol = new ExpensePatrol(ruleset);
  let lines = 0;
  return {
    decide: ({ block, location, times }) => {
      const place = cString(toBytes(location));
      page.clear();
      patrol.start();
      for (let index = 0; index < block.length; index++) {
        const message = cString(block.line(index));
        const processed = session.run(message, place, times[index], block.isAscii);
        patrol.after(++lines, processed?.event ?? null);
        page.add(processed);
      }
      return sink(page.take());
    },
    end: async () => patrol.found(),
  };
}
