import { not, pcre2, rule, useCase } from "../src/index.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, write } from "./base.js";
import { mayAdminister, mayChangeStagingTables, mayChangeTables } from "./lists.js";
import { GAP, MAYBE_GAP, MAYBE_QUOTE, STATEMENT, WORD } from "./sql-text.js";
import { IN_STAGING } from "./staging.js";
import { temporary } from "./temporary.js";

/** By the type of what was dropped; a table's constraints, indexes and triggers write records that are left alone. */
const tableDropped = rule({
  key: "table-dropped",
  level: 12,
  on: ddl,
  where: { "pg.command": pcre2("^DROP "), "pg.object_type": pcre2("^(?:FOREIGN )?TABLE$") },
  description:
    "PostgreSQL: $(srcuser) dropped table $(pg.object) by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const tableDropUnnamed = rule({
  key: "table-drop-unnamed",
  level: 10,
  on: ddl,
  where: { "pg.command": pcre2("^DROP (?:FOREIGN )?TABLE$"), "pg.object_type": pcre2("^$") },
  description:
    "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client), the record names no table: not authorised",
});

/** pgaudit names neither the schema nor the database. */
const containerDropped = rule({
  key: "container-dropped",
  level: 13,
  on: ddl,
  where: { "pg.command": pcre2("^DROP (?:SCHEMA|OWNED|DATABASE|TABLESPACE)$"), "pg.object_type": pcre2("^$") },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const tableEmptied = rule({
  key: "table-emptied",
  level: 10,
  on: write,
  seenUnder: "full",
  where: { "pg.command": pcre2("^TRUNCATE TABLE$") },
  description: "PostgreSQL: $(srcuser) truncated a table in $(pg.database) from $(pg.client): not authorised",
});

/** DELETE without a condition takes all rows, as TRUNCATE does. */
const tableClearedByDelete = rule({
  key: "table-cleared-by-delete",
  level: 10,
  on: write,
  seenUnder: "full",
  where: { "pg.command": pcre2("^DELETE$"), "pg.statement": not(pcre2(`(?i)${WORD}(?:WHERE|USING)\\b`)) },
  description: "PostgreSQL: $(srcuser) deleted all rows of a table in $(pg.database) from $(pg.client): not authorised",
});

/** MERGE is `???` to pgaudit. A condition would stand behind MATCHED. */
const tableClearedByMerge = rule({
  key: "table-cleared-by-merge",
  level: 10,
  on: misc,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(`(?i)${STATEMENT}MERGE${GAP}.*?${WORD}MATCHED${GAP}THEN${GAP}DELETE\\b`),
  },
  description:
    "PostgreSQL: $(srcuser) deleted rows of a table by MERGE in $(pg.database) from $(pg.client): not authorised",
});

const dropBurst = rule({
  key: "table-drop-burst",
  level: 14,
  on: tableDropped,
  correlate: { of: tableDropped, times: 5, seconds: 60, same: ["srcuser"] },
  description: "PostgreSQL: $(srcuser) dropped many tables in a short time, last $(pg.object) in $(pg.database)",
});

export const dropTable = useCase({
  key: "drop-table",
  title: "Table dropped",
  summary: "Tables dropped by any command, emptied by TRUNCATE, or lost with their schema or database.",
  group: "dam_drop_table",
  attack: ["T1485"],
  compliance: {
    pci_dss: ["10.2.1.7"],
    hipaa: ["164.312.b", "164.312.c.1"],
    gdpr: ["IV_32.1.b", "II_5.1.f"],
    nist_800_53: ["AU.12", "CM.3", "CM.5", "CP.9"],
    tsc: ["CC6.1", "CC7.2", "CC8.1"],
  },
  rules: [
    tableDropped,
    temporary(tableDropped),
    authorised(tableDropped, mayChangeTables),
    authorised(tableDropped, mayChangeStagingTables, { as: "staging", where: IN_STAGING }),
    dropBurst,
    tableDropUnnamed,
    authorised(tableDropUnnamed, mayChangeTables),
    containerDropped,
    authorised(containerDropped, mayAdminister, { level: 5 }),
    tableClearedByMerge,
    authorised(tableClearedByMerge, mayChangeTables),
    tableClearedByDelete,
    authorised(tableClearedByDelete, mayChangeTables),
    tableEmptied,
    authorised(tableEmptied, mayChangeTables),
    authorised(tableEmptied, mayChangeStagingTables, {
      as: "staging",
      where: {
        "pg.statement": pcre2(
          `(?i)^${MAYBE_GAP}TRUNCATE${GAP}(?:TABLE${GAP})?(?:ONLY${GAP})?${MAYBE_QUOTE}staging${MAYBE_QUOTE}\\.[^,;\\s]++\\s*;?$`,
        ),
      },
    }),
    ...attempted({
      key: "table-drop",
      what: "drop or empty a table",
      statement: `(?:DROP${GAP}(?:FOREIGN${GAP})?TABLE|DROP${GAP}(?:SCHEMA|OWNED|DATABASE)|TRUNCATE)\\b`,
      by: mayChangeTables,
    }),
  ],
});
