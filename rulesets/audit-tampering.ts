import { pcre2, rule, useCase } from "../src/index.js";
import { announcement, ddl, forgedAudit, misc, read, record, role, routine, write } from "./base.js";
import { AUDIT_SETTING, GAP, MAYBE_GAP, MAYBE_QUOTE, STATEMENT, WORD } from "./sql-text.js";

/** A switch-off is logged after it took effect, and so often not at all; what is logged must not pass unseen. */
const auditSettingChanged = rule({
  key: "audit-setting-changed",
  level: 14,
  on: misc,
  records: "MISC_SET",
  where: {
    "pg.command": pcre2("^(?:RE)?SET$"),
    "pg.statement": pcre2(`(?i)${STATEMENT}(?:RE)?SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?${AUDIT_SETTING}`),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) changed an audit setting in $(pg.database) from $(pg.client)",
});

/** Behind it no trigger and no foreign key is heeded: the application's own audit trail falls silent too. */
const triggersSilenced = rule({
  key: "triggers-silenced",
  level: 14,
  on: auditSettingChanged,
  where: { "pg.statement": pcre2(`(?i)${WORD}session_replication_role\\b`) },
  groups: ["dam_privileged_operation", "dam_code_tampering"],
  description: "PostgreSQL: $(srcuser) changed which triggers fire in $(pg.database) from $(pg.client)",
});

/** The same by a function or a view: a read to pgaudit. The role of the session is a setting too. */
const settingChangedByRead = rule({
  key: "setting-changed-by-read",
  level: 14,
  on: read,
  seenUnder: "full",
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(
      `(?i)(?:${WORD}set_config${MAYBE_QUOTE}${MAYBE_GAP}\\(${MAYBE_GAP}(?:E|U&)?'(?:role'|session_authorization'|${AUDIT_SETTING})|${WORD}UPDATE${GAP}(?:pg_catalog\\.)?${MAYBE_QUOTE}pg_settings\\b)`,
    ),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) changed a setting by a function or a view in $(pg.database) from $(pg.client)",
});

/** Kept for later sessions, for the whole server, or for the run of a function. */
const auditSettingStored = rule({
  key: "audit-setting-stored",
  level: 14,
  on: [ddl, role],
  where: {
    "pg.command": pcre2(
      "^(?:ALTER (?:ROLE|DATABASE|SYSTEM|FUNCTION|PROCEDURE|ROUTINE)|CREATE (?:FUNCTION|PROCEDURE))$",
    ),
    "pg.statement": pcre2(`(?i)${WORD}(?:RE)?SET${GAP}${AUDIT_SETTING}`),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) stored an audit setting by $(pg.command) in $(pg.database) from $(pg.client)",
});

/** Without its extension and event triggers pgaudit still logs, but names neither types nor objects. */
const auditExtensionChanged = rule({
  key: "audit-extension-changed",
  level: 14,
  on: ddl,
  where: {
    "pg.command": pcre2("^(?:ALTER|DROP) (?:EXTENSION|EVENT TRIGGER)$"),
    "pg.statement": pcre2(`(?i)${WORD}pgaudit`),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) on pgaudit itself in $(pg.database) from $(pg.client)",
});

/** A statement longer than what is read of it could hide its end; what its fields say is judged all the same. */
const statementCut = rule({
  key: "statement-cut",
  level: 5,
  on: [ddl, role, routine, read, write, misc],
  seenUnder: "full",
  where: { "pg.cut": pcre2("^") },
  description: "PostgreSQL: a statement of $(srcuser) in $(pg.database) is too long to be read whole: $(pg.command)",
});

/** The server's own word for it, after a reload of its configuration. */
const auditReconfigured = rule({
  key: "audit-reconfigured",
  level: 14,
  on: record,
  where: { "pg.message": pcre2('^parameter \\\\?"{1,2}(?:pgaudit\\.|log_|shared_preload_libraries)') },
  description: "PostgreSQL: the server took over a changed audit or log setting: $(pg.message)",
});

/**
 * log_statement writes a statement before it takes effect, for the accounts that it is set for: superusers. So this one is
 * seen even when it switches pgaudit off.
 */
const settingAnnounced = rule({
  key: "audit-setting-announced",
  level: 14,
  on: announcement,
  where: {
    "pg.message": pcre2(
      `(?i)^(?:statement|execute [^:]*+): (?:(?:.*;)?${MAYBE_GAP}|(?:.*;)?${MAYBE_GAP}(?:CREATE|ALTER)\\b[^;]*${WORD})(?:RE)?SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?${AUDIT_SETTING}`,
    ),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) is about to change an audit setting in $(pg.database) from $(pg.client)",
});

/** Names are their clients' to choose, even before they are known; only forgers put line breaks into them. */
const nameForged = rule({
  key: "name-with-control-character",
  level: 13,
  on: record,
  where: { srcuser: pcre2("[\\x00-\\x1f]|\\\\(?:[nrtbf]|u00)|#0[0-3][0-7]") },
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: a user name with a line break or another control character, from $(pg.client)",
});

/** The same in the name of a database. */
const databaseForged = rule({
  key: "database-name-with-control-character",
  level: 13,
  on: record,
  where: { "pg.database": pcre2("[\\x00-\\x1f]|\\\\(?:[nrtbf]|u00)|#0[0-3][0-7]") },
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: a database name with a line break or another control character, from $(pg.client)",
});

/** A scheduled `SET dam.canary = '…'` leaves this under every preset. No rule can fire on its absence: that is for a search. */
const canary = rule({
  key: "canary",
  level: 3,
  on: misc,
  records: "MISC_SET",
  where: { "pg.command": pcre2("^SET$"), "pg.statement": pcre2("(?i)^SET dam\\.canary\\b") },
  groups: ["dam_canary"],
  description: "PostgreSQL: the audit of $(pg.database) is alive",
});

/** An application's name that looks like a record. */
const applicationForged = rule({
  key: "application-name-like-record",
  level: 12,
  on: record,
  where: { "pg.message": pcre2("^connection authorized: .*application_name=.*(?:AUDIT: |LOG: )") },
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) connected with an application name that looks like a log record",
});

/** What the server says of itself it says without a context; RAISE cannot leave it out. */
const messageForged = rule({
  key: "server-message-forged",
  level: 14,
  on: [record, announcement],
  where: {
    "pg.message": pcre2(
      "^(?:connection (?:received|authenticated|authorized)|replication connection authorized|disconnection|received replication command|statement|parameter)\\b",
    ),
    "pg.context": pcre2("."),
  },
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) forged a message of the server in $(pg.database): $(pg.message)",
});

const recordForged = rule({
  key: "audit-record-forged",
  level: 14,
  on: forgedAudit,
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) forged an audit record in $(pg.database) from $(pg.client): $(pg.command)",
});

export const auditTampering = useCase({
  key: "audit-tampering",
  title: "Audit tampered with",
  summary: "Audit settings changed in a session or for the server, and audit records forged.",
  group: "dam_audit_tampering",
  attack: ["T1562.001"],
  compliance: {
    pci_dss: ["10.2.1.6", "10.3.2"],
    hipaa: ["164.312.b"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["AU.5", "AU.9"],
    tsc: ["CC7.2"],
  },
  rules: [
    auditSettingChanged,
    triggersSilenced,
    settingChangedByRead,
    auditSettingStored,
    auditExtensionChanged,
    auditReconfigured,
    settingAnnounced,
    recordForged,
    messageForged,
    nameForged,
    databaseForged,
    canary,
    applicationForged,
    statementCut,
  ],
});
