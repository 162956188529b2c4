import { type FieldsOf, type ListNode, pcre2, type Rule, rule } from "../src/index.js";
import { authorised } from "./authorised.js";
import { failed } from "./base.js";
import { STATEMENT } from "./sql-text.js";

type FailedField = FieldsOf<typeof failed>;

/**
 * A statement of this kind that failed, for want of rights or for another reason, and the same by somebody who may.
 * By its text, because a statement that failed has no fields.
 */
export function attempted(spec: {
  /** Of the use case or rule whose statement it is. */
  readonly key: string;
  /** Behind "tried to". */
  readonly what: string;
  /** How such a statement begins. */
  readonly statement: string;
  /** Or what is anywhere behind the first SELECT. */
  readonly behindSelect?: string;
  /** Who may; nobody by default. */
  readonly by?: ListNode;
  readonly level?: number;
  readonly groups?: readonly string[];
}): Rule<FailedField>[] {
  const selects = spec.behindSelect ? `|^(?>.*?${STATEMENT}SELECT\\b)${spec.behindSelect}` : "";
  const alert = rule({
    key: `${spec.key}-attempted`,
    level: spec.level ?? 8,
    on: failed,
    where: { "pg.failed": pcre2(`(?i${selects && "s"})${STATEMENT}(?:${spec.statement})${selects}`) },
    groups: ["dam_attempted", ...(spec.groups ?? [])],
    description:
      `PostgreSQL: $(srcuser) tried to ${spec.what} in $(pg.database) from $(pg.client), which failed: not authorised` as "",
  });
  return spec.by ? [alert, authorised(alert, spec.by)] : [alert];
}
