/** A client's input that became SQL, and what the server says while somebody tries how. */
import { pcre2, rule } from "../src/index.js";
import { authorised } from "./authorised.js";
import { announcement, failed, objectAudit, read, record } from "./base.js";
import { mayAdminister, mayDump } from "./lists.js";
import { GAP, MAYBE_GAP, WORD } from "./sql-text.js";
import { toldAlready } from "./told-already.js";

/**
 * What they say behind the start of a word. What stands behind a gap of any text is looked for by its letters alone: to ask
 * for its start at each place of the gap costs several times as much, on the manager too.
 */
const WORDS = [
  `OR${GAP}(?:('?)(\\w{1,40}+)(?-i:\\1)${MAYBE_GAP}=${MAYBE_GAP}(?-i:\\1\\2)|\\d+${MAYBE_GAP}(?:[\x3c>]=?|!=)${MAYBE_GAP}\\d+|true|NOT${GAP}false)\\b`,
  `UNION${GAP}(?:ALL${GAP})?SELECT\\b.{0,300}?FROM${GAP}(?!pg_catalog\\b)(?:pg_|information_schema\\b)`,
  `(?:AND|OR|WHERE|CASE|WHEN|UNION)\\b.{0,300}?pg_sleep${MAYBE_GAP}\\(`,
  `(?:AND|OR|WHERE)\\b[^;]{0,300}?substr(?:ing)?${MAYBE_GAP}\\(${MAYBE_GAP}(?:\\(${MAYBE_GAP}SELECT|version|current_|session_user)`,
  `ascii${MAYBE_GAP}\\(${MAYBE_GAP}substr`,
];

/** What statements look like when a client's input became SQL. */
const INJECTION = `(?i)${[
  `${WORD}(?:${WORDS.join("|")})`,
  `''';${MAYBE_GAP}(?:SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER)\\b`,
  "--\\s*'",
].join("|")}`;

/**
 * What statements look like when a client's input became SQL: a condition that is always true, a UNION with catalogues,
 * waiting in a condition, a literal that swallowed a statement, guessing letter by letter, a comment that cuts off a quote.
 */
const injected = rule({
  key: "sql-injected",
  level: 11,
  on: [read, objectAudit],
  where: {
    "pg.statement": pcre2(INJECTION),
  },
  attack: ["T1190"],
  description:
    "PostgreSQL: a statement of $(srcuser) in $(pg.database) from $(pg.client) looks like SQL injection: not authorised",
});

/** The same as log_statement writes it. */
const injectedAnnounced = rule({
  key: "sql-injected-announced",
  level: 9,
  on: announcement,
  where: { "pg.message": pcre2(INJECTION) },
  groups: ["dam_announced"],
  attack: ["T1190"],
  description:
    "PostgreSQL: a statement of $(srcuser) in $(pg.database) from $(pg.client), about to run, looks like SQL injection: not authorised",
});

/** What the server says while somebody tries how to inject. */
const injectionProbed = rule({
  key: "sql-injection-probed",
  level: 9,
  on: [record, failed],
  where: {
    "pg.severity": pcre2("^ERROR$"),
    "pg.message": pcre2(
      "^(?:invalid input syntax for type|each UNION query must have|UNION types .* cannot be matched|ORDER BY position \\d+ is not in select list|unterminated quoted (?:string|identifier))",
    ),
  },
  attack: ["T1190"],
  description:
    "PostgreSQL: an error of $(srcuser) in $(pg.database) from $(pg.client) looks like a probe for SQL injection: $(pg.message)",
});

/** In the order in which siblings are tried. */
export const sqlInjectionRules = [
  injected,
  authorised(injected, mayAdminister, { level: 5 }),
  authorised(injected, mayDump, { as: "dump" }),
  toldAlready(injected),
  injectedAnnounced,
  authorised(injectedAnnounced, mayAdminister),
  authorised(injectedAnnounced, mayDump, { as: "dump" }),
  injectionProbed,
];
