/** Drafts to the rules that the engine runs, once all files are read. */
import type { Bytes } from "../engine/bytes.js";
import type { Correlation, Rule, RuleNode } from "../engine/model.js";
import type { RuleDraft } from "./rule-draft.js";
import type { RuleDraftNode } from "./rule-tree.js";

/** The real engine splits no more than this of a group text, in bytes. */
const MAX_GROUP_TEXT = 1023;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The same draft gives the same rule in all its places. */
export class RuleBuilder {
  readonly #rules = new Map<RuleDraft, Mutable<Rule>>();

  tree(nodes: readonly RuleDraftNode[]): RuleNode[] {
    return nodes.map(({ rule, children }) => ({ rule: this.rule(rule), children: this.tree(children) }));
  }

  rule(draft: RuleDraft): Rule {
    const known = this.#rules.get(draft);
    if (known) return known;
    const rule = ruleOf(draft);
    this.#rules.set(draft, rule);
    // Rules may point at each other, so these two come when the rule itself is known.
    rule.correlation = correlationOf(draft, draft.sidTarget && this.rule(draft.sidTarget));
    rule.recordedByGroups = draft.recordedByGroups.map((waiting) => this.rule(waiting));
    return rule;
  }
}

function ruleOf({ id, body, recordedBySid }: RuleDraft): Mutable<Rule> {
  return {
    id,
    level: levelOf(body.rank),
    description: body.description!,
    groups: groupsOf(body.groupText ?? ""),
    groupText: body.groupText,
    category: body.category,
    decodedAs: body.decodedAs,
    match: body.match,
    regex: body.regex,
    texts: body.texts,
    srcip: body.srcip,
    dstip: body.dstip,
    fields: body.fields,
    lists: body.lists,
    time: body.time,
    weekday: body.weekday,
    maxSize: body.maxSize,
    noAlert: body.noAlert,
    ignoreTime: body.ignoreTime,
    ifFts: body.ifFts,
    checkDiff: body.checkDiff,
    compiledRule: body.compiledRule,
    correlation: null,
    recordedBySid,
    recordedByGroups: [],
    options: body.options,
    mitre: body.mitre,
    cve: body.cve,
    info: body.info,
    where: body.where,
  };
}

/** 9,900 stood for level 0. Without accuracy a 0 became 99 and stays so. */
function levelOf(rank: number): number {
  return rank === 9900 ? 0 : rank >= 100 ? rank / 100 : rank;
}

function groupsOf(text: Bytes): Bytes[] {
  return text
    .slice(0, MAX_GROUP_TEXT)
    .split(",")
    .filter((group) => group !== "");
}

function correlationOf(
  { body, search, ifMatchedSid, ifMatchedGroup }: RuleDraft,
  sidRule: Rule | null,
): Correlation | null {
  if (search === null) return null;
  return {
    source: search,
    searched: body.context && !body.checkDiff,
    sid: ifMatchedSid,
    sidRule,
    group: ifMatchedGroup,
    regex: body.ifMatchedRegex,
    frequency: body.frequency,
    timeframe: body.timeframe,
    same: [...body.same],
    different: [...body.different],
    sameDynamic: body.sameDynamic,
    differentDynamic: body.differentDynamic,
    globalFrequency: body.globalFrequency,
  };
}
