import { pcre2, type Rule, rule } from "../src/index.js";
import { CLEAR_PASSWORD } from "./sql-text.js";

/** Where the statement stands in such a record. */
type TextField = "pg.statement" | "pg.failed" | "pg.message";

/**
 * Work of somebody who may that put a password into the log. pgaudit takes out those of CREATE and ALTER ROLE and no
 * others, and the server none in a statement that fails. What nobody may alerts anyway.
 */
export function secretInLog<F extends string>(
  parent: Rule<F>,
  text: F & TextField,
  key = `${parent.key.replace(/-authorised$/, "")}-with-secret`,
  level = 7,
): Rule<F> {
  return rule({
    key,
    level,
    on: parent,
    where: { [text]: pcre2(CLEAR_PASSWORD) } as never,
    groups: ["dam_secret_in_log"],
    attack: ["T1552"],
    description: `${parent.description.replace(/: authorised$/, "")}: a password in clear text stands in the log` as "",
  });
}
