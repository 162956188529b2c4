import { pcre2, rule, SENSITIVE_RELATIONS, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { misc, objectAudit, read, record, routine, write } from "./base.js";
import { cursorAuthorised, cursorOpened } from "./cursors.js";
import {
  mayAdminister,
  mayChangeTables,
  mayDump,
  mayExplore,
  mayExport,
  mayMonitor,
  mayReachOut,
  mayReadCredentials,
  mayReadSensitive,
} from "./lists.js";
import { LINKING } from "./privileged-operation.js";
import { secretInLog } from "./secret-in-log.js";
import {
  sensitiveBurst,
  sensitiveCopied,
  sensitiveRelationRules,
  sensitiveRelationUse,
} from "./sensitive-relations.js";
import { sqlInjectionRules } from "./sql-injection.js";
import { calls, GAP, inCode, LITERAL, MAYBE_GAP, MAYBE_QUOTE, WORD, writesCatalog } from "./sql-text.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

/** Functions that carry whole tables or large objects; and those that reach the server's files. */
const CARRIES =
  "lo_(?:get|put|from_bytea|creat|create|open|unlink)|lo(?:read|write)|(?:query|table|schema|database|cursor)_to_xml|pg_logical_slot_\\w+|pg_create_(?:logical|physical)_replication_slot";
const WRITES_FILES = "lo_(?:export|import)|pg_file_(?:write|rename|unlink|sync)";
const READS_FILES = "pg_(?:read_file|read_binary_file|stat_file|ls_dir)(?:_off_len|_all)?";
const FILES = `${WRITES_FILES}|${READS_FILES}`;

const copiedOut = rule({
  key: "copied-out",
  level: 12,
  on: read,
  seenUnder: "full",
  where: { "pg.command": pcre2("^COPY$") },
  description: "PostgreSQL: $(srcuser) copied data out of $(pg.database) to $(pg.client): not authorised",
});

/** A file of the server, or the standard input of a program that the server runs. */
const copiedToServer = rule({
  key: "copied-to-server",
  level: 14,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^COPY$"),
    "pg.statement": pcre2(`(?i)${WORD}TO(?:${GAP}PROGRAM\\b|${MAYBE_GAP}(?:${LITERAL}))`),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1048"],
  description:
    "PostgreSQL: $(srcuser) copied data of $(pg.database) to a file or program of the server, from $(pg.client): not authorised",
});

/** COPY … FROM a file or program of the server: reads the server's files, or runs commands. */
const copiedFromServer = rule({
  key: "copied-from-server",
  level: 14,
  on: write,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^COPY$"),
    "pg.statement": pcre2(`(?i)${WORD}FROM(?:${GAP}PROGRAM\\b|${MAYBE_GAP}(?:${LITERAL}))`),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1059.004"],
  description:
    "PostgreSQL: $(srcuser) ran a program or read a file of the server by COPY in $(pg.database) from $(pg.client): not authorised",
});

/** pg_dump locks each table that it is going to read. */
const dumpStarted = rule({
  key: "table-dump",
  level: 12,
  on: misc,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^LOCK TABLE$"),
    "pg.statement": pcre2(`(?i)${WORD}IN${GAP}ACCESS${GAP}SHARE${GAP}MODE\\b`),
  },
  description:
    "PostgreSQL: $(srcuser) locked tables as pg_dump does in $(pg.database) from $(pg.client): not authorised",
});

/** pgaudit sees nothing of a walsender; `log_replication_commands = on` does. */
const replicated = rule({
  key: "replicated",
  level: 13,
  on: record,
  where: {
    "pg.message": pcre2("^received replication command: (?:BASE_BACKUP|START_REPLICATION|CREATE_REPLICATION_SLOT)\\b"),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) copied the server by replication, from $(pg.client): not authorised",
});

/** Through such a connection the log of changes can be read, and SQL be run that looks like replication. */
const replicationConnected = rule({
  key: "replication-connected",
  level: 7,
  on: record,
  where: { "pg.message": pcre2("^replication connection authorized: ") },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) connected for replication from $(pg.client): not authorised",
});

const carryingFunctionCalled = rule({
  key: "carrying-function-called",
  level: 12,
  on: read,
  seenUnder: "full",
  groups: ["dam_routine_execution"],
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(calls(CARRIES)),
  },
  description:
    "PostgreSQL: $(srcuser) called a function that carries whole tables or files in $(pg.database) from $(pg.client): not authorised",
});

/** A large object becomes a file of the server, or the other way round; a file written, renamed or removed. */
const serverFileWritten = rule({
  key: "server-file-written",
  level: 13,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(calls(WRITES_FILES)),
  },
  groups: ["dam_privileged_operation", "dam_routine_execution"],
  attack: ["T1105", "T1005"],
  description:
    "PostgreSQL: $(srcuser) read or wrote a file of the server by a function in $(pg.database) from $(pg.client): not authorised",
});

/** How many rows went out, where pgaudit.log_rows is on: for COPY and cursors it says 0. */
const readInBulk = rule({
  key: "read-in-bulk",
  level: 8,
  on: read,
  seenUnder: "full",
  where: { "pg.statement": pcre2(`(?i)^${MAYBE_GAP}(?:SELECT|TABLE|WITH)\\b`), "pg.rows": pcre2("^\\d{4,}$") },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) read $(pg.rows) rows in $(pg.database) from $(pg.client): not authorised",
});

/** What listeners get, wherever they are: by a notification rows leave without a table or a file. */
const notified = rule({
  key: "data-notified",
  level: 10,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(inCode(`${WORD}pg_notify${MAYBE_GAP}\\([^;]*?${WORD}SELECT\\b[^;]*?${WORD}FROM\\b`)),
  },
  attack: ["T1041"],
  description: "PostgreSQL: $(srcuser) sent rows as a notification in $(pg.database) from $(pg.client): not authorised",
});

/** psql's \\lo_export and every other client of the protocol's fast path ask for these first; of the bytes there is no record. */
const largeObjectFastPath = rule({
  key: "large-object-fast-path",
  level: 11,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2("(?is)^select proname, oid from pg_catalog\\.pg_proc where proname in \\('lo_open'"),
  },
  description:
    "PostgreSQL: $(srcuser) reads or writes large objects past all statements in $(pg.database) from $(pg.client): not authorised",
});

/** Bytes put into large objects by hand, to become a file of the server. */
const largeObjectWritten = rule({
  key: "large-object-rewritten",
  level: 13,
  on: [write, read, misc],
  seenUnder: "full",
  where: { "pg.command": WRITES, "pg.statement": pcre2(writesCatalog("pg_largeobject(?:_metadata)?")) },
  groups: ["dam_privileged_operation"],
  attack: ["T1105"],
  description:
    "PostgreSQL: $(srcuser) wrote to the catalogue of large objects in $(pg.database) from $(pg.client): not authorised",
});

/** Files of the server, its configuration and its log among them. */
const serverFileRead = rule({
  key: "server-file-read",
  level: 13,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(calls(READS_FILES)),
  },
  groups: ["dam_privileged_operation", "dam_routine_execution"],
  attack: ["T1005", "T1083"],
  description:
    "PostgreSQL: $(srcuser) read files of the server by a function in $(pg.database) from $(pg.client): not authorised",
});

const linkUsed = rule({
  key: "database-link-used",
  level: 12,
  on: routine,
  seenUnder: "standard",
  where: { "pg.object": pcre2("(?:^|\\.)dblink") },
  groups: ["dam_routine_execution"],
  attack: ["T1041"],
  description: "PostgreSQL: $(srcuser) called $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

const linkAuthorised = authorised(linkUsed, mayReachOut);

const credentialsRead = rule({
  key: "credentials-read",
  level: 12,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(inCode(`${WORD}pg_(?:shadow|authid|user_mappings?|hba_file_rules|ident_file_mappings)\\b`)),
  },
  attack: ["T1552"],
  description:
    "PostgreSQL: $(srcuser) read the catalogue of credentials in $(pg.database) from $(pg.client): not authorised",
});

/** The same by object auditing, through whatever view, and where a session has switched its own auditing off. */
const credentialsTouched = rule({
  key: "credentials-used",
  level: 12,
  on: objectAudit,
  where: {
    "pg.object": pcre2("^pg_catalog\\.(?:pg_authid|pg_user_mapping)$"),
    // Activity, and users without their hashes, are read through pg_authid as well.
    "pg.statement": pcre2(
      `(?is)^(?:.*?${WORD}pg_(?:authid|shadow|user_mappings?)\\b|(?!.*?${WORD}pg_(?:stat_|user\\b|roles\\b)))`,
    ),
  },
  attack: ["T1552"],
  description:
    "PostgreSQL: $(srcuser) used the catalogue of credentials $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** What the planner knows of columns: their most frequent values, which may be the data itself. */
const statisticsRead = rule({
  key: "statistics-read",
  level: 10,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      `(?i)${WORD}FROM${GAP}(?:pg_catalog\\.)?${MAYBE_QUOTE}pg_(?:stats|stats_ext|statistic|statistic_ext_data)\\b`,
    ),
  },
  description:
    "PostgreSQL: $(srcuser) read the planner's samples of data in $(pg.database) from $(pg.client): not authorised",
});

/** How the database is built, as programs ask that do not know it; psql asks pg_catalog by its name. */
const schemaExplored = rule({
  key: "schema-explored",
  level: 7,
  on: read,
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      inCode(
        `${WORD}FROM${GAP}(?:information_schema\\.(?:tables|columns|routines|schemata|views|table_privileges|role_table_grants|enabled_roles|applicable_roles)|pg_(?:proc|tables|views|matviews|user|roles|policies|rules))\\b`,
      ),
    ),
  },
  attack: ["T1087"],
  description:
    "PostgreSQL: $(srcuser) explored how the database is built in $(pg.database) from $(pg.client): not authorised",
});

export const dataExfiltration = useCase({
  key: "data-exfiltration",
  title: "Attempt to carry data out",
  summary:
    "COPY, dumps, replication, cursors, links, whole-table functions, credentials, and bursts of sensitive reads.",
  group: "dam_data_exfiltration",
  attack: ["T1213.006"],
  compliance: {
    pci_dss: ["10.2.1.1", "10.4.1"],
    hipaa: ["164.308.a.1.ii.D", "164.308.a.6"],
    gdpr: ["IV_32.2", "IV_33.1"],
    nist_800_53: ["SI.4", "AC.4", "AU.6"],
    tsc: ["CC6.6", "CC6.7", "CC7.2", "CC7.3"],
  },
  rules: [
    copiedOut,
    authorised(copiedOut, mayExport),
    copiedToServer,
    authorised(copiedToServer, mayAdminister, { level: 5 }),
    copiedFromServer,
    authorised(copiedFromServer, mayAdminister, { level: 5 }),
    dumpStarted,
    authorised(dumpStarted, mayDump),
    replicated,
    authorised(replicated, mayDump),
    replicationConnected,
    authorised(replicationConnected, mayDump),
    cursorOpened,
    cursorAuthorised,
    authorised(cursorOpened, mayExport, { as: "export" }),
    carryingFunctionCalled,
    authorised(carryingFunctionCalled, mayExport),
    serverFileWritten,
    authorised(serverFileWritten, mayAdminister, { level: 5 }),
    readInBulk,
    authorised(readInBulk, mayExport),
    toldAlready(readInBulk),
    notified,
    authorised(notified, mayExport),
    largeObjectFastPath,
    authorised(largeObjectFastPath, mayExport),
    largeObjectWritten,
    authorised(largeObjectWritten, mayAdminister, { level: 5 }),
    serverFileRead,
    authorised(serverFileRead, mayAdminister, { level: 5 }),
    linkUsed,
    linkAuthorised,
    secretInLog(linkAuthorised, "pg.statement"),
    credentialsRead,
    authorised(credentialsRead, mayReadCredentials),
    toldAlready(credentialsRead),
    credentialsTouched,
    authorised(credentialsTouched, mayReadCredentials),
    toldAlready(credentialsTouched, credentialsRead, { seenUnder: "full" }),
    statisticsRead,
    authorised(statisticsRead, mayMonitor),
    toldAlready(statisticsRead),
    schemaExplored,
    authorised(schemaExplored, mayExplore),
    toldAlready(schemaExplored),
    ...sensitiveRelationRules,
    ...sqlInjectionRules,
    ...announced({
      key: "data-export",
      what: "carry data out",
      statement: `COPY\\b[^;]*?${WORD}TO\\b|SELECT\\b[^;]*?${WORD}(?:${CARRIES})${MAYBE_GAP}\\(|LOCK${GAP}TABLE\\b[^;]*?${WORD}ACCESS${GAP}SHARE\\b`,
      permits: [mayExport],
    }),
    ...announced({
      key: "remote-link",
      what: "reach out to another server",
      statement: `${LINKING}|SELECT\\b[^;]*?${WORD}dblink\\w*${MAYBE_GAP}\\(`,
      permits: [mayReachOut],
      groups: ["dam_privileged_operation"],
      level: 8,
    }),
    ...announced({
      key: "server-file",
      what: "use a file or a program of the server",
      statement: `COPY\\b[^;]*?${WORD}(?:TO|FROM)(?:${GAP}PROGRAM\\b|${MAYBE_GAP}(?:${LITERAL}))|SELECT\\b[^;]*?${WORD}(?:${FILES})${MAYBE_GAP}\\(`,
      permits: [mayAdminister],
      groups: ["dam_privileged_operation"],
      level: 8,
    }),
    ...announced({
      key: "sensitive-read",
      what: "read a sensitive relation or hashes of passwords",
      statement: `(?:SELECT|TABLE|WITH|PREPARE|INSERT|CREATE|EXPLAIN|DECLARE)\\b[^;]*?(?:${SENSITIVE_RELATIONS}|${WORD}pg_(?:shadow|authid|user_mappings?|stats|statistic)\\b)`,
      permits: [mayReadSensitive, mayChangeTables],
    }),
    ...announced({
      key: "sensitive-whole-read",
      level: 8,
      what: "read a whole sensitive relation",
      statement: `SELECT${GAP}\\*${GAP}FROM${GAP}${SENSITIVE_RELATIONS}${MAYBE_QUOTE}${MAYBE_GAP}(?:;|$)`,
      permits: [mayExport],
    }),
    ...attempted({
      key: "server-file",
      what: "use a file or a program of the server",
      statement: `COPY\\b[^;]*?${WORD}(?:TO|FROM)(?:${GAP}PROGRAM\\b|${MAYBE_GAP}(?:${LITERAL}))|SELECT\\b[^;]*?${WORD}(?:${FILES})${MAYBE_GAP}\\(`,
      by: mayAdminister,
      level: 9,
      groups: ["dam_privileged_operation"],
    }),
    ...attempted({
      key: "data-export",
      what: "read or carry out data that it may not",
      statement: "COPY\\b",
      behindSelect: `.*?(?:${SENSITIVE_RELATIONS}|${WORD}pg_(?:shadow|authid)\\b|${WORD}(?:${CARRIES})${MAYBE_GAP}\\()`,
      by: mayAdminister,
    }),
    ...sensitiveRelationUse,
    toldAlready(sensitiveCopied, copiedOut, { seenUnder: "full" }),
    toldAlready(sensitiveCopied, copiedToServer, { as: "told-as-file", seenUnder: "full" }),
    sensitiveBurst,
  ],
});
