/** The least that loads, and short ways to load something with it. */
import type { Rule, RuleNode, Ruleset } from "../../src/engine/model.js";
import { type LoadResult, loadRuleset, type RulesetInput } from "../../src/ruleset/load.js";

export const DECODERS =
  '<decoder name="app"><program_name>^app$</program_name></decoder>' +
  '<decoder name="raw"><prematch>^RAW: </prematch></decoder>';
export const ROOT =
  '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule></group>';

/** Rules inside one group `g,`, below the root of category syslog. */
export function loadRules(rules: string, more: Partial<RulesetInput> = {}): LoadResult {
  return loadRuleset({
    decoders: [{ name: "d.xml", text: DECODERS }],
    rules: [{ name: "r.xml", text: `${ROOT}<group name="g,">${rules}</group>` }],
    ...more,
  });
}

export function loadDecoders(decoders: string): LoadResult {
  return loadRuleset({
    decoders: [{ name: "d.xml", text: DECODERS + decoders }],
    rules: [{ name: "r.xml", text: ROOT }],
  });
}

/** `<rule id level>` with a description; ids are the order of reading. */
export function rule(id: number, body = "", attributes = 'level="5"'): string {
  return `<rule id="${id}" ${attributes}>${body}<description>rule ${id}</description></rule>`;
}

export function codes({ diagnostics }: LoadResult): string[] {
  return diagnostics.map((diagnostic) => `${diagnostic.severity} ${diagnostic.code}`);
}

export function ruleOf({ ruleset }: LoadResult, id: number): Rule {
  return ruleset!.ruleById.get(id)!;
}

/** The tree as nested ids: `1(100(101 102))`. */
export function outline(nodes: readonly RuleNode[] | Ruleset | null): string {
  const list = nodes && "rules" in nodes ? nodes.rules : (nodes as readonly RuleNode[]);
  return list.map((node) => node.rule.id + (node.children.length > 0 ? `(${outline(node.children)})` : "")).join(" ");
}
