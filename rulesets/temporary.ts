import { type FieldsOf, pcre2, type Rule, rule } from "../src/index.js";
import type { audit } from "./base.js";

type AuditField = FieldsOf<typeof audit>;

/** A session's own temporary object, which ends with the session: logged, whoever it is. */
export function temporary(parent: Rule<AuditField>): Rule<AuditField> {
  return rule({
    key: `${parent.key}-temporary`,
    level: 3,
    on: parent,
    where: { "pg.object": pcre2("^pg_temp(?:_\\d+)?\\.") },
    description: `${parent.description.replace(/: not authorised$/, "")}: temporary` as "",
  });
}
