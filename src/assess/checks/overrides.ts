/** What gives single roles or databases another audit than the policy says, and settings that are not in force. */
import type { SitePolicy } from "../../policy/site-policy.js";
import { OF_SUPERUSERS, ownAuditLog } from "../../targets/postgresql/account-settings.js";
import { serverSettings } from "../../targets/postgresql/server-conf.js";
import { identifier } from "../../targets/postgresql/sql-text.js";
import { missingClasses } from "../audit-classes.js";
import type { Check, Finding } from "../check.js";
import { hasOwn, type Override, type Server, settingOn } from "../server.js";
import { shortfall } from "../shortfall.js";
import { resetSql, whoseText } from "../wording.js";
import { UNWRITTEN } from "./wanted-settings.js";

/** What is judged elsewhere: `audit-rows-on`. */
const ELSEWHERE = new Set(["pgaudit.log_rows"]);

const overridden: Check = {
  code: "setting-overridden",
  title: "no role and no database has audit or log settings below the policy's",
  severity: "high",
  scope: "server",
  references: [
    "SRG-APP-000090-DB-000065",
    "SRG-APP-000122-DB-000203",
    "pgaudit fact: ALTER ROLE and ALTER DATABASE win over postgresql.conf",
  ],
  evaluate: (_rows, { server, policy }) =>
    server.overrides.flatMap((override) => {
      const wanted = wantedOf(override, policy);
      const lost = wanted === null ? null : shortfall(override.name, override.value, wanted);
      return lost === null
        ? []
        : [
            {
              found: `${override.name} = ${JSON.stringify(override.value)} for ${whoseText(override)} ${lost}`,
              fix: resetSql(override),
            },
          ];
    }),
};

/** The value that this setting is not to fall below; null where it does not matter. */
function wantedOf({ name, role, superuser }: Override, policy: SitePolicy): string | null {
  if (ELSEWHERE.has(name)) return null;
  if (superuser && Object.hasOwn(OF_SUPERUSERS, name)) return OF_SUPERUSERS[name as keyof typeof OF_SUPERUSERS];
  const account = role === null ? undefined : policy.accounts[role];
  if (name === "pgaudit.log" && account) return ownAuditLog(account, policy.postgresql.preset);
  return { ...UNWRITTEN, ...serverSettings(policy) }[name] ?? null;
}

interface RoleRow {
  readonly name: string;
  readonly superuser: boolean;
}

const accountAudit: Check<RoleRow> = {
  code: "account-audit-missing",
  title: "accounts that are to be audited more than everybody are, as roles.sql sets it",
  severity: "high",
  scope: "server",
  references: ["SRG-APP-000504-DB-000354", "generated/postgresql/roles.sql"],
  settings: ["pgaudit.log"],
  query: ({ policy }) => ({
    text: "SELECT rolname::text AS name, rolsuper AS superuser FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolname = ANY($1)) ORDER BY rolname",
    values: [Object.keys(policy.accounts)],
  }),
  evaluate: (rows, { server, policy }) =>
    rows.flatMap(({ name, superuser }): Finding[] => {
      // One that has a value of its own is judged by it.
      if (hasOwn(server, name, "pgaudit.log")) return [];
      const wanted = superuser
        ? OF_SUPERUSERS["pgaudit.log"]
        : ownAuditLog(policy.accounts[name]!, policy.postgresql.preset);
      // Where everybody's own value is too little, audit-classes-short says so.
      const missing = missingClasses(everybodysAudit(server), wanted);
      const everybody = serverSettings(policy)["pgaudit.log"]!;
      if (missing.length === 0 || missingClasses(everybody, wanted).length === 0) return [];
      return [
        {
          found: `${name} is audited as everybody, without ${missing.join(", ")}`,
          fix: `ALTER ROLE ${identifier(name)} SET pgaudit.log = '${wanted}';`,
        },
      ];
    }),
};

function everybodysAudit(server: Server): string {
  const ofAll = server.overrides.find(
    ({ name, role, database }) => name === "pgaudit.log" && role === null && database === null,
  );
  return ofAll?.value ?? settingOn(server, "pgaudit.log");
}

const pendingRestart: Check = {
  code: "setting-pending-restart",
  title: "no setting waits for a restart",
  severity: "medium",
  scope: "server",
  references: ["pgaudit fact: a changed shared_preload_libraries takes effect at the next restart"],
  evaluate: (_rows, { server }) =>
    [...server.settings.values()]
      .filter((each) => each.pendingRestart)
      .map(({ name, value }) => ({
        found: `${name} was changed in a configuration file and is still ${JSON.stringify(value ?? "")}`,
        fix: "compare with pg_file_settings, then restart the server, or put the line back",
      })),
};

interface FileErrorRow {
  readonly file: string;
  readonly line: number;
  readonly error: string;
}

const fileErrors: Check<FileErrorRow> = {
  code: "configuration-error",
  title: "the configuration files hold no line that the server refuses",
  severity: "medium",
  scope: "server",
  references: ["a reload with an error changes nothing"],
  query: () => ({
    // What waits for a restart is an error here too, and has a check of its own.
    text: `SELECT sourcefile AS file, sourceline AS line, concat_ws(': ', name, error) AS error FROM pg_file_settings
WHERE error IS NOT NULL AND NOT EXISTS (SELECT FROM pg_settings WHERE pending_restart AND pg_settings.name = pg_file_settings.name)
ORDER BY seqno`,
  }),
  evaluate: (rows) =>
    rows.map(({ file, line, error }) => ({
      found: `${file}:${line}: ${error}`,
      fix: "correct the line, then SELECT pg_reload_conf()",
    })),
};

export const OVERRIDES: readonly Check[] = [overridden, accountAudit, pendingRestart, fileErrors];
