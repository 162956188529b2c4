import { pcre2, rule, useCase } from "../src/index.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, misc, read, role, write } from "./base.js";
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
import { calls, GAP, MAYBE_GAP, MAYBE_QUOTE, STATEMENT, WORD, writesCatalog } from "./sql-text.js";
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

/** Attributes that make a role the master of others, or of the server; taking them away is left to the rule above. */
const roleEmpowered = rule({
  key: "role-empowered",
  level: 13,
  on: role,
  where: {
    "pg.command": pcre2("^ALTER ROLE$"),
    "pg.statement": pcre2(`(?i)${WORD}(?:SUPERUSER|CREATEROLE|REPLICATION|BYPASSRLS)\\b`),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) gave a role superuser-like attributes in $(pg.database) from $(pg.client): not authorised",
});

/** Roles that reach files and programs of the server, or everybody's data. */
const powerGranted = rule({
  key: "power-granted",
  level: 13,
  on: role,
  where: {
    "pg.command": pcre2("^GRANT ROLE$"),
    "pg.statement": pcre2(
      `(?i)${WORD}pg_(?:execute_server_program|(?:read|write)_server_files|(?:read|write)_all_data|create_subscription|signal_backend|database_owner)\\b`,
    ),
  },
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) granted a powerful predefined role in $(pg.database) from $(pg.client): not authorised",
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
      "^(?:(?:CREATE|ALTER) (?:DATABASE|TABLESPACE)|REASSIGN OWNED|(?:CREATE|ALTER|DROP) (?:EVENT TRIGGER|LANGUAGE|ACCESS METHOD|SCHEMA))$",
    ),
    "pg.object_type": pcre2("^(?:DATABASE|TABLESPACE|EVENT TRIGGER|LANGUAGE|ACCESS METHOD|SCHEMA)?$"),
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

/** pgaudit 1.7 takes out the passwords of roles, and not those of user mappings and subscriptions. */
const secretLogged = rule({
  key: "secret-in-log",
  level: 7,
  on: remoteLinkAuthorised,
  where: {
    "pg.statement": pcre2(`(?i)${WORD}password${MAYBE_QUOTE}(?:${GAP}|${MAYBE_GAP}=${MAYBE_GAP})'?[^'\\s]`),
  },
  attack: ["T1552"],
  description: "PostgreSQL: $(pg.command) of $(srcuser) in $(pg.database) put a password into the log in clear text",
});

/** Functions of pg_catalog write no record of class FUNCTION; their names stand only in the statement. */
const serverFunctionCalled = rule({
  key: "server-function-called",
  level: 12,
  on: read,
  seenUnder: "full",
  groups: ["dam_routine_execution"],
  where: {
    "pg.command": pcre2("^SELECT$"),
    "pg.statement": pcre2(
      calls(
        "pg_(?:read_file|read_binary_file|ls_dir|ls_logdir|ls_waldir|terminate_backend|cancel_backend|reload_conf|rotate_logfile|switch_wal|promote|stat_reset)",
      ),
    ),
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
    "pg.statement": pcre2(writesCatalog("pg_(?:authid|auth_members|database|db_role_setting|parameter_acl)")),
  },
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) wrote to the catalogue of roles in $(pg.database) from $(pg.client)",
});

/** What loads libraries, runs programs, or decides which triggers, rows and names are seen. */
const DANGEROUS_SETTING = `(?:local_preload_libraries|session_preload_libraries|dynamic_library_path|(?:archive|restore|archive_cleanup|recovery_end|ssl_passphrase)_command|search_path${MAYBE_GAP}(?:=|TO)${MAYBE_GAP}[^;]*pg_temp|row_security|default_transaction_read_only)`;

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

const guarded = [
  parameterGranted,
  dangerousSet,
  dangerousStored,
  privilegeGranted,
  libraryLoaded,
  serverReconfigured,
  extensionCreated,
  extensionAltered,
];

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
    secretLogged,
    serverFunctionCalled,
    authorised(serverFunctionCalled, mayAdminister),
    authorised(serverFunctionCalled, mayMonitor, {
      as: "monitoring",
      where: { "pg.statement": pcre2(calls("pg_(?:stat_reset|ls_logdir|ls_waldir)")) },
    }),
    rolesRewrittenInCatalog,
    ...attempted({
      key: "privileged-operation",
      what: "do a privileged operation",
      statement: `(?:GRANT|REVOKE|REASSIGN|LOAD)\\b|ALTER${GAP}(?:SYSTEM|ROLE|USER|DEFAULT)\\b|SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?(?:ROLE|(?:SESSION${GAP})?AUTHORIZATION|session_replication_role|pgaudit|log_)|(?:CREATE|ALTER|DROP)${GAP}(?:EXTENSION|EVENT${GAP}TRIGGER|LANGUAGE|SERVER|SUBSCRIPTION|PUBLICATION|USER${GAP}MAPPING|FOREIGN${GAP}DATA)\\b`,
      by: mayAdminister,
    }),
  ],
});
