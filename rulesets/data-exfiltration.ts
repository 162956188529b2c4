import { listed, pcre2, rule, useCase } from "../src/index.js";
import { authorised } from "./authorised.js";
import { misc, objectAudit, read, record, routine, write } from "./base.js";
import {
  mayAdminister,
  mayCallRoutines,
  mayDump,
  mayExport,
  mayReachOut,
  mayReadCredentials,
  sensitiveRelations,
} from "./lists.js";
import { calls, GAP, LITERAL, MAYBE_GAP, WORD } from "./sql-text.js";

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
  description: "PostgreSQL: $(srcuser) copied the server by replication, from $(pg.client): not authorised",
});

const cursorOpened = rule({
  key: "cursor-opened",
  level: 10,
  on: read,
  seenUnder: "full",
  where: { "pg.command": pcre2("^DECLARE CURSOR$") },
  description: "PostgreSQL: $(srcuser) opened a cursor in $(pg.database) from $(pg.client): not authorised",
});

const carryingFunctionCalled = rule({
  key: "carrying-function-called",
  level: 12,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(
      calls(
        "lo_export|lo_import|pg_file_(?:write|rename|unlink)|lo_get|(?:query|table|schema|database|cursor)_to_xml|pg_logical_slot_\\w+|pg_create_(?:logical|physical)_replication_slot",
      ),
    ),
  },
  description:
    "PostgreSQL: $(srcuser) called a function that carries whole tables or files in $(pg.database) from $(pg.client): not authorised",
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

const credentialsRead = rule({
  key: "credentials-read",
  level: 12,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(`(?i)${WORD}pg_(?:shadow|authid|user_mappings?|hba_file_rules)\\b`),
  },
  attack: ["T1552"],
  description:
    "PostgreSQL: $(srcuser) read the catalogue of credentials in $(pg.database) from $(pg.client): not authorised",
});

/** Object auditing (pgaudit.role) writes one record per watched relation and statement, whatever pgaudit.log is. */
const sensitiveTouched = rule({
  key: "sensitive-relation-used",
  level: 3,
  on: objectAudit,
  where: { "pg.object": listed(sensitiveRelations) },
  attack: ["T1213.006"],
  description: "PostgreSQL: $(srcuser) used the sensitive relation $(pg.object) by $(pg.command) from $(pg.client)",
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

const sensitiveBurst = rule({
  key: "sensitive-relation-burst",
  level: 10,
  on: sensitiveTouched,
  correlate: { of: sensitiveTouched, times: 20, seconds: 60, same: ["srcuser"] },
  attack: ["T1030"],
  description: "PostgreSQL: $(srcuser) used sensitive relations twenty times within a minute, last $(pg.object)",
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
    cursorOpened,
    authorised(cursorOpened, mayCallRoutines),
    authorised(cursorOpened, mayExport, { as: "export" }),
    carryingFunctionCalled,
    authorised(carryingFunctionCalled, mayExport),
    linkUsed,
    authorised(linkUsed, mayReachOut),
    credentialsRead,
    authorised(credentialsRead, mayReadCredentials),
    sensitiveTouched,
    sensitiveCopied,
    authorised(sensitiveCopied, mayExport),
    sensitiveBurst,
  ],
});
