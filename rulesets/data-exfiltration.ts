import { listed, not, pcre2, rule, SENSITIVE_RELATIONS, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { announcement, ddl, failed, misc, objectAudit, objectWrite, read, record, routine, write } from "./base.js";
import {
  mayAdminister,
  mayCallRoutines,
  mayChangeRoutines,
  mayChangeTables,
  mayDump,
  mayExplore,
  mayExport,
  mayMonitor,
  mayReachOut,
  mayReadCredentials,
  mayReadSensitive,
  people,
  sensitiveRelations,
} from "./lists.js";
import { LINKING } from "./privileged-operation.js";
import { secretInLog } from "./secret-in-log.js";
import { calls, GAP, inCode, LITERAL, MAYBE_GAP, MAYBE_QUOTE, STATEMENT, WORD, writesCatalog } from "./sql-text.js";
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

const cursorOpened = rule({
  key: "cursor-opened",
  level: 10,
  on: read,
  seenUnder: "full",
  where: { "pg.command": pcre2("^DECLARE CURSOR$") },
  description: "PostgreSQL: $(srcuser) opened a cursor in $(pg.database) from $(pg.client): not authorised",
});

const cursorAuthorised = authorised(cursorOpened, mayCallRoutines);

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
        `(?i)(?:${STATEMENT}|${WORD}CURSOR\\b[^;]*?${WORD}FOR${GAP})(?:SELECT${GAP}.{0,200}?\\bFROM|TABLE)${GAP}(?:ONLY${GAP})?${MAYBE_QUOTE}[\\w."\\\\]+${MAYBE_GAP}(?:AS${GAP})?(?:(?!WHERE|ORDER|LIMIT)[a-z]\\w*${MAYBE_GAP})?(?:WHERE${GAP}${ALWAYS}${MAYBE_GAP})?(?:;|$|ORDER\\b|LIMIT${GAP}\\d{4})`,
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
      inCode(`${WORD}INSERT${GAP}INTO\\b[^;]*?${WORD}(?:SELECT|TABLE)\\b[^;]*?${SENSITIVE_RELATIONS}`),
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

/** What statements look like when a client's input became SQL. */
const INJECTION = `(?i)${[
  `${WORD}OR${GAP}('?)(\\w{1,40}+)(?-i:\\1)${MAYBE_GAP}=${MAYBE_GAP}(?-i:\\1\\2)\\b`,
  `${WORD}UNION${GAP}(?:ALL${GAP})?SELECT\\b.{0,300}?${WORD}FROM${GAP}(?!pg_catalog\\b)(?:pg_|information_schema\\b)`,
  `${WORD}(?:AND|OR|WHERE|CASE|WHEN|UNION)\\b.{0,300}?${WORD}pg_sleep${MAYBE_GAP}\\(`,
  `${WORD}OR${GAP}(?:\\d+${MAYBE_GAP}(?:[\x3c>]=?|!=)${MAYBE_GAP}\\d+|true|NOT${GAP}false)\\b`,
  `${WORD}(?:AND|OR|WHERE)\\b[^;]{0,300}?${WORD}substr(?:ing)?${MAYBE_GAP}\\(${MAYBE_GAP}(?:\\(${MAYBE_GAP}SELECT|version|current_|session_user)`,
  `''';${MAYBE_GAP}(?:SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER)\\b`,
  `${WORD}ascii${MAYBE_GAP}\\(${MAYBE_GAP}substr`,
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
const sensitiveCopied = rule({
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

const sensitiveBurst = rule({
  key: "sensitive-relation-burst",
  level: 10,
  on: sensitiveTouched,
  correlate: { of: sensitiveTouched, times: 20, seconds: 60, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) used sensitive relations many times in a short time, last $(pg.object)",
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
    injected,
    authorised(injected, mayAdminister, { level: 5 }),
    authorised(injected, mayDump, { as: "dump" }),
    toldAlready(injected),
    injectedAnnounced,
    authorised(injectedAnnounced, mayAdminister),
    authorised(injectedAnnounced, mayDump, { as: "dump" }),
    injectionProbed,
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
      statement: `COPY\\b|SELECT\\b.*?(?:${SENSITIVE_RELATIONS}|${WORD}pg_(?:shadow|authid)\\b|${WORD}(?:${CARRIES})${MAYBE_GAP}\\()`,
      by: mayAdminister,
    }),
    foreignKeyChecked,
    sensitiveCopied,
    authorised(sensitiveCopied, mayExport),
    toldAlready(sensitiveCopied, copiedOut, { seenUnder: "full" }),
    toldAlready(sensitiveCopied, copiedToServer, { as: "told-as-file", seenUnder: "full" }),
    sensitiveBurst,
  ],
});
