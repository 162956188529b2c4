import { SENSITIVE_RELATIONS } from "../../authoring/sensitive.js";
import type { PackNode, PatternNode, RuleNode } from "../../ir/nodes.js";
import type { SitePolicy } from "../../policy/site-policy.js";
import { rulesOf } from "../rule-order.js";
import { mapRules } from "./map-rules.js";

/** Quotes of identifiers, as log forms escape them. */
const QUOTES = '[\\\\"]*';
const DOT = `${QUOTES}\\s*\\.\\s*${QUOTES}`;
/** An escaped line break ends in a letter, so that no word boundary is behind it. */
const BREAK = "(?:\\\\[ntr]|#01\\d)";
const START = `(?:\\b|${BREAK})`;
/** What a relation's bare name stands behind. */
const BEHIND = `${START}(?:FROM|JOIN|TABLE|COPY|UPDATE|INTO|ONLY|USING)(?:\\s|${BREAK})+`;

/** The pack with the names of the site's sensitive relations where its patterns ask for them. */
export function withSensitiveNames(pack: PackNode, policy: SitePolicy): PackNode {
  if (!rulesOf(pack).some(asks)) return pack;
  const names = sensitiveNames(policy.sensitive_relations);
  const filled = (pattern: PatternNode): PatternNode => ({
    ...pattern,
    source: pattern.source.replaceAll(SENSITIVE_RELATIONS, () => names),
  });
  return mapRules(pack, (rule) =>
    asks(rule)
      ? {
          ...rule,
          conditions: rule.conditions.map((each) =>
            each.test.kind === "matches"
              ? { ...each, test: { ...each.test, pattern: filled(each.test.pattern) } }
              : each,
          ),
        }
      : rule,
  );
}

function asks(rule: RuleNode): boolean {
  return rule.conditions.some(
    ({ test }) => test.kind === "matches" && test.pattern.source.includes(SENSITIVE_RELATIONS),
  );
}

/** A pattern for these names; without any it never matches. */
function sensitiveNames(relations: readonly string[]): string {
  if (relations.length === 0) return "(?!)";
  const bySchema = new Map<string, string[]>();
  for (const relation of [...relations].sort()) {
    const [schema = "", name = ""] = relation.split(".");
    bySchema.set(schema, [...(bySchema.get(schema) ?? []), literal(name)]);
  }
  const qualified = [...bySchema].map(([schema, names]) => `${START}${literal(schema)}${DOT}(?:${names.join("|")})`);
  const bare = [...new Set([...bySchema.values()].flat())];
  return `(?:(?:${qualified.join("|")}|${BEHIND}${QUOTES}(?:${bare.join("|")}))(?![\\w$]))`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
