/** The proof that the embedded engine tells the truth on this manager: the same lines to both, and every difference. */

import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { loadManager } from "./plan/manager-ruleset.js";
import { type AskedLine, Comparison, type Difference } from "./smoke.js";
import type { Target } from "./target.js";

/** Between two words of progress. */
const PROGRESS_MS = 5_000;

export interface Verification {
  readonly events: number;
  readonly differences: readonly Difference[];
  /** Lines that the manager could not be asked, with the reason: neither same nor different. */
  readonly notChecked: readonly { readonly asked: AskedLine; readonly reason: string }[];
  /** Files of the manager that could not be read: the embedded engine decided without them. Path and reason. */
  readonly unread: readonly (readonly [path: string, reason: string])[];
  /** What the manager's loader warns of, and what ours does. */
  readonly managerWarnings: readonly string[];
  readonly engineWarnings: readonly Diagnostic[];
}

/** One session for all lines, in their order. */
export async function verify(
  target: Target,
  lines: AsyncIterable<AskedLine> | Iterable<AskedLine>,
  tell: (line: string) => void,
): Promise<Verification> {
  tell("reading the manager's ruleset");
  const { files, unreadable } = await target.installed();
  const manager = loadManager(files);
  if (!manager.ruleset) throw new Problem(1, manager.diagnostics);
  const logtest = await target.openLogtest();
  if (!logtest)
    throw problem(2, {
      code: "logtest-missing",
      message: `no logtest answers on ${target.place}: there is nothing to compare the embedded engine with`,
      hint: "start the manager, or name its API in deploy.yaml",
    });
  const comparison = new Comparison(logtest, manager.ruleset, manager.logAlertLevel);
  const differences: Difference[] = [];
  let told = performance.now();
  const notChecked: { asked: AskedLine; reason: string }[] = [];
  try {
    for await (const asked of lines) {
      try {
        const difference = await comparison.ask(asked);
        if (difference) differences.push(difference);
        if (performance.now() - told > PROGRESS_MS) {
          told = performance.now();
          tell(`${comparison.events} lines asked`);
        }
      } catch (error) {
        if (!(error instanceof Problem) || error.diagnostics[0]?.code !== "logtest-not-text") throw error;
        notChecked.push({ asked, reason: error.message });
      }
    }
  } finally {
    await logtest.close();
  }
  return {
    events: comparison.events,
    differences,
    notChecked,
    unread: [...unreadable],
    managerWarnings: [...comparison.warnings],
    engineWarnings: manager.diagnostics,
  };
}
