/** Which recorded lines would be judged otherwise: the fixtures, replayed as the manager is and with ours in place. */
import { setImmediate as turn } from "node:timers/promises";
import type { Bytes } from "../../engine/bytes.js";
import type { Decision } from "../../engine/decision.js";
import { createSession } from "../../engine/session.js";
import { type FixtureRun, runFixture } from "../../fixtures/run-fixtures.js";
import { EventClock } from "../../replay/event-time.js";
import type { LoadedManager } from "./manager-ruleset.js";

export interface Verdict {
  /** Null: no rule. */
  readonly rule: string | null;
  readonly level: number;
  readonly alert: boolean;
}

export interface VerdictChange {
  readonly useCase: string;
  readonly case: string;
  readonly form: string;
  readonly line: Bytes;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface VerdictComparison {
  readonly events: number;
  /** Null: the manager's ruleset as it is does not load. */
  readonly changes: readonly VerdictChange[] | null;
  /** Cases whose expectation does not hold on this manager with ours in place. */
  readonly failing: readonly { readonly run: FixtureRun; readonly expected: string; readonly actual: string }[];
}

/** Between two words of progress. */
const PROGRESS_MS = 5_000;

/** Null where the ruleset with ours in place does not load: then nothing can be told. */
export async function compareVerdicts(
  before: LoadedManager,
  after: LoadedManager,
  runs: readonly FixtureRun[],
  keys: ReadonlyMap<number, string>,
  tell: (line: string) => void,
): Promise<VerdictComparison | null> {
  if (!after.ruleset) return null;
  const changes: VerdictChange[] = [];
  const failing: { run: FixtureRun; expected: string; actual: string }[] = [];
  let events = 0;
  let told = performance.now();
  for (const [number, run] of runs.entries()) {
    events += run.events.length;
    if (before.ruleset && before !== after) changes.push(...changesOf(before, after, run));
    const [failure] = runFixture(run, after.ruleset, keys).failures;
    if (failure) failing.push({ run, expected: failure.expected, actual: failure.actual });
    // Whoever holds a lock must be able to say so meanwhile.
    await turn();
    if (performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    tell(`${number + 1} of ${runs.length} cases replayed`);
  }
  return { events, changes: before.ruleset && changes, failing };
}

function changesOf(before: LoadedManager, after: LoadedManager, run: FixtureRun): VerdictChange[] {
  const old = verdictsOf(before, run);
  const fresh = verdictsOf(after, run);
  const { useCase, name, form } = run;
  return run.events.flatMap((line, index) =>
    sameVerdict(old[index]!, fresh[index]!)
      ? []
      : [{ useCase, case: name, form, line, before: old[index]!, after: fresh[index]! }],
  );
}

function verdictsOf({ ruleset, logAlertLevel }: LoadedManager, run: FixtureRun): Verdict[] {
  const session = createSession(ruleset!, { logAlertLevel });
  const clock = new EventClock();
  return run.events.map((event) =>
    verdictOf(session.process({ event: Buffer.from(event, "latin1"), location: run.form, at: clock.at(event) })),
  );
}

export function verdictOf({ rule, alert }: Decision): Verdict {
  return { rule: rule?.id ?? null, level: rule?.level ?? 0, alert: alert ?? false };
}

export function sameVerdict(a: Verdict, b: Verdict): boolean {
  return a.rule === b.rule && a.level === b.level && a.alert === b.alert;
}

export function verdictText({ rule, level, alert }: Verdict, keys: ReadonlyMap<number, string>): string {
  if (rule === null) return "no rule";
  const name = keys.get(Number(rule)) ?? `rule ${rule}`;
  return alert ? `${name} (level ${level})` : `${name} (silent)`;
}
