/** Asks the manager itself about the new files, before they are loaded. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import type { FixtureRun } from "../../fixtures/run-fixtures.js";
import { stopIfAsked } from "../interrupted.js";
import type { LoadedManager } from "../plan/manager-ruleset.js";
import { type AskedLine, Comparison, type Difference, linesOf, warningsIn } from "../smoke.js";
import type { Target } from "../target.js";

/** Between two words of progress. */
const PROGRESS_MS = 5_000;

/** More differences than this say nothing new. */
const SHOWN = 10;

const HARMLESS: AskedLine = { line: "rulewright looks at what the loader says", location: "rulewright", about: "" };

export interface KnownWarnings {
  /** What the manager warned of before anything was written. */
  readonly before: ReadonlySet<string>;
  /** Only others forbid the deployment. */
  readonly accepted?: boolean;
}

export interface SmokeOptions extends KnownWarnings {
  readonly tell: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What a session says of the ruleset as it is now: whoever reads of a warning wants to know whether it is new. */
export async function warningsBefore(target: Target): Promise<ReadonlySet<string>> {
  const logtest = await target.openLogtest();
  if (!logtest) return new Set();
  try {
    const event = Buffer.from(HARMLESS.line);
    return new Set(warningsIn(await logtest.process({ event, location: HARMLESS.location })));
  } finally {
    await logtest.close();
  }
}

/**
 * Replays these cases in a fresh session. Throws a Problem when the manager warns of anything (a warning means that a rule
 * or a list is dropped), or decides otherwise than the embedded engine. Where there is no logtest, says so and asks nobody.
 */
export async function smokeCheck(
  target: Target,
  expected: LoadedManager,
  runs: readonly FixtureRun[],
  options: SmokeOptions,
): Promise<void> {
  const { tell, signal } = options;
  const logtest = await target.openLogtest();
  if (!logtest) {
    tell(`no logtest answers on ${target.place}: the new ruleset has been tried in the embedded engine only`);
    return;
  }
  const lines = runs.length > 0 ? runs.flatMap(linesOf) : [HARMLESS];
  tell(`asking the manager's logtest about ${lines.length} recorded lines`);
  const comparison = new Comparison(logtest, expected.ruleset!, expected.logAlertLevel);
  const different: Difference[] = [];
  try {
    let told = performance.now();
    for (const line of lines) {
      if (performance.now() - told > PROGRESS_MS) {
        told = performance.now();
        tell(`${comparison.events} of ${lines.length} lines asked`);
      }
      stopIfAsked(signal);
      const difference = await comparison.ask(line);
      if (difference) different.push(difference);
      // A ruleset that loads with a warning is not asked any further.
      const found = warnings(comparison, options);
      if (found.length > 0) throw new Problem(1, found);
    }
  } finally {
    await logtest.close();
  }
  if (different.length > 0) throw new Problem(1, different.slice(0, SHOWN).map(differenceFound));
}

function warnings(comparison: Comparison, { before, accepted = false }: KnownWarnings): Diagnostic[] {
  return [...comparison.warnings]
    .filter((message) => !accepted || !before.has(message))
    .map((message) => {
      const known = before.has(message);
      return {
        code: "manager-warns",
        severity: "error",
        message: `the manager warns${known ? ", as it did before this deployment" : ""}: ${message}`,
        hint: `a warning means that something is not loaded: mend it first${known ? ", or give --known-warnings" : ""}`,
      };
    });
}

function differenceFound({ asked, members }: Difference): Diagnostic {
  const what = members.map(({ name, manager, engine }) => `${name} is ${manager}, not ${engine}`).join("; ");
  return { code: "manager-differs", severity: "error", message: `${asked.about}: ${what}` };
}
