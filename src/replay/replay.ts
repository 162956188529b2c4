import { setImmediate } from "node:timers/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem } from "../diagnostics/problem.js";
import type { LogForm } from "../postgresql/log-forms.js";
import { loadRuleset } from "../ruleset/load.js";
import { type Decider, type DeciderOptions, inThisThread } from "./decider.js";
import { EventClock } from "./event-time.js";
import { type ExpensivePattern, placedExactly } from "./expensive-patterns.js";
import { InputOrder } from "./input-order.js";
import { isPlainFile } from "./lines.js";
import type { Progress } from "./progress.js";
import { joinsLines, readEvents } from "./records.js";
import type { ReplayRuleset } from "./ruleset-input.js";
import { addCounts, type Counts, noCounts } from "./summary.js";
import { timed } from "./timed-block.js";
import type { FilesToRead } from "./workers/messages.js";
import type { WorkerPool } from "./workers/pool.js";
import { writeFully } from "./write-fully.js";

export interface ReplayRequest extends DeciderOptions {
  readonly inputs: readonly string[];
  readonly ruleset: ReplayRuleset;
  readonly workers: number;
  /** File descriptor that is written to. */
  readonly descriptor: number;
  /** Location of the events; by default that of the input. */
  readonly location?: string;
  readonly form?: LogForm;
}

/** Who hears of a replay while it runs. */
export interface ReplayListener {
  readonly progress: Progress;
  tell(diagnostic: Diagnostic): void;
  /** What is printed could not be written: there is no point in going on. */
  unwritable(error: unknown): never;
}

export interface ReplayResult {
  /** For a summary. */
  readonly counts: Counts;
  readonly expensive: readonly ExpensivePattern[];
  /** Why inputs could not be read, or not to their end. */
  readonly unreadable: readonly Diagnostic[];
}

/** Decides all lines of the inputs, as one stream of time. Throws a Problem when the ruleset does not load. */
export async function replay(request: ReplayRequest, listener: ReplayListener): Promise<ReplayResult> {
  const { ruleset, workers } = request;
  const { progress } = listener;
  const counts = noCounts();
  const unreadable: Diagnostic[] = [];
  let found: readonly ExpensivePattern[];
  if (workers > 1) {
    const files = filesToRead(request);
    const pool = await startPool(request, files, listener, counts, unreadable);
    found = files === null ? await readInputs(request, pool, listener, unreadable) : await watch(pool, files, progress);
  } else {
    const decider = deciderHere(request, listener, counts);
    found = await readInputs(request, decider, listener, unreadable);
  }
  progress.stop();
  return { counts, expensive: found.map((each) => placedExactly(each, ruleset.input)), unreadable };
}

/** Gives all that is read to whoever decides it. */
async function readInputs(
  { inputs, location, form }: ReplayRequest,
  decider: Decider,
  { progress, tell }: ReplayListener,
  unreadable: Diagnostic[],
): Promise<readonly ExpensivePattern[]> {
  const clock = new EventClock();
  const order = new InputOrder(clock);
  for (const [number, name] of inputs.entries()) {
    const see = (line: string) => {
      const late = order.see({ number, name }, line);
      if (late) tell(late);
    };
    try {
      for await (const block of readEvents(name, form)) {
        const { read } = block;
        await decider.decide(timed(block, location ?? locationOf(name), clock, see));
        progress.update(read);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unreadable.push(...error.diagnostics);
    }
    progress.next();
  }
  return decider.end();
}

function locationOf(input: string): string {
  return input === "-" ? "stdin" : input;
}

function deciderHere(request: ReplayRequest, listener: ReplayListener, counts: Counts): Decider {
  const { ruleset, diagnostics } = loadRuleset(request.ruleset.input);
  sayLoaded(request, listener, diagnostics, ruleset !== null);
  const { output, hostname, descriptor } = request;
  return inThisThread(ruleset!, { output, hostname }, async (outcome) => {
    addCounts(counts, outcome.counts);
    try {
      writeFully(descriptor, outcome.pieces);
    } catch (error) {
      listener.unwritable(error);
    }
    // Nothing else would give the progress bar, or a signal, its turn.
    await setImmediate();
  });
}

/** Says what there is to say of the ruleset. Throws a Problem when it did not load. */
function sayLoaded(
  { ruleset: { diagnostics, exitCode, placed } }: ReplayRequest,
  { tell }: ReplayListener,
  found: readonly Diagnostic[],
  isLoaded: boolean,
): void {
  const all = [...diagnostics, ...found].map(placed);
  if (!isLoaded) throw new Problem(exitCode, all);
  // Of what the project built itself there is nothing to say.
  if (exitCode === 3) for (const diagnostic of all) tell(diagnostic);
}

async function startPool(
  request: ReplayRequest,
  files: FilesToRead | null,
  listener: ReplayListener,
  counts: Counts,
  unreadable: Diagnostic[],
): Promise<WorkerPool> {
  const { WorkerPool } = await import("./workers/pool.js");
  const { ruleset, workers, output, hostname, descriptor } = request;
  const options = { input: ruleset.input, output, hostname, descriptor, files };
  const { pool, diagnostics } = await WorkerPool.start(workers, options, {
    counted: (block) => addCounts(counts, block),
    tell: listener.tell,
    unreadable: (diagnostic) => unreadable.push(diagnostic),
    unwritable: listener.unwritable,
  });
  sayLoaded(request, listener, diagnostics, pool !== null);
  return pool!;
}

/** Files that workers can read themselves: each line of them is an event, and they lie on the disk as they are. */
function filesToRead({ inputs, location, form }: ReplayRequest): FilesToRead | null {
  return joinsLines(form) || !inputs.every(isPlainFile) ? null : { files: inputs, location };
}

/** Milliseconds. */
const PROGRESS_EVERY = 200;

/** Shows how far workers have come that read for themselves. */
async function watch(
  pool: WorkerPool,
  { files }: FilesToRead,
  progress: Progress,
): Promise<readonly ExpensivePattern[]> {
  let shown = 0;
  const show = (input: number) => {
    for (; shown < input; shown++) progress.next();
  };
  const timer = setInterval(() => {
    const { input, offset } = pool.reading;
    show(input);
    progress.update(offset);
  }, PROGRESS_EVERY);
  try {
    return await pool.end();
  } finally {
    clearInterval(timer);
    show(files.length);
  }
}
