/** What `rulewright test` says of its results. */
import { join } from "node:path";
import pc from "picocolors";
import type { Manifest } from "../compiler/manifest.js";
import { placeOf } from "../diagnostics/text-reporter.js";
import type { FixtureResult } from "../fixtures/run-fixtures.js";
import type { Project } from "../project.js";
import { table } from "./table.js";

export function summaryTable(results: readonly FixtureResult[]): string {
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

export function failureText({ run, failures }: FixtureResult, manifest: Manifest, project: Project): string {
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

export function junitCase({ run, failures }: FixtureResult) {
  const text = failures.map(({ expected, actual }) => `expected: ${expected}\nactual:   ${actual}`).join("\n\n");
  const failure = failures.length > 0 ? { message: `${failures.length} differences`, text } : null;
  return { suite: run.useCase, name: `${run.name} (${run.form})`, failure };
}

export function jsonResult({ run, actual, failures }: FixtureResult) {
  return {
    use_case: run.useCase,
    case: run.name,
    form: run.form,
    passed: failures.length === 0,
    alerts: actual,
    failures,
  };
}
