import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ListNode, PackNode, RuleNode, UseCaseNode } from "../ir/nodes.js";

/** Rules that go into one file; the base rules come first and belong to no use case. */
export interface RuleSection {
  readonly key: string;
  readonly useCase: UseCaseNode | null;
  readonly rules: readonly RuleNode[];
}

/** The sections of a pack in the order in which they are loaded. */
export function ruleSections(pack: PackNode): RuleSection[] {
  return [
    ...(pack.base.length > 0 ? [{ key: "base", useCase: null, rules: pack.base }] : []),
    ...pack.useCases.map((useCase) => ({ key: useCase.key, useCase, rules: useCase.rules })),
  ];
}

/** All rules in loading order. */
export function rulesOf(pack: PackNode): RuleNode[] {
  return ruleSections(pack).flatMap((section) => section.rules);
}

/** The lists that the pack's rules look fields up in, by name. */
export function listsOf(pack: PackNode): ListNode[] {
  const lists = rulesOf(pack).flatMap((rule) =>
    rule.conditions.flatMap(({ test }) => (test.kind === "listed" ? [test.list] : [])),
  );
  return [...new Set(lists)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A rule must come after those it stands on: the manager drops one whose parent it has not read yet. */
export function checkRuleOrder(pack: PackNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<RuleNode>();
  const all = new Set(rulesOf(pack));
  for (const rule of rulesOf(pack)) {
    const parents = rule.on.filter((each) => each.kind === "rule");
    for (const parent of rule.correlation ? [...parents, rule.correlation.of] : parents) {
      if (seen.has(parent)) continue;
      found.push({
        code: all.has(parent) ? "rule-before-parent" : "rule-parent-missing",
        severity: "error",
        message: all.has(parent)
          ? `rule ${rule.key} comes before ${parent.key}, on which it stands`
          : `rule ${rule.key} stands on ${parent.key}, which is not in the pack`,
        where: rule.where,
        hint: all.has(parent)
          ? "list the use case or rule later in the pack"
          : `add ${parent.key} to a use case of the pack`,
      });
    }
    seen.add(rule);
  }
  return found;
}
