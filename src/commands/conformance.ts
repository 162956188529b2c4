import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { replaceFile } from "../compiler/output-directory.js";
import { type ConformanceFile, runConformance } from "../conformance/run.js";
import { SUITE_FOLDER, suiteRuleset } from "../conformance/suite-ruleset.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { junitReport } from "../fixtures/junit.js";
import { loadRuleset } from "../ruleset/load.js";
import { table } from "./table.js";

interface ConformanceOptions {
  readonly ruleset?: string;
  readonly json?: boolean;
  readonly junit?: string;
}

export function addConformance(program: Command): void {
  program
    .command("conformance")
    .description("run a Wazuh ruleset's own test suite (*.ini) through the embedded engine, without a manager")
    .argument("<directory>", "a ruleset's directory with testing/tests/ in it, or a directory of *.ini files")
    .option("--ruleset <directory>", "ruleset to test (default: the one that the suite belongs to)")
    .option("--json", "print the results as JSON")
    .option("--junit <file>", "write a JUnit report")
    .addHelpText(
      "after",
      "\nCases of *geoip.ini are left out. Exit code 1 when a case fails.\n\nExamples:\n  rulewright conformance wazuh/ruleset\n  rulewright conformance my-suites --ruleset /var/ossec",
    )
    .action(conformance);
}

async function conformance(directory: string, options: ConformanceOptions): Promise<void> {
  const suites = existsSync(join(directory, SUITE_FOLDER)) ? join(directory, SUITE_FOLDER) : directory;
  if (!existsSync(suites) || !readdirSync(suites).some((name) => name.endsWith(".ini"))) {
    throw problem(3, { code: "suite-missing", message: `there are no *.ini files in ${suites}` });
  }
  const root = options.ruleset ?? (suites === directory ? resolve(directory, "../..") : directory);
  const { ruleset, diagnostics } = loadRuleset(suiteRuleset(root));
  if (!ruleset) throw new Problem(3, diagnostics);
  const files = runConformance(suites, ruleset);
  const cases = files.flatMap((file) => file.cases);
  const empty = files.filter((file) => file.cases.length === 0).map(({ file }) => withoutCases(join(suites, file)));
  if (cases.length === 0) throw new Problem(3, empty);
  for (const diagnostic of empty) console.error(diagnosticText({ ...diagnostic, severity: "warning" }));
  const failed = cases.filter(({ passed }) => !passed);
  if (options.junit) await replaceFile(options.junit, junitReport("conformance", cases.map(junitCase)));
  if (options.json)
    console.log(JSON.stringify({ passed: cases.length - failed.length, failed: failed.length, files }, null, 2));
  else console.log(report(files, failed));
  if (failed.length > 0) throw new Problem(1, []);
}

function withoutCases(file: string): Diagnostic {
  return {
    code: "suite-empty",
    severity: "error",
    message: `${file} holds no case`,
    hint: "a section [name] with rule, alert and decoder has cases in lines log 1 pass = …, log 2 fail = …",
  };
}

type Case = ConformanceFile["cases"][number];

function report(files: readonly ConformanceFile[], failed: readonly Case[]): string {
  const rows = files.map(({ file, cases, passed }) => {
    const missing = cases.length - passed;
    return [file, cases.length, passed, missing > 0 ? pc.red(String(missing)) : "0"];
  });
  const total = files.reduce((sum, { cases }) => sum + cases.length, 0);
  return [
    table(["suite", "cases", "passed", "failed"], rows),
    ...failed.map((each) => `${pc.red("failed")} ${each.file} [${each.section}] ${each.name}\n  ${differences(each)}`),
    `${total - failed.length} passed, ${failed.length} failed`,
  ].join("\n");
}

function differences({ expected, actual }: Case): string {
  return (["rule", "level", "decoder"] as const)
    .map((part) => `${part}: expected ${expected[part] || "none"}, actual ${actual[part] || "none"}`)
    .join("; ");
}

function junitCase(each: Case) {
  const failure = each.passed ? null : { message: "another decision", text: differences(each) };
  return { suite: each.file, name: `${each.section}: ${each.name}`, failure };
}
