import type { ComplianceNode, PackNode, RuleNode, UseCaseNode } from "../../ir/nodes.js";

/** Groups of the element around the rules of a section. */
export function sectionGroups(pack: PackNode, useCase: UseCaseNode | null): string[] {
  return useCase ? [pack.group, useCase.group] : [pack.group];
}

/** Groups of one rule beyond its section's: further use cases, then controls, by which alerts are reported. */
export function ownGroups(rule: RuleNode, useCase: UseCaseNode | null): string[] {
  const compliance = [...controlGroups(useCase?.compliance), ...controlGroups(rule.compliance)];
  return [...new Set([...rule.groups, ...compliance])];
}

/** ATT&CK ids of a rule: its own, and without any its use case's. */
export function attackIds(rule: RuleNode, useCase: UseCaseNode | null): readonly string[] {
  return rule.attack.length > 0 ? rule.attack : (useCase?.attack ?? []);
}

/** The manager turns groups with these prefixes into fields of the alert. */
function controlGroups(compliance: ComplianceNode | undefined): string[] {
  return Object.entries(compliance ?? {}).flatMap(([framework, ids]) =>
    ((ids ?? []) as readonly string[]).map((id) => `${framework}_${id}`),
  );
}
