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
  readonly changes: readonly VerdictChange[];
  /** Cases whose expectation does not hold on this manager with ours in place. */
  readonly failing: readonly { readonly run: FixtureRun; readonly expected: string; readonly actual: string }[];
}

/** Null where one of the two does not load: then nothing can be compared. */
export async function compareVerdicts(
  before: LoadedManager,
  after: LoadedManager,
  runs: readonly FixtureRun[],
  keys: ReadonlyMap<number, string>,
): Promise<VerdictComparison | null> {
  if (!before.ruleset || !after.ruleset) return null;
  const changes: VerdictChange[] = [];
  const failing: { run: FixtureRun; expected: string; actual: string }[] = [];
  let events = 0;
  for (const run of runs) {
    events += run.events.length;
    const old = verdictsOf(before, run);
    const fresh = verdictsOf(after, run);
    run.events.forEach((line, index) => {
      if (sameVerdict(old[index]!, fresh[index]!)) return;
      const { useCase, name, form } = run;
      changes.push({ useCase, case: name, form, line, before: old[index]!, after: fresh[index]! });
    });
    const [failure] = runFixture(run, after.ruleset, keys).failures;
    if (failure) failing.push({ run, expected: failure.expected, actual: failure.actual });
    // Whoever holds a lock must be able to say so meanwhile.
    await turn();
  }
  return { events, changes, failing };
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
