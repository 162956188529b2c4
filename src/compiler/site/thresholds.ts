import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { PackNode, RuleNode } from "../../ir/nodes.js";
import type { LocatedPolicy } from "../../policy/site-policy.js";
import { rulesOf } from "../rule-order.js";
import type { SitePack } from "./apply-policy.js";
import { mapRules } from "./map-rules.js";

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
  const counting = (rule: RuleNode): RuleNode =>
    rule.correlation ? { ...rule, correlation: { ...rule.correlation, ...thresholds[rule.key] } } : rule;
  return { pack: mapRules(pack, counting), diagnostics };
}
