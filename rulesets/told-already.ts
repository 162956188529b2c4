import { type FieldsOf, type Rule, rule } from "../src/index.js";
import type { audit } from "./base.js";

type AuditField = FieldsOf<typeof audit>;

/**
 * The same statement in another record, of which another rule (or this one) has told a moment before: session auditing
 * and object auditing write a record each, and a replaced view two. Logged, so that one statement is one alert. The
 * statement's number counts within a session: with the process and two seconds it names the statement.
 */
export function toldAlready(
  parent: Rule<AuditField>,
  of: Rule = parent,
  options: {
    readonly as?: string;
    /** Where the preset keeps the other rule silent, this one is the only one and tells. */
    readonly seenUnder?: "full";
    readonly same?: readonly AuditField[];
  } = {},
): Rule<AuditField> {
  return rule({
    key: `${parent.key}-${options.as ?? "told"}`,
    level: 3,
    on: parent,
    ...(options.seenUnder && { seenUnder: options.seenUnder }),
    correlate: {
      of,
      times: of === parent ? 2 : 1,
      seconds: 2,
      same: ["pg.process", "pg.statement_id", ...(options.same ?? [])],
    },
    description: `${parent.description.replace(/: not authorised$/, "")}: another record of the same statement` as "",
  });
}
