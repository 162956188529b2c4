/** A file of rules: groups and the rules in them, in the order of the file. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { sameName } from "./c-text.js";
import type { Reporter } from "./reporter.js";
import { readRuleAttributes } from "./rule-attributes.js";
import type { RuleContext } from "./rule-body.js";
import { readRule } from "./rule-element.js";
import type { RuleTreeBuilder } from "./rule-tree.js";
import type { XmlElement } from "./xml.js";
import { readXmlFile } from "./xml-file.js";

/** Reads one file into the tree. Returns the largest frequency read, as stored; dropped rules count. */
export function readRuleFile(
  file: { readonly name: string; readonly text: Bytes },
  tree: RuleTreeBuilder,
  context: RuleContext,
): number {
  const { reporter } = context;
  const groups = readXmlFile(file, reporter);
  if (file.text === "") return 0;
  if (groups.length === 0) {
    const where = { file: file.name, line: 1, column: 1 };
    reporter.refuse("rule-file-empty", "a file of rules holds no group; remove it, or make it 0 bytes long", where);
  }
  for (const group of groups) checkGroup(group, reporter);
  let maxFrequency = 0;
  for (const group of groups) {
    if (group.children.length === 0) {
      reporter.refuse(
        "rule-group-empty",
        `group "${fromBytes(group.attributes[0]!.value)}" holds no rule`,
        group.where,
      );
    }
    for (const element of group.children) {
      maxFrequency = Math.max(maxFrequency, addRule(element, group.attributes[0]!.value, tree, context));
    }
  }
  return maxFrequency;
}

function checkGroup({ name, attributes, where }: XmlElement, reporter: Reporter): void {
  if (!sameName(name, "group")) {
    reporter.refuse("rule-root-invalid", `"${name}" among rules; only "group" may stand here`, where);
  }
  if (attributes.length !== 1 || !sameName(attributes[0]!.name, "name")) {
    reporter.refuse("rule-group-attributes", 'a group needs exactly one attribute, "name"', where);
  }
}

function addRule(element: XmlElement, groupName: Bytes, tree: RuleTreeBuilder, context: RuleContext): number {
  const { reporter } = context;
  if (!sameName(element.name, "rule")) {
    reporter.refuse(
      "rule-element-misplaced",
      `"${fromBytes(element.name)}" in a group; only "rule" may stand here`,
      element.where,
    );
  }
  const attributes = readRuleAttributes(element, reporter);
  const { id } = attributes;
  const known = tree.has(id);
  if (known && !attributes.overwrite) {
    const message = `rule ${id} is there already; the first one stays and this one is dropped`;
    reporter.warning("rule-duplicate-id", message, element.where);
    return 0;
  }
  if (!known && attributes.overwrite) {
    const message = `rule ${id} overwrites a rule that is not there; it is added like any other`;
    reporter.warning("rule-overwrite-unknown", message, element.where);
  }
  const rule = readRule(element, groupName, attributes, known, context);
  if (rule) tree.add(rule);
  return attributes.frequency;
}
