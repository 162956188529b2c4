import { pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, objectWrite, read, write } from "./base.js";
import { mayAdminister, mayChangeViews } from "./lists.js";
import { GAP, inCode, MAYBE_GAP, MAYBE_IF_EXISTS, QUALIFIED, WORD, writesCatalog } from "./sql-text.js";
import { temporary } from "./temporary.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

/** By the type of what was dropped: CASCADE, DROP SCHEMA and DROP OWNED take views with them under other commands. */
const viewDropped = rule({
  key: "view-dropped",
  level: 12,
  on: ddl,
  where: { "pg.command": pcre2("^DROP "), "pg.object_type": pcre2("^(?:MATERIALIZED )?VIEW$") },
  description:
    "PostgreSQL: $(srcuser) dropped view $(pg.object) by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** IF EXISTS with nothing there, or a database in which the pgaudit extension is missing: the record names nothing. */
const viewDropUnnamed = rule({
  key: "view-drop-unnamed",
  level: 10,
  on: ddl,
  where: { "pg.command": pcre2("^DROP (?:MATERIALIZED )?VIEW$"), "pg.object_type": pcre2("^$") },
  description:
    "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client), the record names no view: not authorised",
});

/** A view renamed by ALTER TABLE, altered, or lost with a column. */
const viewAltered = rule({
  key: "view-altered",
  level: 10,
  on: ddl,
  where: { "pg.command": pcre2("^ALTER "), "pg.object_type": pcre2("^(?:MATERIALIZED )?VIEW$") },
  description:
    "PostgreSQL: $(srcuser) altered or removed view $(pg.object) by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** What was a view is another one now, under the same name and for the same readers. */
const viewReplaced = rule({
  key: "view-replaced",
  level: 10,
  on: ddl,
  where: {
    "pg.statement": pcre2(inCode(`${WORD}OR${GAP}REPLACE${GAP}(?:(?:TEMP|TEMPORARY|RECURSIVE)${GAP})*VIEW\\b`)),
  },
  description: "PostgreSQL: $(srcuser) replaced view $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

const viewGivenAway = rule({
  key: "view-owner-changed",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^ALTER (?:MATERIALIZED )?VIEW$"),
    "pg.statement": pcre2(`(?i)${WORD}OWNER${GAP}TO\\b`),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave view $(pg.object) to another owner in $(pg.database) from $(pg.client): not authorised",
});

/** Replaced by a definition that gives no rows, a view is as good as dropped. pgaudit writes CREATE VIEW for both. */
const viewEmptied = rule({
  key: "view-emptied",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^CREATE VIEW$"),
    "pg.statement": pcre2(
      `(?is)^(?>.*?${WORD}OR${GAP}REPLACE${GAP}).*?(?:WHERE${GAP}(?:false|NULL|NOT${GAP}true|0${MAYBE_GAP}=${MAYBE_GAP}1|1${MAYBE_GAP}(?:=${MAYBE_GAP}[02]|\x3c>${MAYBE_GAP}1))|LIMIT${GAP}0|FETCH${GAP}FIRST${GAP}0)\\b`,
    ),
  },
  description:
    "PostgreSQL: $(srcuser) replaced view $(pg.object) by an empty one in $(pg.database) from $(pg.client): not authorised",
});

const viewRewrittenInCatalog = rule({
  key: "view-rewritten-in-catalog",
  level: 14,
  on: [write, read, misc],
  seenUnder: "full",
  where: { "pg.command": WRITES, "pg.statement": pcre2(writesCatalog("pg_rewrite")) },
  groups: ["dam_code_tampering"],
  attack: ["T1565.001"],
  description:
    "PostgreSQL: $(srcuser) wrote to the catalogue of views and rules in $(pg.database) from $(pg.client): not authorised",
});

/** The same by object auditing: also where a session has switched its own auditing off. */
const viewCatalogWritten = rule({
  key: "view-catalog-written",
  level: 14,
  on: objectWrite,
  where: { "pg.object": pcre2("^pg_catalog\\.pg_rewrite$") },
  groups: ["dam_code_tampering", "dam_privileged_operation"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) wrote to $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

export const dropView = useCase({
  key: "drop-view",
  title: "View deleted",
  summary: "Views and materialized views dropped by any command, or renamed and altered away.",
  group: "dam_drop_view",
  attack: ["T1485"],
  compliance: {
    pci_dss: ["10.2.1.7"],
    hipaa: ["164.312.b", "164.312.c.1"],
    gdpr: ["IV_32.1.b", "II_5.1.f"],
    nist_800_53: ["AU.12", "CM.3", "CM.5"],
    tsc: ["CC6.1", "CC7.2", "CC8.1"],
  },
  rules: [
    viewDropped,
    temporary(viewDropped),
    authorised(viewDropped, mayChangeViews),
    viewDropUnnamed,
    authorised(viewDropUnnamed, mayChangeViews),
    viewAltered,
    authorised(viewAltered, mayChangeViews),
    viewGivenAway,
    authorised(viewGivenAway, mayChangeViews, { level: 5 }),
    toldAlready(viewDropped),
    toldAlready(viewAltered),
    viewReplaced,
    authorised(viewReplaced, mayChangeViews),
    temporary(viewReplaced),
    toldAlready(viewReplaced),
    viewEmptied,
    authorised(viewEmptied, mayChangeViews),
    toldAlready(viewEmptied),
    viewRewrittenInCatalog,
    authorised(viewRewrittenInCatalog, mayAdminister, { level: 5 }),
    viewCatalogWritten,
    authorised(viewCatalogWritten, mayAdminister, { level: 5 }),
    toldAlready(viewCatalogWritten, viewRewrittenInCatalog, { seenUnder: "full" }),
    ...announced({
      key: "view-drop",
      what: "drop, replace or alter a view",
      statement: `(?:(?:DROP|ALTER)${GAP}(?:MATERIALIZED${GAP})?VIEW|CREATE${GAP}OR${GAP}REPLACE${GAP}VIEW)${GAP}${MAYBE_IF_EXISTS}${QUALIFIED}`,
      permits: [mayChangeViews],
    }),
    ...announced({
      key: "view-catalog-write",
      what: "write to the catalogue of views",
      statement: `(?:UPDATE|INSERT${GAP}INTO|DELETE${GAP}FROM)${GAP}(?:pg_catalog\\.)?pg_rewrite\\b`,
      permits: [mayAdminister],
      level: 8,
    }),
    ...attempted({
      key: "view-drop",
      what: "drop or alter a view",
      statement: `(?:DROP|ALTER)${GAP}(?:MATERIALIZED${GAP})?VIEW\\b`,
      by: mayChangeViews,
    }),
  ],
});
