import { not, pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, read, write } from "./base.js";
import { mayAdminister, mayChangeStagingTables, mayChangeTables } from "./lists.js";
import {
  GAP,
  inCode,
  MAYBE_GAP,
  MAYBE_IF_EXISTS,
  MAYBE_QUOTE,
  QUALIFIED,
  STATEMENT,
  WORD,
  writesCatalog,
} from "./sql-text.js";
import { IN_STAGING } from "./staging.js";
import { temporary } from "./temporary.js";
import { toldAlready } from "./told-already.js";

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

/** A condition that all rows meet. */
const ALL_ROWS = `(?:true|(\\d+)${MAYBE_GAP}=${MAYBE_GAP}\\1|[\\w.]+${GAP}IS${GAP}NOT${GAP}NULL|[\\w.]+${MAYBE_GAP}(?:>=?|\x3c>)${MAYBE_GAP}(?:0|-\\d+))${MAYBE_GAP}(?:;|$|RETURNING\\b)`;

/** DELETE without a condition takes all rows, as TRUNCATE does. */
const tableClearedByDelete = rule({
  key: "table-cleared-by-delete",
  level: 10,
  on: write,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^DELETE$"),
    "pg.statement": not(pcre2(`(?i)${WORD}(?:WHERE${GAP}(?!${ALL_ROWS})|USING\\b)`)),
  },
  description: "PostgreSQL: $(srcuser) deleted all rows of a table in $(pg.database) from $(pg.client): not authorised",
});

/** The same inside of a WITH is a SELECT to pgaudit. */
const tableClearedInQuery = rule({
  key: "table-cleared-in-query",
  level: 10,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      inCode(
        `\\(${MAYBE_GAP}DELETE${GAP}FROM${GAP}(?:ONLY${GAP})?[^\\s()]+${MAYBE_GAP}(?:WHERE${GAP}true${MAYBE_GAP})?(?:RETURNING\\b|\\))`,
      ),
    ),
  },
  description:
    "PostgreSQL: $(srcuser) deleted all rows of a table inside of a query in $(pg.database) from $(pg.client): not authorised",
});

/** Rows that stay, without what was in them. */
const tableBlanked = rule({
  key: "table-blanked",
  level: 8,
  on: write,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      `(?i)${STATEMENT}UPDATE${GAP}[^;]*?=${MAYBE_GAP}(?:NULL\\b|'')(?![^;]*${WORD}(?:WHERE|FROM)\\b)`,
    ),
  },
  attack: ["T1485"],
  description:
    "PostgreSQL: $(srcuser) emptied a column in all rows of a table in $(pg.database) from $(pg.client): not authorised",
});

/** Its row in the catalogue gone, a relation is as good as dropped; the record does not say which kind it was. */
const relationDeletedFromCatalog = rule({
  key: "relation-deleted-from-catalog",
  level: 15,
  on: [write, read, misc],
  seenUnder: "full",
  where: { "pg.statement": pcre2(writesCatalog("pg_class", `DELETE${GAP}FROM`)) },
  groups: ["dam_drop_view", "dam_alter_table", "dam_privileged_operation"],
  attack: ["T1485"],
  description:
    "PostgreSQL: $(srcuser) deleted relations from the catalogue in $(pg.database) from $(pg.client): not authorised",
});

/** MERGE is `???` to pgaudit. A condition would stand behind MATCHED. */
const tableClearedByMerge = rule({
  key: "table-cleared-by-merge",
  level: 10,
  on: [misc, write],
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      `(?i)${STATEMENT}MERGE${GAP}.*?${WORD}MATCHED${GAP}(?:AND${GAP}(?:true|1${MAYBE_GAP}=${MAYBE_GAP}1)${GAP})?THEN${GAP}DELETE\\b`,
    ),
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

const tableDroppedToo = toldAlready(tableDropped);

/** One statement is one alert, however many tables it takes along; but that they are many is told. */
const droppedByOneStatement = rule({
  key: "tables-dropped-by-one-statement",
  level: 14,
  on: tableDroppedToo,
  correlate: { of: tableDroppedToo, times: 4, seconds: 60, same: ["pg.process", "pg.statement_id"] },
  description: "PostgreSQL: $(srcuser) dropped many tables by one $(pg.command), last $(pg.object) in $(pg.database)",
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
    tableDroppedToo,
    dropBurst,
    droppedByOneStatement,
    tableClearedInQuery,
    authorised(tableClearedInQuery, mayChangeTables),
    tableBlanked,
    authorised(tableBlanked, mayChangeTables),
    relationDeletedFromCatalog,
    authorised(relationDeletedFromCatalog, mayAdminister, { level: 5 }),
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
    ...announced({
      key: "table-drop",
      what: "drop or empty a table",
      statement: `(?:DROP${GAP}(?:FOREIGN${GAP})?TABLE${GAP}${MAYBE_IF_EXISTS}|TRUNCATE${GAP}(?:TABLE${GAP})?(?:ONLY${GAP})?)${QUALIFIED}|DROP${GAP}(?:SCHEMA|OWNED|DATABASE|TABLESPACE)\\b|(?:EXPLAIN\\b[^;]{0,80}?)?DELETE${GAP}FROM${GAP}[^\\s;]+${MAYBE_GAP}(?:;|$)|MERGE\\b[^;]*?MATCHED${GAP}THEN${GAP}DELETE`,
      permits: [
        mayChangeTables,
        {
          by: mayChangeStagingTables,
          as: "staging",
          text: pcre2(`(?i)(?:TABLE|TRUNCATE|ONLY|FROM|EXISTS)${GAP}${MAYBE_QUOTE}staging\\b`),
        },
      ],
    }),
    ...attempted({
      key: "table-drop",
      what: "drop or empty a table",
      statement: `(?:DROP${GAP}(?:FOREIGN${GAP})?TABLE|DROP${GAP}(?:SCHEMA|OWNED|DATABASE)|TRUNCATE)\\b`,
      by: mayChangeTables,
    }),
  ],
});
