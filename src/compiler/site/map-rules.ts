import type { DecoderNode, PackNode, RuleNode } from "../../ir/nodes.js";
import { rulesOf } from "../rule-order.js";

/** The pack with every rule changed. Rules refer to each other by identity: what stands on a changed one is changed too. */
export function mapRules(pack: PackNode, change: (rule: RuleNode) => RuleNode): PackNode {
  const changed = new Map<RuleNode, RuleNode>();
  const now = <T extends RuleNode | DecoderNode>(node: T): T =>
    node.kind === "rule" ? ((changed.get(node) as T | undefined) ?? node) : node;
  for (const rule of rulesOf(pack)) {
    const { on, correlation } = rule;
    changed.set(
      rule,
      change({
        ...rule,
        on: on.map(now),
        ...(correlation && { correlation: { ...correlation, of: now(correlation.of) } }),
      }),
    );
  }
  return {
    ...pack,
    base: pack.base.map(now),
    useCases: pack.useCases.map((useCase) => ({ ...useCase, rules: useCase.rules.map(now) })),
  };
}
