import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRulesetDirectory } from "../../src/ruleset/directory.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { DECODERS, ROOT, rule } from "./ruleset.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ruleset-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
const names = (files: readonly { name: string }[] = []) => files.map((file) => file.name);

test("folders: all lists in them count as declared, 0215-policy_rules.xml does not", () => {
  write({
    "decoders/d.xml": DECODERS,
    "rules/r.xml": ROOT,
    "rules/0215-policy_rules.xml": "<broken",
    "rules/readme.txt": "x",
    "lists/a": "k:v",
    "lists/sub/b": "k:v",
    "lists/a.cdb": "x",
  });
  const { input } = readRulesetDirectory(root);
  expect(names(input!.rules)).toEqual(["rules/r.xml"]);
  expect(names(input!.lists)).toEqual(["etc/lists/a", "etc/lists/sub/b"]);
  expect(loadRuleset(input!).ruleset).not.toBeNull();
  expect(names(readRulesetDirectory(root, { ruleExcludes: [] }).input!.rules)).toHaveLength(2);
});

test("a manager: directories, patterns, excludes, includes, lists and levels of its ossec.conf", () => {
  write({
    "etc/ossec.conf": `
      <ossec_config><alerts><log_alert_level>5</log_alert_level></alerts></ossec_config>
      <ossec_config><ruleset>
        <decoder_dir>ruleset/decoders</decoder_dir>
        <rule_dir pattern=".rules$">etc/rules</rule_dir>
        <rule_exclude>b.rules</rule_exclude>
        <rule_include>c.xml</rule_include>
        <rule_include>etc/none.xml</rule_include>
        <list>etc/lists/l</list>
      </ruleset></ossec_config>`,
    "ruleset/decoders/d.xml": DECODERS,
    "ruleset/rules/c.xml": `<group name="g,">${rule(100, '<list field="user">etc/lists/l</list>')}</group>`,
    "etc/rules/a.rules": ROOT,
    "etc/rules/b.rules": "<broken",
    "etc/rules/d.xml": "<broken",
    "etc/lists/l": "k:v",
  });
  const { input, diagnostics } = readRulesetDirectory(root);
  expect(names(input!.rules).sort()).toEqual(["etc/rules/a.rules", "ruleset/rules/c.xml"]);
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(["ruleset-file-missing"]);
  const { ruleset } = loadRuleset(input!);
  expect(ruleset!.ruleById.get(100)!.lists).toHaveLength(1);
  expect(ruleset!.ruleById.get(100)!.options.logAlert).toBe(true);
  expect(input!.configuration).toMatchObject({ logAlertLevel: 5, emailAlertLevel: 12 });
});

test("without a ruleset section the default directories are read; a wrong element refuses the configuration", () => {
  write({
    "etc/ossec.conf": "<ossec_config></ossec_config>",
    "ruleset/decoders/d.xml": DECODERS,
    "ruleset/rules/r.XML": ROOT,
  });
  expect(names(readRulesetDirectory(root).input!.rules)).toEqual(["ruleset/rules/r.XML"]);
  write({ "etc/ossec.conf": "<ossec_config><ruleset><rules>x</rules></ruleset></ossec_config>" });
  expect(readRulesetDirectory(root)).toMatchObject({
    input: null,
    diagnostics: [{ code: "configuration-element-unknown" }],
  });
});
