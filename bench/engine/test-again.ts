/** All of the pack's fixtures through its ruleset, both read anew. */
import { readFixtures } from "../../src/fixtures/fixture-file.js";
import { fixtureRuns, keysOf, runFixture } from "../../src/fixtures/run-fixtures.js";
import { findProject } from "../../src/project.js";
import { readGenerated } from "../../src/replay/generated.js";

/** @throws where a case fails: a figure of a ruleset that is wrong is worth nothing */
export async function testPack(): Promise<void> {
  const project = await findProject();
  const { ruleset, manifest } = await readGenerated(project.generated);
  const keys = keysOf(manifest);
  const runs = await fixtureRuns(await readFixtures(project.fixtures));
  const failed = runs.filter((run) => runFixture(run, ruleset, keys).failures.length > 0);
  if (failed.length > 0) throw new Error(`${failed.length} of ${runs.length} cases fail`);
}
