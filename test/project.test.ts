import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProject } from "../src/project.js";

test.each([
  ["null", false],
  ["{}", false],
  ['{ "build": "tsc && rulewright build" }', true],
])("a project whose scripts are %s", async (scripts, hasBuildScript) => {
  const root = mkdtempSync(join(tmpdir(), "rulewright-project-"));
  writeFileSync(join(root, "package.json"), `{ "rulewright": { "policy": "mine.yaml" }, "scripts": ${scripts} }`);
  expect(await findProject(join(root))).toMatchObject({ root, policy: join(root, "mine.yaml"), hasBuildScript });
});
