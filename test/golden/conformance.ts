/** The stock rule test suite, of which the real engine passes every case. */
import { join } from "node:path";
import { runConformance } from "../../src/conformance/run.js";
import { suiteRuleset } from "../../src/conformance/suite-ruleset.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import type { SetResult } from "./golden-file.js";

export function compareSuite(_golden: string, stock: string): SetResult {
  const { ruleset } = loadRuleset(suiteRuleset(stock));
  if (ruleset === null) {
    return { name: "suite", rows: 0, differences: [{ row: "", expected: "a ruleset", actual: "it does not load" }] };
  }
  const cases = runConformance(join(stock, "testing", "tests"), ruleset).flatMap((file) => file.cases);
  const differences = cases
    .filter((found) => !found.passed)
    .map(({ file, section, name, expected, actual }) => ({ row: `${file} [${section}] ${name}`, expected, actual }));
  return { name: "suite", rows: cases.length, differences };
}
