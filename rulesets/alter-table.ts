import { not, pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, objectWrite, read, write } from "./base.js";
import { mayAdminister, mayChangeStagingTables, mayChangeTables } from "./lists.js";
import { GAP, MAYBE_GAP, MAYBE_IF_EXISTS, MAYBE_QUOTE, QUALIFIED, WORD, writesCatalog } from "./sql-text.js";
import { IN_STAGING } from "./staging.js";
import { temporary } from "./temporary.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

const ALTERS_TABLE = pcre2("^ALTER (?:FOREIGN )?TABLE$");

/** Renamed or moved, a table is logged under its new name only. */
export const tableAltered = rule({
  key: "table-altered",
  level: 12,
  on: ddl,
  where: { "pg.command": ALTERS_TABLE, "pg.object_type": pcre2("^(?:FOREIGN )?TABLE$") },
  description: "PostgreSQL: $(srcuser) altered table $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Renaming a column writes a record for the column only; every other change of a column writes one for the table too. */
const columnRenamed = rule({
  key: "column-renamed",
  level: 12,
  on: ddl,
  where: {
    "pg.command": ALTERS_TABLE,
    "pg.object_type": pcre2("^TABLE COLUMN$"),
    "pg.statement": pcre2(`(?i)${WORD}RENAME${GAP}`),
  },
  description: "PostgreSQL: $(srcuser) renamed column $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** A foreign key writes such a record before the one that names the table; it is left to that one. */
const tableAlterUnnamed = rule({
  key: "table-alter-unnamed",
  level: 10,
  on: ddl,
  where: {
    "pg.command": ALTERS_TABLE,
    "pg.object_type": pcre2("^$"),
    "pg.statement": not(pcre2(`(?i)${WORD}(?:FOREIGN${GAP}KEY|REFERENCES)\\b`)),
  },
  description:
    "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client), the record names no table: not authorised",
});

const tableGivenAway = rule({
  key: "table-owner-changed",
  level: 13,
  on: tableAltered,
  where: { "pg.statement": pcre2(`(?i)${WORD}OWNER${GAP}TO\\b`) },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave table $(pg.object) to another owner in $(pg.database) from $(pg.client): not authorised",
});

/** IMPORT FOREIGN SCHEMA creates each table and then alters it. */
const tableImported = rule({
  key: "table-imported",
  level: 3,
  on: tableAltered,
  where: {
    "pg.command": pcre2("^ALTER FOREIGN TABLE$"),
    "pg.statement": pcre2(`(?i)^${MAYBE_GAP}IMPORT${GAP}FOREIGN${GAP}SCHEMA\\b`),
  },
  description: "PostgreSQL: $(srcuser) imported foreign table $(pg.object) in $(pg.database)",
});

const rowSecurityLifted = rule({
  key: "row-security-lifted",
  level: 13,
  on: ddl,
  where: {
    "pg.command": ALTERS_TABLE,
    "pg.object_type": pcre2("^TABLE$"),
    "pg.statement": pcre2(`(?i)${WORD}(?:DISABLE|NO${GAP}FORCE)${GAP}ROW${GAP}LEVEL${GAP}SECURITY\\b`),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1562.001"],
  description:
    "PostgreSQL: $(srcuser) lifted row level security of $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Which rows of a table somebody sees and changes. */
const policyChanged = rule({
  key: "policy-changed",
  level: 12,
  on: ddl,
  where: { "pg.command": pcre2("^(?:CREATE|ALTER|DROP) POLICY$") },
  groups: ["dam_privileged_operation"],
  attack: ["T1562.001"],
  description:
    "PostgreSQL: $(srcuser) did $(pg.command) $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Statistics and the order on disk: nothing of the table's content, and nobody's but its owner's business. */
const tableKept = rule({
  key: "table-upkeep",
  level: 7,
  on: ddl,
  where: { "pg.command": pcre2("^(?:CLUSTER|(?:CREATE|ALTER|DROP) STATISTICS)$") },
  description:
    "PostgreSQL: $(srcuser) ran $(pg.command) on $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** Where tables, their columns, constraints, triggers and policies stand. */
export const TABLE_CATALOGS = "pg_(?:class|attribute|attrdef|constraint|index|trigger|policy)";

/** Triggers, row security and constraints switched off behind ALTER TABLE's back. */
const tableRewrittenInCatalog = rule({
  key: "table-rewritten-in-catalog",
  level: 14,
  on: [write, read, misc],
  seenUnder: "full",
  where: {
    "pg.command": WRITES,
    "pg.statement": pcre2(writesCatalog(TABLE_CATALOGS)),
  },
  groups: ["dam_privileged_operation", "dam_code_tampering"],
  attack: ["T1565.001"],
  description:
    "PostgreSQL: $(srcuser) wrote to the catalogue of tables in $(pg.database) from $(pg.client): not authorised",
});

/** The same by object auditing: also where a session has switched its own auditing off. */
const tableCatalogWritten = rule({
  key: "table-catalog-written",
  level: 14,
  on: objectWrite,
  where: { "pg.object": pcre2(`^pg_catalog\\.${TABLE_CATALOGS}$`) },
  groups: ["dam_privileged_operation", "dam_code_tampering"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) wrote to $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

export const alterTable = useCase({
  key: "alter-table",
  title: "Table altered",
  summary: "Columns, constraints, owners, partitions, storage and row security of tables changed.",
  group: "dam_alter_table",
  attack: ["T1565.001"],
  compliance: {
    pci_dss: ["10.2.1.7"],
    hipaa: ["164.312.b", "164.312.c.1"],
    gdpr: ["IV_32.1.b", "II_5.1.f"],
    nist_800_53: ["AU.12", "CM.3", "CM.5"],
    tsc: ["CC6.1", "CC7.2", "CC8.1"],
  },
  rules: [
    tableAltered,
    temporary(tableAltered),
    authorised(tableAltered, mayChangeTables),
    authorised(tableAltered, mayChangeStagingTables, {
      as: "staging",
      where: { ...IN_STAGING, "pg.statement": not(pcre2(`(?i)${WORD}(?:SET${GAP}SCHEMA|RENAME)\\b`)) },
    }),
    tableGivenAway,
    authorised(tableGivenAway, mayChangeTables, { level: 5 }),
    tableImported,
    columnRenamed,
    authorised(columnRenamed, mayChangeTables),
    tableAlterUnnamed,
    authorised(tableAlterUnnamed, mayChangeTables),
    policyChanged,
    authorised(policyChanged, mayChangeTables),
    rowSecurityLifted,
    authorised(rowSecurityLifted, mayChangeTables, { level: 5 }),
    tableKept,
    authorised(tableKept, mayChangeTables),
    tableRewrittenInCatalog,
    authorised(tableRewrittenInCatalog, mayAdminister, { level: 5 }),
    tableCatalogWritten,
    authorised(tableCatalogWritten, mayAdminister, { level: 5 }),
    toldAlready(tableCatalogWritten, tableRewrittenInCatalog, { seenUnder: "full" }),
    ...announced({
      key: "table-alter",
      what: "alter a table",
      statement: `(?:ALTER${GAP}(?:FOREIGN${GAP})?TABLE${GAP}${MAYBE_IF_EXISTS}|(?:CREATE|ALTER|DROP)${GAP}(?:POLICY|STATISTICS)${GAP}|CLUSTER${GAP})[^;]*?${QUALIFIED}`,
      permits: [
        mayChangeTables,
        {
          by: mayChangeStagingTables,
          as: "staging",
          text: pcre2(`(?i)TABLE${GAP}${MAYBE_IF_EXISTS}${MAYBE_QUOTE}staging\\b`),
        },
      ],
    }),
    ...announced({
      key: "table-catalog-write",
      what: "write to the catalogue of tables",
      statement: `(?:UPDATE|INSERT${GAP}INTO|DELETE${GAP}FROM)${GAP}(?:pg_catalog\\.)?pg_(?:class|attribute|constraint|trigger)\\b`,
      permits: [mayAdminister],
      groups: ["dam_code_tampering", "dam_privileged_operation"],
      level: 8,
    }),
    ...attempted({
      key: "table-alter",
      what: "alter a table",
      statement: `ALTER${GAP}(?:FOREIGN${GAP})?TABLE\\b`,
      by: mayChangeTables,
    }),
  ],
});
