import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ActorNode, ConditionNode, PackNode, RuleNode } from "../../ir/nodes.js";
import type { Exception, LocatedPolicy } from "../../policy/site-policy.js";
import type { AddedRules } from "./apply-policy.js";

const LOGGED = 3;

/**
 * One rule per exception, below the rule that it is made from: what its account does is logged, with the reason in the
 * alert. One that has expired, or that names no rule, is an error.
 */
export function exceptionsOf(
  pack: PackNode,
  { value: policy, locate }: LocatedPolicy,
  today: string,
): { readonly rules: AddedRules; readonly diagnostics: readonly Diagnostic[] } {
  const rules = new Map<string, RuleNode[]>();
  const diagnostics: Diagnostic[] = [];
  policy.exceptions?.forEach((exception, index) => {
    const { name, rule, expires, owner } = exception;
    const where = (key: string) => locate(["exceptions", index, key]);
    const fail = (code: string, key: string, message: string, hint: string) =>
      diagnostics.push({ code, severity: "error", message, where: where(key), hint });
    const useCase = pack.useCases.find((each) => each.rules.some(({ key }) => key === rule));
    const target = useCase?.rules.find(({ key }) => key === rule);
    if (expires < today)
      fail("exception-expired", "expires", `exception ${name} expired on ${expires}`, `remove it, or ask ${owner}`);
    if (!target || !useCase || !pack.actor)
      fail(
        "exception-rule",
        "rule",
        `exception ${name} is for the rule ${rule}, which is in no use case`,
        "see rules in manifest.json",
      );
    else
      rules.set(useCase.key, [
        ...(rules.get(useCase.key) ?? []),
        exceptionRule(exception, target, pack.actor, where("name")),
      ]);
  });
  return { rules, diagnostics };
}

function exceptionRule(
  { name, account, object, owner, reason, expires }: Exception,
  target: RuleNode,
  actor: ActorNode,
  where: RuleNode["where"],
): RuleNode {
  const is = (field: string, source: string): ConditionNode => ({
    field,
    test: { kind: "matches", negate: false, pattern: { kind: "pattern", dialect: "pcre2", source, where } },
  });
  return {
    kind: "rule",
    key: `${target.key}-except-${name}`,
    level: LOGGED,
    on: [target],
    conditions: [
      is(actor.account, `^${literal(account)}$`),
      ...(object === undefined ? [] : [is(actor.object, `^${object.split("*").map(literal).join(".*")}$`)]),
    ],
    description: `${target.description.replace(/: not authorised$/, "")}: exception ${name} of ${owner} until ${expires}, ${reason}`,
    groups: ["dam_exception"],
    attack: [],
    compliance: {},
    where,
  };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
