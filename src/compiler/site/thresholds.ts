import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { DecoderNode, PackNode, RuleNode } from "../../ir/nodes.js";
import type { LocatedPolicy } from "../../policy/site-policy.js";
import { rulesOf } from "../rule-order.js";
import type { SitePack } from "./apply-policy.js";

/** The pack with the policy's numbers in its correlating rules. */
export function withThresholds(pack: PackNode, { value: policy, locate }: LocatedPolicy): SitePack {
  const thresholds = policy.thresholds ?? {};
  const correlating = rulesOf(pack).filter(({ correlation }) => correlation);
  const unknown = Object.keys(thresholds).filter((key) => !correlating.some((rule) => rule.key === key));
  const diagnostics = unknown.map(
    (key): Diagnostic => ({
      code: "threshold-unknown",
      severity: "error",
      message: `there is no rule ${key} that counts events`,
      where: locate(["thresholds", key]),
      hint: `rules that do: ${correlating.map((rule) => rule.key).join(", ")}`,
    }),
  );
  if (Object.keys(thresholds).length === unknown.length) return { pack, diagnostics };
  // Rules refer to each other by identity: whatever stands on a changed one is changed too.
  const changed = new Map<RuleNode, RuleNode>();
  const now = <T extends RuleNode | DecoderNode>(node: T): T =>
    node.kind === "rule" ? ((changed.get(node) as T | undefined) ?? node) : node;
  for (const rule of rulesOf(pack)) {
    const { correlation } = rule;
    changed.set(rule, {
      ...rule,
      on: rule.on.map(now),
      ...(correlation && { correlation: { ...correlation, ...thresholds[rule.key], of: now(correlation.of) } }),
    });
  }
  return {
    pack: {
      ...pack,
      base: pack.base.map(now),
      useCases: pack.useCases.map((useCase) => ({ ...useCase, rules: useCase.rules.map(now) })),
    },
    diagnostics,
  };
}
