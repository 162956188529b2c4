/** A project of its own with few cases, and the command line in it. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { writeTree } from "../manager/sample-manager.js";

const CLI = resolve("dist/bin/rulewright.js");
const CASES = `use_case: sample
captured: { by: hand, server: none, setup: none }
cases:
  - { name: alice comes, as: alice, sql: "-", expect: [{ rule: sample, level: 3 }], lines: { jsonlog: 1-1 } }
  - { name: eve comes, as: eve, sql: "-", expect: [{ rule: somebody-else, level: 7 }], lines: { jsonlog: 2-2 } }
  - { name: mallory comes, as: mallory, sql: "-", expect: [{ rule: mallory, level: 12 }], lines: { jsonlog: 3-3 } }
`;

export interface SampleProject {
  readonly directory: string;
  readonly run: (...values: string[]) => ReturnType<typeof execa>;
}

/** `targets` is the text of its deploy.yaml; Eve is known to the first version of the sample build only. */
export function sampleProject(targets: string, env: Readonly<Record<string, string>> = {}): SampleProject {
  const directory = mkdtempSync(join(tmpdir(), "rulewright-project-"));
  mkdirSync(join(directory, "fixtures/sample"), { recursive: true });
  writeTree(directory, {
    "package.json": '{ "rulewright": {} }',
    "deploy.yaml": targets,
    "fixtures/sample/cases.yaml": CASES,
    "fixtures/sample/jsonlog.log": "sample: alice\nsample: eve\nsample: mallory\n",
  });
  const run = (...values: string[]) =>
    execa("node", [CLI, ...values], {
      reject: false,
      cwd: directory,
      env: { NO_COLOR: "1", ...env },
      stdin: "ignore",
    });
  return { directory, run };
}

/** Lets the case of Eve expect the level that the second version gives. */
export function expectSecondVersion({ directory }: SampleProject): void {
  writeFileSync(join(directory, "fixtures/sample/cases.yaml"), CASES.replace("level: 7", "level: 10"));
}
