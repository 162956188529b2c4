import { pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, read, write } from "./base.js";
import { mayAdminister, mayChangeRoutines } from "./lists.js";
import { GAP, MAYBE_QUOTE, WORD, writesCatalog } from "./sql-text.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

/** CREATE OR REPLACE is not told apart from CREATE by pgaudit. */
const codeChanged = rule({
  key: "code-changed",
  level: 12,
  on: ddl,
  where: {
    "pg.command": pcre2(
      "^(?:CREATE|ALTER|DROP) (?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|OPERATOR(?: CLASS| FAMILY)?|TRIGGER|RULE|CAST|CONVERSION|TRANSFORM)$",
    ),
  },
  description:
    "PostgreSQL: $(srcuser) did $(pg.command) $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Routines with their owner's rights do for others what only the owner may. */
const codeGivenAway = rule({
  key: "code-owner-changed",
  level: 13,
  on: codeChanged,
  where: { "pg.command": pcre2("^ALTER "), "pg.statement": pcre2(`(?i)${WORD}OWNER${GAP}TO\\b`) },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave $(pg.object) to another owner by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** DROP SCHEMA and DROP OWNED name only what they contain. */
const codeDroppedWithOwner = rule({
  key: "code-dropped-with-container",
  level: 12,
  on: ddl,
  where: {
    "pg.command": pcre2("^DROP (?:SCHEMA|OWNED|LANGUAGE)$"),
    "pg.object_type": pcre2("^(?:FUNCTION|PROCEDURE|AGGREGATE)$"),
  },
  description:
    "PostgreSQL: $(srcuser) dropped $(pg.object) by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const triggerSwitched = rule({
  key: "trigger-switched",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^ALTER TABLE$"),
    "pg.object_type": pcre2("^TABLE$"),
    "pg.statement": pcre2(`(?i)${WORD}(?:DIS|EN)ABLE${GAP}(?:(?:REPLICA|ALWAYS)${GAP})?(?:TRIGGER|RULE)\\b`),
  },
  groups: ["dam_alter_table"],
  description:
    "PostgreSQL: $(srcuser) switched a trigger or rule of $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Run at everybody's DDL, in every session: a back door, or the end of somebody's watch. pgaudit names neither trigger nor routine. */
const eventTriggerChanged = rule({
  key: "event-trigger-changed",
  level: 13,
  on: ddl,
  where: { "pg.command": pcre2("^(?:CREATE|ALTER|DROP) EVENT TRIGGER$") },
  groups: ["dam_privileged_operation"],
  attack: ["T1546"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

export const codeRewrittenInCatalog = rule({
  key: "code-rewritten-in-catalog",
  level: 14,
  on: [write, read, misc],
  seenUnder: "full",
  where: {
    "pg.command": WRITES,
    "pg.statement": pcre2(writesCatalog("pg_(?:proc|event_trigger|language)")),
  },
  attack: ["T1565.001"],
  description:
    "PostgreSQL: $(srcuser) wrote to the catalogue of routines in $(pg.database) from $(pg.client): not authorised",
});

const CHANGES_CODE = `(?:CREATE|ALTER|DROP)${GAP}(?:OR${GAP}REPLACE${GAP})?(?:CONSTRAINT${GAP})?(?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|OPERATOR|TRIGGER|RULE|CAST|CONVERSION)\\b`;

export const codeTampering = useCase({
  key: "code-tampering",
  title: "PL/SQL code tampered with",
  summary:
    "Routines, triggers, rules, operators and casts created, replaced, altered or dropped, switched off, or rewritten in the catalogue.",
  group: "dam_code_tampering",
  attack: ["T1505.001"],
  compliance: {
    pci_dss: ["10.2.1.7", "6.5.1", "11.5.2"],
    hipaa: ["164.312.c.1"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["CM.3", "CM.5", "SI.7", "AU.12"],
    tsc: ["CC6.8", "CC8.1"],
  },
  rules: [
    codeChanged,
    authorised(codeChanged, mayChangeRoutines),
    toldAlready(codeChanged),
    codeGivenAway,
    authorised(codeGivenAway, mayChangeRoutines, { level: 5 }),
    codeDroppedWithOwner,
    authorised(codeDroppedWithOwner, mayChangeRoutines),
    triggerSwitched,
    authorised(triggerSwitched, mayChangeRoutines),
    eventTriggerChanged,
    authorised(eventTriggerChanged, mayAdminister, { level: 5 }),
    codeRewrittenInCatalog,
    authorised(codeRewrittenInCatalog, mayAdminister, { level: 5 }),
    ...announced({
      key: "code-change",
      what: "change code",
      statement: `${CHANGES_CODE}|(?:CREATE|ALTER|DROP)${GAP}EVENT${GAP}TRIGGER\\b`,
      permits: [mayChangeRoutines],
    }),
    ...announced({
      key: "trigger-switch",
      what: "switch a trigger or rule",
      statement: `ALTER${GAP}TABLE\\b[^;]*?(?:DIS|EN)ABLE${GAP}[^;]*?(?:TRIGGER|RULE)\\b`,
      permits: [mayChangeRoutines],
      groups: ["dam_alter_table"],
      level: 8,
    }),
    ...announced({
      key: "catalog-write",
      what: "write to the system catalogue",
      statement: `(?:UPDATE|INSERT${GAP}INTO|DELETE${GAP}FROM)${GAP}(?:ONLY${GAP})?(?:pg_catalog\\.)?${MAYBE_QUOTE}pg_`,
      permits: [mayAdminister],
      groups: ["dam_privileged_operation"],
    }),
    ...attempted({ key: "code-change", what: "change code", statement: CHANGES_CODE, by: mayChangeRoutines }),
    ...attempted({
      key: "catalog-write",
      what: "write to the system catalogue",
      statement: `(?:UPDATE|INSERT${GAP}INTO|DELETE${GAP}FROM)${GAP}(?:ONLY${GAP})?(?:pg_catalog\\.)?${MAYBE_QUOTE}pg_`,
      by: mayAdminister,
      level: 10,
      groups: ["dam_privileged_operation"],
    }),
  ],
});
