/** Who but superusers may change parameters that auditing hangs on (PostgreSQL 15). */
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check, Finding } from "../check.js";

/** Parameters whose grant switches auditing off, or runs programs and libraries. */
const GUARDED =
  "^(pgaudit\\.|log_|syslog_|archive_(command|library|cleanup_command)$|restore_command$|recovery_end_command$|ssl_passphrase_command|(session|shared|local)_preload_libraries$|dynamic_library_path$|jit_provider$|lc_messages$|session_replication_role$|allow_system_table_mods$)";
/** These are of `silencing-role`. */
const SILENCING = ["log_min_messages", "log_min_error_statement"];

interface GrantRow {
  readonly parameter: string;
  readonly grantee: string;
  readonly privilege: string;
}

/** Grants on parameters to others than superusers; `$1` chooses the parameters. */
const PARAMETER_GRANTS = `
SELECT parname AS parameter, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE rolname::text END AS grantee,
  privilege_type AS privilege
FROM pg_parameter_acl, aclexplode(paracl) LEFT JOIN pg_roles ON pg_roles.oid = grantee
WHERE NOT coalesce(rolsuper, false)`;

const parameterGranted: Check<GrantRow> = {
  code: "parameter-granted",
  title: "nobody but superusers may change audit, log and library parameters",
  severity: "high",
  scope: "server",
  since: 15,
  references: ["SRG-APP-000090-DB-000065", "pgaudit fact: SET ON PARAMETER lets an ordinary role switch pgaudit off"],
  query: () => ({
    text: `${PARAMETER_GRANTS} AND parname ~ $1 AND parname <> ALL($2) ORDER BY parname, grantee, privilege_type`,
    values: [GUARDED, SILENCING],
  }),
  evaluate: (rows) => rows.map(grantFinding),
};

function grantFinding({ parameter, grantee, privilege }: GrantRow): Finding {
  const whom = grantee === "PUBLIC" ? grantee : identifier(grantee);
  return {
    found: `${grantee} holds ${privilege} on the parameter ${parameter}`,
    fix: `REVOKE ${privilege} ON PARAMETER ${parameter} FROM ${whom};`,
  };
}

const silencing: Check<GrantRow> = {
  code: "silencing-role",
  title: "nobody but superusers may change log_min_messages and log_min_error_statement",
  severity: "high",
  scope: "server",
  since: 15,
  references: [
    "SRG-APP-000090-DB-000065",
    "pgaudit fact: SET log_min_messages = 'panic' silences the session, itself too",
  ],
  query: () => ({
    text: `${PARAMETER_GRANTS} AND parname = ANY($1) ORDER BY parname, grantee, privilege_type`,
    values: [SILENCING],
  }),
  evaluate: (rows) => rows.map(grantFinding),
};

export const PARAMETER_GRANT_CHECKS: readonly Check[] = [parameterGranted, silencing];
