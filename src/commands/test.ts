import { join } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import type { Manifest } from "../compiler/manifest.js";
import { replaceFile } from "../compiler/output-directory.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { placeOf } from "../diagnostics/text-reporter.js";
import { uncoveredRules } from "../fixtures/coverage.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { mutantsOf, survivors } from "../fixtures/mutants.js";
import { type FixtureResult, fixtureRuns, keysOf, runFixture } from "../fixtures/run-fixtures.js";
import { findProject, type Project } from "../project.js";
import { readGenerated } from "../replay/generated.js";
import { table } from "./table.js";

interface TestOptions {
  readonly generated?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly mutation?: boolean;
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
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright test\n  rulewright test drop-table\n  rulewright test --mutation\n  rulewright test --junit report.xml",
    )
    .action(test);
}

async function test(filter: string | undefined, options: TestOptions): Promise<void> {
  const project = await findProject();
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

function summaryTable(results: readonly FixtureResult[]): string {
  const useCases = [...new Set(results.map(({ run }) => run.useCase))];
  const rows = useCases.map((useCase) => {
    const own = results.filter(({ run }) => run.useCase === useCase);
    const failed = own.filter(({ failures }) => failures.length > 0).length;
    const forms = new Set(own.map(({ run }) => run.form)).size;
    const cases = new Set(own.map(({ run }) => run.name)).size;
    const events = own.reduce((sum, { run }) => sum + run.events.length, 0);
    const alerts = own.reduce((sum, { actual }) => sum + actual.length, 0);
    return [useCase, cases, forms, events, alerts, own.length - failed, failed > 0 ? pc.red(String(failed)) : "0"];
  });
  return table(["use case", "cases", "forms", "events", "alerts", "passed", "failed"], rows);
}

function failureText({ run, failures }: FixtureResult, manifest: Manifest, project: Project): string {
  const lines = failures.flatMap((failure) => {
    const rule = manifest.rules.find(({ key }) => key === failure.rule);
    const expected = failure.expected.split("\n");
    const actual = failure.actual.split("\n");
    const width = Math.max(8, ...expected.map((line) => line.length));
    const pairs = Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => {
      return `    ${pc.green((expected[index] ?? "").padEnd(width))}  ${pc.red(actual[index] ?? "")}`;
    });
    const place = rule
      ? [
          `    ${pc.dim(`rule ${rule.key} at ${placeOf({ file: join(project.root, rule.file), line: rule.line, column: 1 })}`)}`,
        ]
      : [];
    return [`    ${pc.dim("expected".padEnd(width))}  ${pc.dim("actual")}`, ...pairs, ...place];
  });
  return [`${pc.red("failed")} ${run.useCase}: ${run.name} (${run.form}) ${pc.dim(placeOf(run.where))}`, ...lines].join(
    "\n",
  );
}

function junitCase({ run, failures }: FixtureResult) {
  const text = failures.map(({ expected, actual }) => `expected: ${expected}\nactual:   ${actual}`).join("\n\n");
  const failure = failures.length > 0 ? { message: `${failures.length} differences`, text } : null;
  return { suite: run.useCase, name: `${run.name} (${run.form})`, failure };
}

function jsonResult({ run, actual, failures }: FixtureResult) {
  return {
    use_case: run.useCase,
    case: run.name,
    form: run.form,
    passed: failures.length === 0,
    alerts: actual,
    failures,
  };
}
