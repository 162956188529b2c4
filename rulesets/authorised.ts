import { type FieldsOf, type ListNode, listed, type Rule, rule, type Test } from "../src/index.js";
import type { audit } from "./base.js";

type AuditField = FieldsOf<typeof audit>;

/**
 * The same event, done by somebody who may: logged at level 3. It refines the alert instead of the alert excluding the
 * authorised, so that a list which is missing or empty on the manager makes every such event an alert, not silence.
 */
export function authorised(
  parent: Rule<AuditField>,
  by: ListNode,
  options: {
    readonly as?: string;
    readonly level?: number;
    readonly where?: { readonly [K in AuditField]?: Test };
  } = {},
): Rule<AuditField> {
  return rule({
    key: `${parent.key}-${options.as ?? "authorised"}`,
    level: options.level ?? 3,
    on: parent,
    where: { ...options.where, srcuser: listed(by) },
    description: `${parent.description.replace(/: not authorised$/, "")}: authorised` as "",
  });
}
