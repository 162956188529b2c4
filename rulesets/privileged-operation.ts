import { pcre2, rule, useCase } from "../src/index.js";
import { TABLE_CATALOGS } from "./alter-table.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { announcement, ddl, misc, objectWrite, read, record, role, routine, write } from "./base.js";
import { codeRewrittenInCatalog } from "./code-tampering.js";
import {
  mayAdminister,
  mayChangeRoles,
  mayChangeRoutines,
  mayChangeTables,
  mayDump,
  mayMonitor,
  mayReachOut,
  maySwitchRole,
} from "./lists.js";
import { secretInLog } from "./secret-in-log.js";
import {
  CLEAR_PASSWORD,
  calls,
  GAP,
  MAYBE_GAP,
  MAYBE_QUOTE,
  POWER,
  POWERFUL_ROLE,
  STATEMENT,
  WORD,
  writesCatalog,
} from "./sql-text.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

/**
 * What changes privileges in any other way than the rules for roles name: GRANT, REVOKE, ALTER DEFAULT PRIVILEGES. pgaudit
 * never names the object or the role; the statement does.
 */
const privilegeGranted = rule({
  key: "privilege-granted",
  level: 11,
  on: role,
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const membershipGranted = rule({
  key: "membership-granted",
  level: 12,
  on: role,
  where: { "pg.command": pcre2("^(?:GRANT|REVOKE) ROLE$") },
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const roleAltered = rule({
  key: "role-altered",
  level: 12,
  on: role,
  where: { "pg.command": pcre2("^ALTER ROLE$") },
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) altered a role in $(pg.database) from $(pg.client): not authorised",
});

/** By attributes, or as ALTER GROUP by membership; taking attributes away is left to the rule above. */
const roleEmpowered = rule({
  key: "role-empowered",
  level: 13,
  on: role,
  where: {
    "pg.command": pcre2("^ALTER ROLE$"),
    "pg.statement": pcre2(`(?i)${WORD}${POWER}\\b`),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave a role powers over others or the server in $(pg.database) from $(pg.client): not authorised",
});

/** Roles that reach files and programs of the server, or everybody's data; and roles that whoever gets them may pass on. */
const powerGranted = rule({
  key: "power-granted",
  level: 13,
  on: role,
  where: {
    "pg.command": pcre2("^GRANT ROLE$"),
    "pg.statement": pcre2(`(?i)${WORD}(?:${POWERFUL_ROLE}\\b|WITH${GAP}ADMIN\\b)`),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) granted a powerful role, or one to be passed on, in $(pg.database) from $(pg.client): not authorised",
});

/** To everybody, or on everything in a schema, what is there and what will be. */
const overGranted = rule({
  key: "privilege-granted-widely",
  level: 12,
  on: role,
  where: {
    "pg.command": pcre2("^(?:GRANT|ALTER DEFAULT PRIVILEGES)$"),
    "pg.statement": pcre2(
      `(?is)^(?>.*?${WORD}GRANT${GAP}).*?(?:${WORD}TO${GAP}PUBLIC\\b|${WORD}ALL${GAP}\\w+${GAP}IN${GAP}SCHEMA\\b)`,
    ),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) granted privileges to everybody or on a whole schema in $(pg.database) from $(pg.client): not authorised",
});

/** SET ROLE changes who acts, and no later record says so: `%u` stays the session's user. */
const roleTaken = rule({
  key: "role-taken",
  level: 10,
  on: misc,
  records: "MISC_SET",
  where: {
    "pg.command": pcre2("^SET$"),
    "pg.statement": pcre2(
      `(?i)${STATEMENT}SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?${MAYBE_QUOTE}(?:ROLE|(?:SESSION${GAP})?AUTHORIZATION)\\b`,
    ),
  },
  attack: ["T1548"],
  description: "PostgreSQL: $(srcuser) took another role in $(pg.database) from $(pg.client): not authorised",
});

/** The extension set_user, which is used where nobody may log in as superuser. */
const roleTakenByFunction = rule({
  key: "role-taken-by-function",
  level: 12,
  on: routine,
  seenUnder: "standard",
  where: { "pg.object": pcre2("(?:^|\\.)(?:set_user(?:_u)?|set_session_auth)$") },
  groups: ["dam_routine_execution"],
  attack: ["T1548"],
  description:
    "PostgreSQL: $(srcuser) took another role by $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** pg_cron: what runs later, when nobody is logged in. */
const jobScheduled = rule({
  key: "job-scheduled",
  level: 12,
  on: routine,
  seenUnder: "standard",
  where: { "pg.object": pcre2("^(?:cron|pgagent|timetable)\\.") },
  groups: ["dam_routine_execution"],
  attack: ["T1053"],
  description:
    "PostgreSQL: $(srcuser) scheduled or changed a job by $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

const libraryLoaded = rule({
  key: "library-loaded",
  level: 13,
  on: misc,
  seenUnder: "full",
  where: { "pg.command": pcre2("^LOAD$") },
  attack: ["T1129"],
  description: "PostgreSQL: $(srcuser) loaded a library in $(pg.database) from $(pg.client): not authorised",
});

const serverReconfigured = rule({
  key: "server-reconfigured",
  level: 13,
  on: ddl,
  where: { "pg.command": pcre2("^ALTER SYSTEM$") },
  attack: ["T1562.001"],
  description: "PostgreSQL: $(srcuser) changed the server's configuration from $(pg.client): not authorised",
});

const serverObjectChanged = rule({
  key: "server-object-changed",
  level: 12,
  on: ddl,
  where: {
    "pg.command": pcre2(
      "^(?:(?:CREATE|ALTER) (?:DATABASE|TABLESPACE)|REASSIGN OWNED|(?:CREATE|ALTER|DROP) (?:LANGUAGE|ACCESS METHOD|SCHEMA)|SECURITY LABEL)$",
    ),
    "pg.object_type": pcre2("^(?:DATABASE|TABLESPACE|LANGUAGE|ACCESS METHOD|SCHEMA)?$"),
  },
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** CREATE EXTENSION writes two records; the first, before it runs, is blank and always there. */
const extensionCreated = rule({
  key: "extension-created",
  level: 12,
  on: ddl,
  where: { "pg.command": pcre2("^CREATE EXTENSION$"), "pg.object_type": pcre2("^$") },
  attack: ["T1505.001"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

/** Dropping leaves a record for each function, view and table of the extension, and none for the extension itself. */
const extensionAltered = rule({
  key: "extension-altered",
  level: 13,
  on: ddl,
  where: { "pg.command": pcre2("^(?:ALTER|DROP) EXTENSION$") },
  attack: ["T1562.001"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const remoteLinkChanged = rule({
  key: "remote-link-changed",
  level: 12,
  on: ddl,
  where: {
    "pg.command": pcre2(
      "^(?:CREATE|ALTER|DROP) (?:SERVER|USER MAPPING|FOREIGN DATA WRAPPER|PUBLICATION|SUBSCRIPTION)$",
    ),
  },
  groups: ["dam_data_exfiltration"],
  attack: ["T1041"],
  description: "PostgreSQL: $(srcuser) ran $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const remoteLinkAuthorised = authorised(remoteLinkChanged, mayReachOut);

/** log_statement announces what superusers are about to do, with every password in it. */
const secretAnnounced = rule({
  key: "secret-announced",
  level: 6,
  on: announcement,
  where: { "pg.message": pcre2(CLEAR_PASSWORD) },
  groups: ["dam_secret_in_log"],
  attack: ["T1552"],
  description: "PostgreSQL: a statement of $(srcuser) in $(pg.database) put a password into the log in clear text",
});

const BACKUP_FUNCTION =
  "pg_(?:backup_st(?:art|op)|(?:start|stop)_backup|drop_replication_slot|replication_slot_advance|create_restore_point|switch_wal)";
const MONITORING_FUNCTION = "pg_(?:stat_reset\\w*|ls_\\w+dir|current_logfile)";
const SERVER_FUNCTION = `${BACKUP_FUNCTION}|${MONITORING_FUNCTION}|pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile|promote|wal_replay_\\w+|log_backend_memory_contexts|logical_emit_message|replication_origin_\\w+|import_system_collations)`;

/** Functions of pg_catalog write no record of class FUNCTION; their names stand only in the statement. */
const serverFunctionCalled = rule({
  key: "server-function-called",
  level: 12,
  on: read,
  seenUnder: "full",
  groups: ["dam_routine_execution"],
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(calls(SERVER_FUNCTION)),
  },
  description:
    "PostgreSQL: $(srcuser) called an administrative function in $(pg.database) from $(pg.client): not authorised",
});

const rolesRewrittenInCatalog = rule({
  key: "roles-rewritten-in-catalog",
  level: 14,
  on: [write, read, misc],
  seenUnder: "full",
  where: {
    "pg.command": WRITES,
    "pg.statement": pcre2(
      writesCatalog("pg_(?:authid|auth_members|database|db_role_setting|parameter_acl|namespace|default_acl)"),
    ),
  },
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) wrote to the catalogue of roles in $(pg.database) from $(pg.client)",
});

/** By object auditing: whatever the statement looks like, and where a session has switched its own auditing off. */
const catalogWritten = rule({
  key: "catalog-written",
  level: 14,
  on: objectWrite,
  where: {
    "pg.object": pcre2(`^pg_catalog\\.(?!(?:${TABLE_CATALOGS}|pg_rewrite|pg_authid)$)`),
  },
  groups: ["dam_code_tampering"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) wrote to $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** What loads libraries, runs programs, or decides which triggers, rows and names are seen. */
const RUNS =
  "(?:(?:local|session)_preload_libraries|dynamic_library_path|jit_provider|archive_library|(?:archive|restore|archive_cleanup|recovery_end|ssl_passphrase)_command|(?:hba|ident)_file)";
const DANGEROUS_SETTING = `(?:${RUNS}|allow_system_table_mods|password_encryption|search_path${MAYBE_GAP}(?:=|TO)${MAYBE_GAP}[^;]*pg_temp|row_security|default_transaction_read_only)`;

const dangerousSet = rule({
  key: "dangerous-setting-set",
  level: 11,
  on: misc,
  records: "MISC_SET",
  where: {
    "pg.command": pcre2("^SET$"),
    "pg.statement": pcre2(`(?i)${STATEMENT}SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?${MAYBE_QUOTE}${DANGEROUS_SETTING}`),
  },
  attack: ["T1574"],
  description:
    "PostgreSQL: $(srcuser) set what libraries, programs or rows a session uses in $(pg.database) from $(pg.client): not authorised",
});

const dangerousStored = rule({
  key: "dangerous-setting-stored",
  level: 14,
  on: [ddl, role],
  where: {
    "pg.command": pcre2("^ALTER (?:ROLE|DATABASE|SYSTEM)$"),
    "pg.statement": pcre2(`(?i)${WORD}SET${GAP}${MAYBE_QUOTE}${DANGEROUS_SETTING}`),
  },
  attack: ["T1574"],
  description:
    "PostgreSQL: $(srcuser) stored by $(pg.command) what libraries or programs run in $(pg.database) from $(pg.client): not authorised",
});

/** The server's own word for it, after a reload: also of what somebody wrote into the file. */
const dangerousTakenOver = rule({
  key: "dangerous-setting-taken-over",
  level: 12,
  on: record,
  where: { "pg.message": pcre2(`^parameter \\\\?"{1,2}${RUNS}`) },
  attack: ["T1574"],
  description: "PostgreSQL: the server took over a setting of what libraries or programs run: $(pg.message)",
});

/** It lets a role change a setting that only superusers may: also the one that switches pgaudit off. */
const parameterGranted = rule({
  key: "parameter-granted",
  level: 13,
  on: role,
  where: {
    "pg.statement": pcre2(`(?i)${WORD}ON${GAP}PARAMETER\\b`),
  },
  groups: ["dam_audit_tampering"],
  attack: ["T1562.001"],
  description:
    "PostgreSQL: $(srcuser) ran $(pg.command) on a server parameter in $(pg.database) from $(pg.client): not authorised",
});

/** What its caller may not do it does for him, with its owner's rights. */
const definerMade = rule({
  key: "definer-routine-made",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^(?:CREATE|ALTER) (?:FUNCTION|PROCEDURE|ROUTINE)$"),
    "pg.statement": pcre2(`(?i)${WORD}SECURITY${GAP}DEFINER\\b`),
  },
  groups: ["dam_code_tampering"],
  attack: ["T1548"],
  description:
    "PostgreSQL: $(srcuser) made $(pg.object) run with its owner's rights in $(pg.database) from $(pg.client): not authorised",
});

/** Who owns a thing may do all with it. Tables, views and routines have rules of their own. */
const ownerChanged = rule({
  key: "owner-changed",
  level: 12,
  on: ddl,
  where: {
    "pg.command": pcre2("^ALTER "),
    "pg.statement": pcre2(`(?i)${WORD}OWNER${GAP}TO\\b`),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave $(pg.object) to another owner by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const guarded = [
  roleTakenByFunction,
  jobScheduled,
  ownerChanged,
  parameterGranted,
  dangerousSet,
  dangerousStored,
  privilegeGranted,
  libraryLoaded,
  serverReconfigured,
  extensionCreated,
  extensionAltered,
];

/** Statements that reach out to other servers. */
export const LINKING = `(?:CREATE|ALTER|DROP)${GAP}(?:SERVER|SUBSCRIPTION|PUBLICATION|USER\\W[^;]{0,60}?MAPPING|FOREIGN\\W[^;]{0,60}?DATA)\\b`;

/** Statements that fail, or are announced, have no fields. */
const PRIVILEGED = `(?:${[
  `(?:GRANT|REVOKE)\\b[^;]*?\\bON\\b`,
  "(?:REASSIGN|LOAD)\\b",
  `ALTER${GAP}(?:SYSTEM|DEFAULT|DATABASE|TABLESPACE)\\b`,
  "ALTER\\b[^;]*?\\bOWNER\\W[^;]{0,60}?TO\\b",
  `SET${GAP}(?:(?:LOCAL|SESSION)\\W[^;]{0,60}?)?(?:session_replication_role|pgaudit|log_|${RUNS}|allow_system)`,
  `(?:CREATE|ALTER|DROP)${GAP}(?:EXTENSION|EVENT|LANGUAGE|TRUSTED|TABLESPACE|DATABASE|ACCESS)\\b`,
  "SECURITY\\W[^;]{0,60}?LABEL\\b",
  `SELECT\\b[^;]*?\\b(?:(?:${SERVER_FUNCTION})${MAYBE_GAP}\\(|set_config\\((?:E|U&)?'(?:pgaudit|log_|role'|session_))`,
].join("|")})`;

export const privilegedOperation = useCase({
  key: "privileged-operation",
  title: "Privileged operation",
  summary:
    "Privileges, memberships and roles changed, roles taken, the server, its extensions, settings and files operated on.",
  group: "dam_privileged_operation",
  attack: ["T1078"],
  compliance: {
    pci_dss: ["10.2.1.2", "7.2.2"],
    hipaa: ["164.308.a.4", "164.312.a.1"],
    gdpr: ["IV_32.2"],
    nist_800_53: ["AC.2", "AC.6", "AU.12"],
    tsc: ["CC6.1", "CC6.3", "CC7.2"],
  },
  rules: [
    ...guarded.flatMap((alert) => [alert, authorised(alert, mayAdminister)]),
    overGranted,
    authorised(overGranted, mayAdminister, { level: 5 }),
    dangerousTakenOver,
    authorised(dangerousSet, mayDump, {
      as: "dump",
      where: { "pg.statement": pcre2(`(?i)${STATEMENT}SET${GAP}row_security\\b`) },
    }),
    membershipGranted,
    authorised(membershipGranted, mayChangeRoles),
    roleAltered,
    authorised(roleAltered, mayChangeRoles),
    roleEmpowered,
    authorised(roleEmpowered, mayAdminister, { level: 5 }),
    powerGranted,
    authorised(powerGranted, mayAdminister, { level: 5 }),
    roleTaken,
    authorised(roleTaken, maySwitchRole),
    serverObjectChanged,
    authorised(serverObjectChanged, mayChangeTables, {
      as: "owner",
      where: { "pg.command": pcre2("SCHEMA$") },
    }),
    authorised(serverObjectChanged, mayAdminister),
    definerMade,
    authorised(definerMade, mayChangeRoutines, { level: 5 }),
    remoteLinkChanged,
    remoteLinkAuthorised,
    secretInLog(remoteLinkAuthorised, "pg.statement", "secret-in-log"),
    secretAnnounced,
    serverFunctionCalled,
    authorised(serverFunctionCalled, mayAdminister),
    authorised(serverFunctionCalled, mayMonitor, {
      as: "monitoring",
      where: { "pg.statement": pcre2(calls(MONITORING_FUNCTION)) },
    }),
    authorised(serverFunctionCalled, mayDump, {
      as: "backup",
      where: { "pg.statement": pcre2(calls(BACKUP_FUNCTION)) },
    }),
    rolesRewrittenInCatalog,
    catalogWritten,
    authorised(catalogWritten, mayAdminister, { level: 5 }),
    toldAlready(extensionAltered),
    toldAlready(catalogWritten, rolesRewrittenInCatalog, { seenUnder: "full" }),
    toldAlready(catalogWritten, codeRewrittenInCatalog, { as: "told-as-code", seenUnder: "full" }),
    ...announced({
      key: "privileged-operation",
      what: "do a privileged operation",
      statement: PRIVILEGED,
      permits: [mayAdminister],
    }),
    ...announced({
      key: "role-change",
      what: "change or take a role",
      statement: `(?:GRANT|REVOKE)${GAP}(?:(?!ON\\b)[^;'(])*?${WORD}(?:TO|FROM)\\b|ALTER${GAP}(?:ROLE|USER|GROUP)${GAP}(?!MAPPING)|SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?(?:ROLE|(?:SESSION${GAP})?AUTHORIZATION)\\b`,
      permits: [mayChangeRoles, maySwitchRole],
    }),
    ...attempted({
      key: "privileged-operation",
      what: "do a privileged operation",
      statement: `${PRIVILEGED}|${LINKING}|(?:GRANT|REVOKE)\\b|ALTER\\W[^;]{0,60}?\\b(?:ROLE|USER)\\b|SET\\W[^;]{0,60}?(?:ROLE|AUTHORIZATION)\\b`,
      by: mayAdminister,
    }),
  ],
});
