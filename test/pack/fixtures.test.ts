import { beforeAll, describe, expect, test } from "vitest";
import { CAPTURES } from "../../src/fixtures/captures.js";
import { uncoveredRules } from "../../src/fixtures/coverage.js";
import { type LoadedFixture, readFixtures } from "../../src/fixtures/fixture-file.js";
import { mutantsOf, survivors } from "../../src/fixtures/mutants.js";
import { type FixtureRun, fixtureRuns, keysOf, runFixture } from "../../src/fixtures/run-fixtures.js";
import { type Generated, readGenerated } from "../../src/replay/generated.js";

let generated: Generated;
let fixtures: LoadedFixture[];
let runs: FixtureRun[];

beforeAll(async () => {
  generated = await readGenerated("generated");
  fixtures = await readFixtures("fixtures");
  runs = await fixtureRuns(fixtures);
});

describe("the shipped pack on lines that a real server printed", () => {
  test("every case gives the alerts it expects and no other, in every log form", () => {
    const keys = keysOf(generated.manifest);
    const failures = runs
      .map((run) => runFixture(run, generated.ruleset, keys))
      .filter((result) => result.failures.length > 0)
      .map(({ run, failures }) => ({ case: run.name, form: run.form, failures }));
    expect(failures).toEqual([]);
  });

  test("every case is captured in all forms and presets, or in those that it names", () => {
    const cases = fixtures.flatMap(({ fixture }) => fixture.cases);
    expect(runs.length).toBe(cases.reduce((sum, { forms }) => sum + (forms?.length ?? CAPTURES.length), 0));
  });

  test("every rule has a line that fires it and a near miss", () => {
    expect(uncoveredRules(generated.manifest, fixtures)).toEqual([]);
  });

  test("whatever condition is dropped from whatever rule, a case notices", () => {
    const mutants = mutantsOf(generated);
    expect(mutants.length).toBeGreaterThan(150);
    const found = survivors(
      mutants,
      runs.filter(({ form }) => form === "jsonlog"),
      generated.manifest,
    );
    expect(found.map(({ rule, change }) => `${rule.key} ${change}`)).toEqual([]);
  }, 300_000);
});
