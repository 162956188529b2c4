/** The project's own fixtures with the stock ruleset loaded around the pack: no stock decoder or rule may take an event. */
import { readFixtures } from "../../src/fixtures/fixture-file.js";
import { fixtureRuns, keysOf, runFixture } from "../../src/fixtures/run-fixtures.js";
import { readGenerated } from "../../src/replay/generated.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import type { SetResult } from "./golden-file.js";
import { withStock } from "./stock.js";

export async function compareFixturesBesideStock(_golden: string, stock: string): Promise<SetResult> {
  const { manifest } = await readGenerated("generated");
  const { ruleset } = loadRuleset(withStock(stock));
  const runs = await fixtureRuns(await readFixtures("fixtures"));
  const failed = runs
    .map((run) => runFixture(run, ruleset!, keysOf(manifest)))
    .filter(({ failures }) => failures.length > 0);
  const differences = failed.map(({ run, failures }) => ({
    row: `${run.useCase}: ${run.name} (${run.form})`,
    expected: failures.map(({ expected }) => expected),
    actual: failures.map(({ actual }) => actual),
  }));
  return { name: "pack/with-stock", rows: runs.length, differences };
}
