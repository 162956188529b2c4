import type { Command } from "commander";
import pc from "picocolors";
import { replaceFile } from "../compiler/output-directory.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { uncoveredRules } from "../fixtures/coverage.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { mutantsOf, survivors } from "../fixtures/mutants.js";
import { type FixtureResult, fixtureRuns, keysOf, runFixture } from "../fixtures/run-fixtures.js";
import { findProject, type Project } from "../project.js";
import { readGenerated } from "../replay/generated.js";
import { failureText, jsonResult, junitCase, summaryTable } from "./test-report.js";

export interface TestOptions {
  readonly generated?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly mutation?: boolean;
  readonly watch?: boolean;
}

export function addTest(program: Command): void {
  program
    .command("test")
    .description("run the fixtures through the generated ruleset: every alert they expect, and no other")
    .argument("[filter]", "only use cases and cases whose name contains this")
    .option("--generated <directory>", "the ruleset to test (default: the project's generated/)")
    .option("--json", "print the results as JSON")
    .option("--junit <file>", "write a JUnit report")
    .option("--mutation", "also drop each condition of each rule in turn: a fixture must notice")
    .option("--watch", "build and test again whenever definitions, policy or fixtures change; Ctrl-C ends")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright test\n  rulewright test drop-table\n  rulewright test --mutation\n  rulewright test --junit report.xml\n  rulewright test drop-table --watch",
    )
    .action(async (filter: string | undefined, options: TestOptions) => {
      const project = await findProject();
      if (!options.watch) return test(project, filter, options);
      const { testOnChanges } = await import("./watch-test.js");
      return testOnChanges(project, options.generated ?? null, () => test(project, filter, options));
    });
}

/** @throws Problem of exit code 1 for cases that failed, which are told by then */
async function test(project: Project, filter: string | undefined, options: TestOptions): Promise<void> {
  const generated = await readGenerated(options.generated ?? project.generated);
  const fixtures = await readFixtures(project.fixtures);
  const chosen = (text: string) => text.toLowerCase().includes((filter ?? "").toLowerCase());
  const runs = (await fixtureRuns(fixtures)).filter(({ useCase, name }) => chosen(useCase) || chosen(name));
  if (runs.length === 0) {
    throw problem(3, {
      code: "fixtures-none",
      message: filter
        ? `no fixture below ${project.fixtures} is called like ${JSON.stringify(filter)}`
        : `no fixtures below ${project.fixtures}`,
    });
  }
  const keys = keysOf(generated.manifest);
  const results = runs.map((run) => runFixture(run, generated.ruleset, keys));
  const uncovered = filter ? [] : uncoveredRules(generated.manifest, fixtures);
  const surviving = options.mutation ? runMutation(generated, results) : null;
  const failed = results.filter(({ failures }) => failures.length > 0);

  if (options.junit) {
    const { junitReport } = await import("../fixtures/junit.js");
    await replaceFile(options.junit, junitReport("rulewright", results.map(junitCase)));
  }
  if (options.json) {
    console.log(JSON.stringify({ results: results.map(jsonResult), uncovered, surviving }, null, 2));
  } else {
    console.log(summaryTable(results));
    for (const result of failed) console.log(failureText(result, generated.manifest, project));
    for (const { rule, lacks } of uncovered)
      console.log(`${pc.red("uncovered")} rule ${rule.key} has no fixture with ${lacks} (${rule.file}:${rule.line})`);
    for (const { rule, change } of surviving ?? [])
      console.log(`${pc.red("survives")} ${rule.key} ${change}: no fixture notices (${rule.file}:${rule.line})`);
    if (surviving)
      console.log(`mutation: ${surviving.length} of ${mutantsOf(generated).length} conditions are not proved`);
    const passed = results.length - failed.length;
    console.log(`${passed} passed, ${failed.length} failed`);
  }
  if (failed.length + uncovered.length + (surviving?.length ?? 0) > 0) throw new Problem(1, []);
}

/** One form is enough: the rules see the same fields in all of them. */
function runMutation(generated: Awaited<ReturnType<typeof readGenerated>>, results: readonly FixtureResult[]) {
  const runs = results
    .filter(({ run, failures }) => run.form === "jsonlog" && failures.length === 0)
    .map(({ run }) => run);
  const mutants = mutantsOf(generated);
  const tell = process.stderr.isTTY;
  const found = survivors(mutants, runs, generated.manifest, (done) => {
    if (tell) process.stderr.write(`\rmutation ${done + 1}/${mutants.length}`);
  });
  if (tell) process.stderr.write("\r\x1b[K");
  return found;
}
