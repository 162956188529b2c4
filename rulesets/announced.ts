import { type ListNode, pcre2, type Rule, rule, type Test } from "../src/index.js";
import { authorised } from "./authorised.js";
import { announcement } from "./base.js";
import { MAYBE_GAP } from "./sql-text.js";

/** Who may, and what of it where not all. */
type Permit = ListNode | { readonly by: ListNode; readonly as: string; readonly text: Test };

/** Where a statement begins in a message of log_statement: also behind another, in a routine's argument, and behind EXECUTE. */
const BEGINNING = `(?:^(?:statement|execute [^:]*+): |;|\\w\\.\\w+\\((?:E|U&)?'|\\bEXECUTE\\s+(?:E|U&)?')`;

/**
 * A statement of this kind, as log_statement writes it before it runs. That is all there is where pgaudit is not
 * installed or has been switched off; where pgaudit logs the statement too, that record tells more, at its own level.
 */
export function announced(spec: {
  /** Of the use case or rule whose statement it is. */
  readonly key: string;
  /** Behind "is about to". */
  readonly what: string;
  /** How such a statement begins. */
  readonly statement: string;
  /** What is anywhere behind the first such beginning. */
  readonly behind?: string;
  /** Nobody by default. */
  readonly permits?: readonly Permit[];
  readonly groups?: readonly string[];
  /** 8 goes before the other announcements. */
  readonly level?: 7 | 8;
}): Rule<never>[] {
  const begins = `${BEGINNING}${MAYBE_GAP}(?:${spec.statement})`;
  const alert = rule({
    key: `${spec.key}-announced`,
    level: spec.level ?? 7,
    on: announcement,
    where: { "pg.message": pcre2(spec.behind ? `(?is)^(?>.*?${begins})${spec.behind}` : `(?is)${begins}`) },
    groups: ["dam_announced", ...(spec.groups ?? [])],
    description:
      `PostgreSQL: $(srcuser) is about to ${spec.what} in $(pg.database) from $(pg.client): not authorised` as "",
  });
  const permitted = (spec.permits ?? []).map((permit, index) => {
    if ("by" in permit) return authorised(alert, permit.by, { as: permit.as, where: { "pg.message": permit.text } });
    return authorised(alert, permit, index === 0 ? {} : { as: `authorised-${index + 1}` });
  });
  return [alert, ...permitted] as Rule<never>[];
}
