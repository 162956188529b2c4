/** Reads and writes of the relations that the policy names as sensitive, by text and by object auditing. */

import { listed, not, pcre2, rule, SENSITIVE_RELATIONS } from "../src/index.js";
import { authorised } from "./authorised.js";
import { ddl, objectAudit, objectWrite, read, write } from "./base.js";
import { cursorAuthorised } from "./cursors.js";
import {
  mayChangeRoutines,
  mayChangeTables,
  mayExport,
  mayReadSensitive,
  people,
  sensitiveRelations,
} from "./lists.js";
import { GAP, inCode, MAYBE_GAP, MAYBE_QUOTE, STATEMENT, WORD } from "./sql-text.js";
import { toldAlready } from "./told-already.js";

/** How the server itself looks whether the rows that are there hold a new foreign key. */
const FOREIGN_KEY_QUERY =
  "SELECT fk\\.[^()]* FROM ONLY [^ ()]+ fk LEFT OUTER JOIN ONLY [^ ()]+ pk ON \\( ?pk\\.[^()]* OPERATOR\\(pg_catalog\\.=\\) fk\\.";
const FOREIGN_KEY_CHECK = pcre2(`^${FOREIGN_KEY_QUERY}`);

/** By its text, where session auditing logs reads; object auditing, below, names the relation. */
const sensitiveRead = rule({
  key: "sensitive-relation-read",
  level: 10,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": [
      pcre2(`(?i)${SENSITIVE_RELATIONS}`),
      pcre2(`(?i)(?:${WORD}FROM\\b|${STATEMENT}TABLE\\b)`),
      not(FOREIGN_KEY_CHECK),
      // These have records and rules of their own.
      not(pcre2(`(?i)^${MAYBE_GAP}(?:CREATE|COPY|REFRESH|DECLARE|SELECT\\b[^;]*?${WORD}INTO)\\b`)),
    ],
  },
  description: "PostgreSQL: $(srcuser) read a sensitive relation in $(pg.database) from $(pg.client): not authorised",
});

const sensitiveReadAuthorised = authorised(sensitiveRead, mayReadSensitive);

/** Object auditing (pgaudit.role) writes one record per watched relation and statement, whatever pgaudit.log is. */
const sensitiveTouched = rule({
  key: "sensitive-relation-used",
  level: 10,
  on: [objectAudit, objectWrite],
  where: { "pg.object": listed(sensitiveRelations) },
  attack: ["T1213.006"],
  description:
    "PostgreSQL: $(srcuser) used the sensitive relation $(pg.object) by $(pg.command) from $(pg.client): not authorised",
});

const sensitiveTouchedAuthorised = authorised(sensitiveTouched, mayReadSensitive);

/** A condition that every row meets. */
const ALWAYS = `(?:true|(\\d+)${MAYBE_GAP}=${MAYBE_GAP}\\1|[\\w.]+${MAYBE_GAP}>=?${MAYBE_GAP}[01]|[\\w.]+${GAP}IS${GAP}NOT${GAP}NULL)`;

/** Whoever may read one may not take all of it. */
const sensitiveReadWhole = rule({
  key: "sensitive-relation-read-whole",
  level: 8,
  on: [sensitiveReadAuthorised, sensitiveTouchedAuthorised, cursorAuthorised],
  where: {
    "pg.statement": [
      pcre2(`(?i)${SENSITIVE_RELATIONS}`),
      pcre2(
        `(?i)(?:${STATEMENT}|${WORD}CURSOR\\b(?:(?!\\bCURSOR\\b)[^;])*?${WORD}FOR${GAP})(?:SELECT${GAP}.{0,200}?\\bFROM|TABLE)${GAP}(?:ONLY${GAP})?${MAYBE_QUOTE}[\\w."\\\\]+${MAYBE_GAP}(?:AS${GAP})?(?:(?!WHERE|ORDER|LIMIT)[a-z]\\w*${MAYBE_GAP})?(?:WHERE${GAP}${ALWAYS}${MAYBE_GAP})?(?:;|$|ORDER\\b|LIMIT${GAP}\\d{4})`,
      ),
      not(pcre2(`(?i)${WORD}(?:count|sum|avg|min|max|FETCH|OFFSET|LIMIT${GAP}\\d{1,3})\\b`)),
    ],
  },
  description:
    "PostgreSQL: $(srcuser) read a whole sensitive relation in $(pg.database) from $(pg.client): not authorised",
});

/** Page after page. */
const sensitivePaged = rule({
  key: "sensitive-relation-paged",
  level: 4,
  on: [sensitiveReadAuthorised, sensitiveTouchedAuthorised],
  where: { "pg.statement": pcre2(`(?i)${WORD}LIMIT${GAP}\\d{3,}${GAP}OFFSET\\b`) },
  description: "PostgreSQL: $(srcuser) read a page of a sensitive relation in $(pg.database) from $(pg.client)",
});

const sensitivePagedThrough = rule({
  key: "sensitive-relation-paged-through",
  level: 10,
  on: sensitivePaged,
  correlate: { of: sensitivePaged, times: 4, seconds: 3600, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) read a sensitive relation page by page in $(pg.database) from $(pg.client)",
});

/** Into a table that nobody watches. */
const sensitiveCarriedOver = rule({
  key: "sensitive-relation-carried-over",
  level: 10,
  on: write,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      inCode(`${WORD}INSERT${GAP}INTO\\b(?>[^;]*?${WORD}(?:SELECT|TABLE)\\b)[^;]*?${SENSITIVE_RELATIONS}`),
    ),
  },
  attack: ["T1074"],
  description:
    "PostgreSQL: $(srcuser) inserted rows of a sensitive relation elsewhere in $(pg.database) from $(pg.client): not authorised",
});

/** Changed, or read by RETURNING, behind the application's back. */
const sensitiveChanged = rule({
  key: "sensitive-relation-changed",
  level: 10,
  on: write,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      inCode(
        `${STATEMENT}(?:DELETE${GAP})?(?:(?:UPDATE|FROM)${GAP}(?:ONLY${GAP})?${MAYBE_QUOTE})?${SENSITIVE_RELATIONS}`,
      ),
    ),
  },
  attack: ["T1565.001"],
  description:
    "PostgreSQL: $(srcuser) changed a sensitive relation by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** A view, a routine or a copy through which others see it. */
const sensitiveExposed = rule({
  key: "sensitive-relation-exposed",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^CREATE (?:VIEW|RULE)$"),
    "pg.statement": pcre2(`(?i)${SENSITIVE_RELATIONS}`),
  },
  description:
    "PostgreSQL: $(srcuser) did $(pg.command) $(pg.object) over a sensitive relation in $(pg.database) from $(pg.client): not authorised",
});

const sensitiveInRoutine = rule({
  key: "sensitive-relation-in-routine",
  level: 14,
  on: ddl,
  where: {
    "pg.command": pcre2("^CREATE (?:FUNCTION|PROCEDURE)$"),
    "pg.statement": pcre2(`(?i)${SENSITIVE_RELATIONS}`),
  },
  groups: ["dam_code_tampering", "dam_privileged_operation"],
  description:
    "PostgreSQL: $(srcuser) made $(pg.object), which uses a sensitive relation, in $(pg.database) from $(pg.client): not authorised",
});

const foreignKeyChecked = rule({
  key: "sensitive-relation-checked",
  level: 3,
  on: sensitiveTouched,
  where: {
    "pg.statement": pcre2(`(?i)^(?:${FOREIGN_KEY_QUERY}|ALTER${GAP}TABLE${GAP}[^;]*${WORD}REFERENCES\\b[^;]*;?\\s*$)`),
  },
  description: "PostgreSQL: a new foreign key of $(srcuser) was checked against the sensitive relation $(pg.object)",
});

/** The same by COPY, as pg_dump reads: seen even where pgaudit.log leaves READ out. The command is SELECT in such a record. */
export const sensitiveCopied = rule({
  key: "sensitive-relation-copied",
  level: 12,
  on: sensitiveTouched,
  where: { "pg.class": pcre2("^READ$"), "pg.statement": pcre2(`(?i)${WORD}COPY\\b`) },
  description:
    "PostgreSQL: $(srcuser) copied the sensitive relation $(pg.object) out, from $(pg.client): not authorised",
});

const sensitiveReadBurst = rule({
  key: "sensitive-relation-read-burst",
  level: 11,
  on: sensitiveRead,
  correlate: { of: sensitiveRead, times: 20, seconds: 60, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) read sensitive relations many times in a short time in $(pg.database)",
});

/** Little by little: what a person may read once, but not for an hour on end. A program reads all day. */
const sensitiveReadOften = rule({
  key: "sensitive-relation-read-often",
  level: 9,
  on: sensitiveTouchedAuthorised,
  where: { srcuser: listed(people), "pg.class": pcre2("^READ$") },
  correlate: { of: sensitiveTouchedAuthorised, times: 50, seconds: 3600, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) read sensitive relations again and again for an hour, last $(pg.object)",
});

export const sensitiveBurst = rule({
  key: "sensitive-relation-burst",
  level: 10,
  on: sensitiveTouched,
  correlate: { of: sensitiveTouched, times: 20, seconds: 60, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) used sensitive relations many times in a short time, last $(pg.object)",
});

/** In the order in which siblings are tried. */
export const sensitiveRelationRules = [
  sensitiveRead,
  sensitiveReadAuthorised,
  toldAlready(sensitiveRead),
  sensitiveReadBurst,
  sensitiveTouched,
  sensitiveTouchedAuthorised,
  authorised(sensitiveTouched, mayChangeTables, { as: "owner", where: { "pg.class": pcre2("^WRITE$") } }),
  toldAlready(sensitiveTouched, sensitiveRead, { seenUnder: "full" }),
  sensitiveReadWhole,
  authorised(sensitiveReadWhole, mayExport),
  toldAlready(sensitiveReadWhole),
  sensitivePaged,
  toldAlready(sensitivePaged),
  sensitivePagedThrough,
  sensitiveReadOften,
  sensitiveCarriedOver,
  authorised(sensitiveCarriedOver, mayReadSensitive),
  sensitiveChanged,
  authorised(sensitiveChanged, mayReadSensitive),
  authorised(sensitiveChanged, mayChangeTables, { as: "owner" }),
  toldAlready(sensitiveTouched, sensitiveCarriedOver, { as: "told-as-carried", seenUnder: "full" }),
  toldAlready(sensitiveTouched, sensitiveChanged, { as: "told-as-changed", seenUnder: "full" }),
  sensitiveExposed,
  authorised(sensitiveExposed, mayChangeTables, { level: 5 }),
  toldAlready(sensitiveExposed),
  sensitiveInRoutine,
  authorised(sensitiveInRoutine, mayChangeRoutines),
];

/** Told by object auditing alone. */
export const sensitiveRelationUse = [foreignKeyChecked, sensitiveCopied, authorised(sensitiveCopied, mayExport)];
