/** Ways to break a server that is as generated, each with a neighbour that breaks nothing. SQL runs as superuser in appdb. */

export interface Change {
  readonly sql: readonly string[];
  readonly undo: readonly string[];
  /** The change takes effect when the configuration is read again. */
  readonly reload?: true;
}

export interface LiveCase {
  /** The one check that gives a finding. */
  readonly code: string;
  readonly broken: Change;
  readonly harmless: Change;
}

const sql = (change: string, undo: string): Change => ({ sql: change.split(";;"), undo: undo.split(";;") });

const system = (name: string, value: string): Change => ({
  sql: [`ALTER SYSTEM SET ${name} = '${value}'`],
  undo: [`ALTER SYSTEM RESET ${name}`],
  reload: true,
});

const role = (attributes: string) => sql(`CREATE ROLE eve ${attributes}`, "DROP ROLE eve");
const routine = (rest: string) => sql(`CREATE FUNCTION app.made() ${rest}`, "DROP FUNCTION app.made");
const grant = (what: string, whom: string) => sql(`GRANT ${what} TO ${whom}`, `REVOKE ${what} FROM ${whom}`);
const LIBRARY = "RETURNS trigger LANGUAGE c AS '$libdir/autoinc', 'autoinc'";

export const LIVE_CASES: readonly LiveCase[] = [
  {
    code: "pgaudit-extension-missing",
    broken: sql("DROP EXTENSION pgaudit", "CREATE EXTENSION pgaudit"),
    harmless: sql("CREATE EXTENSION pg_trgm", "DROP EXTENSION pg_trgm"),
  },
  {
    code: "pgaudit-event-triggers",
    broken: sql("ALTER EVENT TRIGGER pgaudit_sql_drop DISABLE", "ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE"),
    harmless: sql("ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE ALWAYS", "ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE"),
  },
  {
    code: "pgaudit-event-triggers",
    broken: sql("ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE REPLICA", "ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE"),
    harmless: sql(
      "COMMENT ON EVENT TRIGGER pgaudit_sql_drop IS 'x'",
      "COMMENT ON EVENT TRIGGER pgaudit_sql_drop IS NULL",
    ),
  },
  {
    code: "pgaudit-version",
    broken: sql(
      "UPDATE pg_extension SET extversion = '1.6' WHERE extname = 'pgaudit'",
      "UPDATE pg_extension SET extversion = '1.7' WHERE extname = 'pgaudit'",
    ),
    harmless: sql(
      "UPDATE pg_extension SET extversion = '1.7.1' WHERE extname = 'pgaudit'",
      "UPDATE pg_extension SET extversion = '1.7' WHERE extname = 'pgaudit'",
    ),
  },
  {
    code: "pgaudit-user-mapping-leak",
    broken: sql(
      "CREATE FOREIGN DATA WRAPPER away;;CREATE SERVER away FOREIGN DATA WRAPPER away",
      "DROP FOREIGN DATA WRAPPER away CASCADE",
    ),
    harmless: sql("CREATE FOREIGN DATA WRAPPER away", "DROP FOREIGN DATA WRAPPER away"),
  },
  {
    code: "audit-classes-short",
    broken: system("pgaudit.log", "all, -misc_set"),
    harmless: system("pgaudit.log", "read, write, function, role, ddl, MISC"),
  },
  {
    code: "audit-role-not-set",
    broken: system("pgaudit.role", ""),
    harmless: system("pgaudit.role", "auditor"),
  },
  {
    code: "audit-catalog-off",
    broken: system("pgaudit.log_catalog", "off"),
    harmless: system("pgaudit.log_catalog", "yes"),
  },
  {
    code: "audit-level-differs",
    broken: system("pgaudit.log_level", "debug1"),
    harmless: system("pgaudit.log_level", "log"),
  },
  {
    code: "audit-rows-on",
    broken: system("pgaudit.log_rows", "on"),
    harmless: system("pgaudit.log_rows", "false"),
  },
  {
    code: "audit-rows-on",
    broken: sql("ALTER ROLE backup_svc SET pgaudit.log_rows = on", "ALTER ROLE backup_svc RESET pgaudit.log_rows"),
    harmless: sql("ALTER ROLE app_ro SET pgaudit.log_rows = on", "ALTER ROLE app_ro RESET pgaudit.log_rows"),
  },
  {
    code: "audit-records-differ",
    broken: system("pgaudit.log_statement_once", "on"),
    harmless: system("pgaudit.log_parameter", "true"),
  },
  {
    code: "setting-overridden",
    broken: sql("ALTER ROLE app_rw SET pgaudit.log = 'ddl'", "ALTER ROLE app_rw RESET pgaudit.log"),
    harmless: sql("ALTER ROLE app_rw SET pgaudit.log = 'all'", "ALTER ROLE app_rw RESET pgaudit.log"),
  },
  {
    code: "setting-overridden",
    broken: sql("ALTER DATABASE appdb SET log_min_messages = 'panic'", "ALTER DATABASE appdb RESET log_min_messages"),
    harmless: sql(
      "ALTER DATABASE appdb SET log_min_duration_statement = 100",
      "ALTER DATABASE appdb RESET log_min_duration_statement",
    ),
  },
  {
    code: "setting-overridden",
    broken: sql("ALTER ROLE dba_alice SET log_statement = 'mod'", "ALTER ROLE dba_alice SET log_statement = 'all'"),
    harmless: sql("ALTER ROLE ALL SET log_statement = 'ddl'", "ALTER ROLE ALL RESET log_statement"),
  },
  {
    code: "parameter-granted",
    broken: grant('SET ON PARAMETER "pgaudit.log"', "app_rw"),
    harmless: grant("SET ON PARAMETER deadlock_timeout", "app_rw"),
  },
  {
    code: "parameter-granted",
    broken: grant("ALTER SYSTEM ON PARAMETER archive_command", "app_rw"),
    harmless: grant("ALTER SYSTEM ON PARAMETER archive_command", "dba_alice"),
  },
  {
    code: "silencing-role",
    broken: grant("SET ON PARAMETER log_min_messages", "PUBLIC"),
    harmless: grant("SET ON PARAMETER temp_file_limit", "PUBLIC"),
  },
  {
    code: "setting-pending-restart",
    broken: system("max_connections", "50"),
    harmless: system("work_mem", "5MB"),
  },
  {
    code: "log-destination-missing",
    broken: system("log_destination", "csvlog"),
    harmless: system("log_destination", "stderr, jsonlog"),
  },
  {
    code: "log-location-differs",
    broken: system("log_filename", "other-%Y.log"),
    harmless: system("log_rotation_size", "1MB"),
  },
  { code: "log-file-mode", broken: system("log_file_mode", "0644"), harmless: system("log_file_mode", "0600") },
  { code: "log-connections-off", broken: system("log_connections", "off"), harmless: system("log_connections", "1") },
  {
    code: "log-disconnections-off",
    broken: system("log_disconnections", "off"),
    harmless: system("log_hostname", "off"),
  },
  {
    code: "log-replication-commands-off",
    broken: system("log_replication_commands", "off"),
    harmless: system("log_duration", "off"),
  },
  { code: "log-lock-waits-off", broken: system("log_lock_waits", "off"), harmless: system("log_checkpoints", "on") },
  {
    code: "log-verbosity-differs",
    broken: system("log_error_verbosity", "terse"),
    harmless: system("log_error_verbosity", "DEFAULT"),
  },
  {
    code: "log-messages-quiet",
    broken: system("log_min_messages", "fatal"),
    harmless: system("log_min_messages", "info"),
  },
  {
    code: "log-error-statement-quiet",
    broken: system("log_min_error_statement", "log"),
    harmless: system("log_min_error_statement", "notice"),
  },
  {
    code: "debug-output-on",
    broken: system("debug_print_plan", "on"),
    harmless: system("debug_pretty_print", "off"),
  },
  {
    code: "audit-role-unsafe",
    broken: sql("ALTER ROLE auditor LOGIN", "ALTER ROLE auditor NOLOGIN"),
    harmless: sql("ALTER ROLE auditor CONNECTION LIMIT 0", "ALTER ROLE auditor CONNECTION LIMIT -1"),
  },
  {
    code: "audit-role-unsafe",
    broken: grant("auditor", "app_rw"),
    harmless: grant("app_owner", "app_rw"),
  },
  {
    code: "audit-role-lacks-relation",
    broken: sql("REVOKE INSERT ON app.payments FROM auditor", "GRANT INSERT ON app.payments TO auditor"),
    harmless: grant("TRUNCATE ON app.payments", "auditor"),
  },
  {
    code: "audit-role-lacks-partition",
    broken: sql("CREATE TABLE app.old_payments () INHERITS (app.payments)", "DROP TABLE app.old_payments"),
    harmless: sql(
      "CREATE TABLE app.old_payments () INHERITS (app.payments);;GRANT SELECT, INSERT, UPDATE, DELETE ON app.old_payments TO auditor",
      "DROP TABLE app.old_payments",
    ),
  },
  {
    code: "audit-role-lacks-catalogue",
    broken: sql("REVOKE UPDATE ON pg_proc FROM auditor", "GRANT UPDATE ON pg_proc TO auditor"),
    harmless: grant("REFERENCES ON pg_proc", "auditor"),
  },
  {
    code: "audit-role-lacks-catalogue",
    broken: sql(
      "REVOKE SELECT (rolpassword) ON pg_authid FROM auditor",
      "GRANT SELECT (rolpassword) ON pg_authid TO auditor",
    ),
    harmless: grant("SELECT (rolname) ON pg_authid", "auditor"),
  },
  {
    code: "sensitive-relation-missing",
    broken: sql("ALTER TABLE app.customers RENAME TO clients", "ALTER TABLE app.clients RENAME TO customers"),
    harmless: sql("CREATE TABLE app.clients ()", "DROP TABLE app.clients"),
  },
  {
    code: "superuser-unannounced",
    broken: sql("ALTER ROLE dba_alice RESET log_statement", "ALTER ROLE dba_alice SET log_statement = 'all'"),
    harmless: sql(
      "ALTER ROLE dba_alice NOLOGIN;;ALTER ROLE dba_alice RESET log_statement",
      "ALTER ROLE dba_alice LOGIN;;ALTER ROLE dba_alice SET log_statement = 'all'",
    ),
  },
  {
    // In one database only.
    code: "superuser-unannounced",
    broken: sql(
      "ALTER ROLE dba_alice RESET log_statement;;ALTER ROLE dba_alice IN DATABASE appdb SET log_statement = 'all'",
      "ALTER ROLE dba_alice SET log_statement = 'all';;ALTER ROLE dba_alice IN DATABASE appdb RESET log_statement",
    ),
    harmless: sql(
      "ALTER ROLE dba_alice IN DATABASE appdb SET log_statement = 'all'",
      "ALTER ROLE dba_alice IN DATABASE appdb RESET log_statement",
    ),
  },
  { code: "superuser-unknown", broken: role("SUPERUSER"), harmless: role("CREATEDB") },
  {
    code: "superuser-by-membership",
    broken: sql("GRANT dba_alice TO app_rw", "REVOKE dba_alice FROM app_rw;;ALTER ROLE app_rw RESET log_statement"),
    harmless: grant("app_owner", "app_rw"),
  },
  {
    code: "superuser-by-membership",
    broken: sql("GRANT dba_alice TO app_rw", "REVOKE dba_alice FROM app_rw;;ALTER ROLE app_rw RESET log_statement"),
    harmless: sql(
      "GRANT dba_alice TO app_rw;;ALTER ROLE app_rw SET log_statement = 'all'",
      "REVOKE dba_alice FROM app_rw;;ALTER ROLE app_rw RESET log_statement",
    ),
  },
  { code: "powerful-role-unknown", broken: role("PASSWORD 'x' CREATEROLE"), harmless: role("PASSWORD 'x'") },
  { code: "powerful-role-unknown", broken: role("LOGIN BYPASSRLS"), harmless: role("NOLOGIN NOBYPASSRLS") },
  { code: "login-role-unknown", broken: role("LOGIN"), harmless: role("NOLOGIN") },
  {
    code: "policy-account-missing",
    broken: sql("DROP ROLE svc_web", "CREATE ROLE svc_web LOGIN"),
    harmless: sql("ALTER ROLE svc_web NOLOGIN", "ALTER ROLE svc_web LOGIN"),
  },
  {
    code: "server-program-member",
    broken: grant("pg_read_server_files", "app_owner"),
    harmless: grant("pg_monitor", "app_owner"),
  },
  {
    code: "all-data-member",
    broken: grant("pg_read_all_data", "app_rw"),
    harmless: grant("pg_read_all_data", "backup_svc"),
  },
  {
    code: "all-data-member",
    broken: grant("pg_write_all_data", "backup_svc"),
    harmless: grant("pg_write_all_data", "dba_alice"),
  },
  {
    code: "definer-without-search-path",
    broken: routine("RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
    harmless: routine("RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS 'SELECT 1'"),
  },
  {
    code: "c-routine-outside-libdir",
    broken: {
      sql: [
        `CREATE FUNCTION app.made() ${LIBRARY}`,
        "UPDATE pg_proc SET probin = '/tmp/evil.so' WHERE proname = 'made'",
      ],
      undo: ["DROP FUNCTION app.made"],
    },
    harmless: routine(LIBRARY),
  },
  {
    code: "wrapped-routine",
    broken: {
      sql: [
        "SET check_function_bodies = off",
        "CREATE FUNCTION app.made() RETURNS int LANGUAGE plpgsql AS E'\\n$__EDBwrapped__$$PROTOCOL2$\\nUTF8\\nd05lNHFJ\\n$__EDBwrapped__$'",
      ],
      undo: ["DROP FUNCTION app.made", "RESET check_function_bodies"],
    },
    harmless: routine(
      "RETURNS bool LANGUAGE sql AS $x$SELECT count(*) > 0 FROM pg_proc WHERE prosrc LIKE '$__EDBwrapped__$%'$x$",
    ),
  },
  {
    code: "untrusted-language",
    broken: sql("CREATE LANGUAGE made HANDLER plpgsql_call_handler", "DROP LANGUAGE made"),
    harmless: sql("CREATE TRUSTED LANGUAGE made HANDLER plpgsql_call_handler", "DROP LANGUAGE made"),
  },
  {
    code: "reaching-extension",
    broken: sql("CREATE EXTENSION dblink", "DROP EXTENSION dblink"),
    harmless: sql("CREATE EXTENSION hstore", "DROP EXTENSION hstore"),
  },
  {
    code: "foreign-event-trigger",
    broken: sql(
      "CREATE FUNCTION app.made() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';;CREATE EVENT TRIGGER made ON ddl_command_start EXECUTE FUNCTION app.made()",
      "DROP EVENT TRIGGER made;;DROP FUNCTION app.made",
    ),
    harmless: routine("RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"),
  },
  {
    code: "public-schema-create",
    broken: grant("CREATE ON SCHEMA app", "PUBLIC"),
    harmless: grant("USAGE ON SCHEMA app", "PUBLIC"),
  },
  {
    code: "public-relation-privileges",
    broken: grant("SELECT ON app.customers", "PUBLIC"),
    harmless: grant("SELECT ON app.orders", "PUBLIC"),
  },
  {
    code: "public-relation-privileges",
    broken: grant("DELETE ON app.orders", "PUBLIC"),
    harmless: grant("DELETE ON app.orders", "app_rw"),
  },
  {
    code: "public-relation-privileges",
    broken: grant("SELECT (yearly) ON hr.salaries", "PUBLIC"),
    harmless: grant("SELECT (yearly) ON hr.salaries", "hr_app"),
  },
  {
    code: "public-default-privileges",
    broken: sql(
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC",
    ),
    harmless: sql(
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app_ro",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM app_ro",
    ),
  },
  {
    code: "public-server-function",
    broken: grant("EXECUTE ON FUNCTION pg_read_file(text)", "PUBLIC"),
    harmless: grant("EXECUTE ON FUNCTION pg_ls_waldir()", "PUBLIC"),
  },
  {
    code: "public-database-create",
    broken: grant("CREATE ON DATABASE appdb", "PUBLIC"),
    harmless: grant("CREATE ON DATABASE appdb", "app_owner"),
  },
  {
    code: "large-object-readable",
    broken: sql("SELECT lo_create(4711)", "SELECT lo_unlink(4711)"),
    harmless: sql(
      "SELECT lo_create(4711);;REVOKE EXECUTE ON FUNCTION lo_get(oid), lo_get(oid, bigint, int), loread(int, int) FROM PUBLIC",
      "SELECT lo_unlink(4711);;GRANT EXECUTE ON FUNCTION lo_get(oid), lo_get(oid, bigint, int), loread(int, int) TO PUBLIC",
    ),
  },
  {
    code: "command-setting",
    broken: system("archive_cleanup_command", "/bin/true"),
    harmless: system("archive_timeout", "60"),
  },
  {
    code: "library-setting",
    broken: system("session_preload_libraries", "auto_explain"),
    harmless: system("jit", "off"),
  },
  {
    code: "library-setting",
    broken: sql(
      "ALTER ROLE app_rw SET local_preload_libraries = 'x'",
      "ALTER ROLE app_rw RESET local_preload_libraries",
    ),
    harmless: sql("ALTER ROLE app_rw SET search_path = app", "ALTER ROLE app_rw RESET search_path"),
  },
  {
    code: "replication-slot",
    broken: sql("SELECT pg_create_physical_replication_slot('made')", "SELECT pg_drop_replication_slot('made')"),
    harmless: sql("CREATE PUBLICATION made", "DROP PUBLICATION made"),
  },
  {
    code: "subscription",
    broken: sql(
      "CREATE SUBSCRIPTION made CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE)",
      "DROP SUBSCRIPTION made",
    ),
    harmless: sql("CREATE PUBLICATION made", "DROP PUBLICATION made"),
  },
];
