import { pcre2, rule, SENSITIVE_RELATIONS, useCase } from "../src/index.js";
import { tableAltered } from "./alter-table.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl } from "./base.js";
import { mayChangeStagingTables, mayChangeTables, mayExport, mayReachOut } from "./lists.js";
import { GAP, MAYBE_IF_EXISTS, MAYBE_QUOTE, WORD } from "./sql-text.js";
import { IN_STAGING } from "./staging.js";
import { temporary } from "./temporary.js";
import { toldAlready } from "./told-already.js";

/** The sequence and the indexes of a new table bear commands of their own. Without the pgaudit extension nothing is named. */
const tableCreated = rule({
  key: "table-created",
  level: 10,
  on: ddl,
  where: { "pg.command": pcre2("^CREATE (?:FOREIGN )?TABLE$") },
  description: "PostgreSQL: $(srcuser) created table $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** A table that is another server's. */
const foreignTableCreated = rule({
  key: "foreign-table-created",
  level: 12,
  on: tableCreated,
  where: { "pg.command": pcre2("^CREATE FOREIGN TABLE$") },
  groups: ["dam_data_exfiltration", "dam_privileged_operation"],
  attack: ["T1041"],
  description:
    "PostgreSQL: $(srcuser) created foreign table $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** What is left behind where data was taken or destroyed. */
const ransomNote = rule({
  key: "ransom-note",
  level: 14,
  on: tableCreated,
  where: {
    "pg.object": pcre2(
      '(?i)\\.[\\\\"]*(?:_*read_?me|.*ransom|.*how_?to_?(?:recover|restore|decrypt)|please_?read|recover_?your|.*(?:recover|restore|decrypt)_?your)',
    ),
  },
  attack: ["T1486"],
  description:
    "PostgreSQL: $(srcuser) created table $(pg.object), named like a ransom note, in $(pg.database) from $(pg.client)",
});

/** The rows come from elsewhere: data set aside, often before it is carried out. EXPLAIN ANALYZE runs such a statement. */
const tableCopied = rule({
  key: "table-copied",
  level: 12,
  on: ddl,
  where: { "pg.command": pcre2("^(?:CREATE TABLE AS|SELECT INTO|CREATE MATERIALIZED VIEW|EXPLAIN)$") },
  groups: ["dam_data_exfiltration"],
  attack: ["T1074"],
  description:
    "PostgreSQL: $(srcuser) copied rows into $(pg.object) by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const copiedTemporarily = temporary(tableCopied);

/** Set aside where nobody else looks, and gone with the session. */
const sensitiveSetAside = rule({
  key: "sensitive-relation-set-aside",
  level: 10,
  on: copiedTemporarily,
  where: { "pg.statement": pcre2(`(?i)${SENSITIVE_RELATIONS}`) },
  groups: ["dam_data_exfiltration"],
  attack: ["T1074"],
  description:
    "PostgreSQL: $(srcuser) copied a sensitive relation into a temporary table in $(pg.database) from $(pg.client): not authorised",
});

export const createTable = useCase({
  key: "create-table",
  title: "Table created",
  summary: "Tables, foreign tables and materialized views created, empty or with rows copied from elsewhere.",
  group: "dam_create_table",
  attack: ["T1074"],
  compliance: {
    pci_dss: ["10.2.1.7"],
    hipaa: ["164.312.b"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["AU.12", "CM.3", "CM.5"],
    tsc: ["CC6.1", "CC7.2", "CC8.1"],
  },
  rules: (
    [
      [tableCreated, temporary(tableCreated)],
      [tableCopied, copiedTemporarily],
    ] as const
  )
    .flatMap(([alert, temporarily]) => [
      alert,
      temporarily,
      authorised(alert, mayChangeTables),
      authorised(alert, mayChangeStagingTables, { as: "staging", where: IN_STAGING }),
    ])
    .concat(
      toldAlready(tableAltered, tableCreated, { same: ["pg.object"] }),
      sensitiveSetAside,
      authorised(sensitiveSetAside, mayExport),
      ...announced({
        key: "table-create",
        what: "create a table",
        statement: `(?:EXPLAIN\\b[^;]{0,80}?)?CREATE${GAP}(?:(?:FOREIGN|UNLOGGED)${GAP})?TABLE\\b|CREATE${GAP}MATERIALIZED${GAP}VIEW\\b|IMPORT${GAP}FOREIGN${GAP}SCHEMA\\b|CREATE${GAP}SCHEMA\\b[^;]*?${WORD}TABLE\\b|SELECT\\b[^;']*?${WORD}INTO${GAP}(?!TEMP)[^;]*?${WORD}FROM\\b`,
        permits: [
          mayChangeTables,
          {
            by: mayChangeStagingTables,
            as: "staging",
            text: pcre2(`(?i)TABLE${GAP}${MAYBE_IF_EXISTS}${MAYBE_QUOTE}staging\\b`),
          },
        ],
      }),
      foreignTableCreated,
      authorised(foreignTableCreated, mayReachOut),
      ransomNote,
      attempted({
        key: "table-create",
        what: "create a table",
        statement: `CREATE${GAP}(?:(?:GLOBAL|LOCAL|FOREIGN|UNLOGGED|TEMP|TEMPORARY)${GAP})*TABLE\\b`,
        behindSelect: `(?>.*?${WORD}INTO${GAP}).*?${WORD}FROM\\b`,
        by: mayChangeTables,
      }),
    ),
});
