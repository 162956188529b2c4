import { execa } from "execa";
import { expect, test } from "vitest";

/** Names of the values that a subpath exports, as a program that has the package installed sees them. */
async function exportsOf(subpath: string): Promise<string[]> {
  const program = `console.log(JSON.stringify(Object.keys(await import("rulewright${subpath}"))))`;
  const { stdout } = await execa("node", ["--input-type=module", "-e", program]);
  return JSON.parse(stdout);
}

test("the package exports its authoring face, its engine and its view of managers", async () => {
  expect(await exportsOf("")).toEqual([
    "SENSITIVE_RELATIONS",
    "branch",
    "decoder",
    "list",
    "listed",
    "not",
    "notListed",
    "osmatch",
    "osregex",
    "pack",
    "pcre2",
    "rule",
    "useCase",
  ]);
  expect(await exportsOf("/engine")).toEqual([
    "ExpressionError",
    "compileExpression",
    "createSession",
    "loadRuleset",
    "toAlert",
    "toAlertText",
  ]);
  expect(await exportsOf("/manager")).toEqual([
    "Problem",
    "deployBuild",
    "findDrift",
    "isClean",
    "makePlan",
    "openTarget",
    "piecesOfBuild",
    "readBuildOutput",
    "readRulesetDirectory",
    "readTargetConfig",
    "rollBack",
    "verify",
  ]);
});
