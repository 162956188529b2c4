import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProject, packageRoot } from "../src/project.js";

test.each([
  ["null", false],
  ["{}", false],
  ['{ "build": "tsc && rulewright build" }', true],
])("a project whose scripts are %s", async (scripts, hasBuildScript) => {
  const root = mkdtempSync(join(tmpdir(), "rulewright-project-"));
  writeFileSync(join(root, "package.json"), `{ "rulewright": { "policy": "mine.yaml" }, "scripts": ${scripts} }`);
  expect(await findProject(join(root))).toMatchObject({ root, policy: join(root, "mine.yaml"), hasBuildScript });
});

test("a package's folder is the nearest with a package.json, and its own where there is none", () => {
  const folder = join("/", "package", "dist", "src");
  expect(packageRoot(folder, () => false)).toBe(folder);
  const root = join("/", "package");
  expect(packageRoot(folder, (file) => file === join(root, "package.json"))).toBe(root);
});
