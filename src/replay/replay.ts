import { setImmediate } from "node:timers/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem } from "../diagnostics/problem.js";
import type { LogForm } from "../postgresql/log-forms.js";
import { loadRuleset } from "../ruleset/load.js";
import { type Decider, type DeciderOptions, inThisThread, type OutcomeSink } from "./decider.js";
import { EventClock } from "./event-time.js";
import { type ExpensivePattern, placedExactly } from "./expensive-patterns.js";
import { InputOrder } from "./input-order.js";
import type { Progress } from "./progress.js";
import { readEvents } from "./records.js";
import type { ReplayRuleset } from "./ruleset-input.js";
import { addCounts, type Counts, noCounts } from "./summary.js";
import { timed } from "./timed-block.js";

export interface ReplayRequest extends DeciderOptions {
  readonly inputs: readonly string[];
  readonly ruleset: ReplayRuleset;
  readonly workers: number;
  /** Location of the events; by default that of the input. */
  readonly location?: string;
  readonly form?: LogForm;
}

/** Who hears of a replay while it runs. */
export interface ReplayListener {
  readonly progress: Progress;
  /** Resolves when more may be written. */
  write(text: Uint8Array): Promise<void>;
  tell(diagnostic: Diagnostic): void;
}

export interface ReplayResult {
  readonly counts: Counts;
  readonly expensive: readonly ExpensivePattern[];
  /** Why inputs could not be read, or not to their end. */
  readonly unreadable: readonly Diagnostic[];
}

/** Decides all lines of the inputs, as one stream of time. Throws a Problem when the ruleset does not load. */
export async function replay(request: ReplayRequest, { progress, write, tell }: ReplayListener): Promise<ReplayResult> {
  const counts = noCounts();
  const sink: OutcomeSink = async (outcome) => {
    addCounts(counts, outcome.counts);
    // Without output nothing else would give the progress bar, or a signal, its turn.
    await (outcome.text.length > 0 ? write(outcome.text) : setImmediate());
  };
  const decider = await deciderFor(request, sink, tell);
  const clock = new EventClock();
  const order = new InputOrder(clock);
  const unreadable: Diagnostic[] = [];
  for (const [number, input] of request.inputs.entries()) {
    const location = request.location ?? (input === "-" ? "stdin" : input);
    const see = (line: string) => {
      const late = order.see({ number, name: input }, line);
      if (late) tell(late);
    };
    try {
      for await (const block of readEvents(input, request.form)) {
        const { read } = block;
        await decider.decide(timed(block, location, clock, see));
        progress.update(read);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unreadable.push(...error.diagnostics);
    }
    progress.next();
  }
  const expensive = (await decider.end()).map((found) => placedExactly(found, request.ruleset.input));
  progress.stop();
  return { counts, expensive, unreadable };
}

async function deciderFor(
  { ruleset: { input, diagnostics, exitCode, placed }, workers, output, hostname }: ReplayRequest,
  sink: OutcomeSink,
  tell: ReplayListener["tell"],
): Promise<Decider> {
  const options = { output, hostname };
  let decider: Decider | null;
  let found: readonly Diagnostic[];
  if (workers > 1) {
    const { WorkerPool } = await import("./workers/pool.js");
    ({ pool: decider, diagnostics: found } = await WorkerPool.start(workers, input, options, sink));
  } else {
    const loaded = loadRuleset(input);
    decider = loaded.ruleset && inThisThread(loaded.ruleset, options, sink);
    found = loaded.diagnostics;
  }
  const all = [...diagnostics, ...found].map(placed);
  if (!decider) throw new Problem(exitCode, all);
  // Of what the project built itself there is nothing to say.
  if (exitCode === 3) for (const diagnostic of all) tell(diagnostic);
  return decider;
}
