/** pgaudit is loaded, and whole in every database. */
import type { Check, Finding, NotChecked } from "../check.js";
import { listText } from "../wording.js";
import { asGenerated } from "./wanted-settings.js";

/** Major versions of PostgreSQL, and what the extension calls itself there up to 15. */
const EARLY_VERSIONS: Readonly<Record<number, string>> = { 11: "1.3", 12: "1.4", 13: "1.5", 14: "1.6", 15: "1.7" };
const EVENT_TRIGGERS = ["pgaudit_ddl_command_end", "pgaudit_sql_drop"];
const ABSENT: NotChecked = { notChecked: "the extension pgaudit is not in this database" };

interface ExtensionRow {
  readonly version: string | null;
}

const extension: Check<ExtensionRow> = {
  code: "pgaudit-extension-missing",
  title: "the extension pgaudit is in the database",
  severity: "high",
  scope: "database",
  references: ["CIS 3.2", "SRG-APP-000089-DB-000064", "pgaudit fact: without the extension DDL records name no object"],
  query: () => ({ text: "SELECT extversion AS version FROM pg_extension WHERE extname = 'pgaudit'" }),
  evaluate: (rows) =>
    rows.length > 0
      ? []
      : [
          {
            found: "this database lacks the extension: its DDL records have neither type nor name",
            fix: "CREATE EXTENSION pgaudit;",
          },
        ],
};

interface TriggerRow {
  readonly wanted: string;
  /** Null where there is none of this name. */
  readonly enabled: string | null;
  readonly ours: boolean;
}

const eventTriggers: Check<TriggerRow & { installed: boolean }> = {
  code: "pgaudit-event-triggers",
  title: "pgaudit's event triggers are there, enabled, and run pgaudit's functions",
  severity: "high",
  scope: "database",
  references: ["SRG-APP-000123-DB-000204", "pgaudit fact: DDL goes on being logged without object type and name"],
  query: () => ({
    text: `
SELECT wanted, evtenabled::text AS enabled, EXISTS (SELECT FROM pg_extension WHERE extname = 'pgaudit') AS installed,
  coalesce(probin = '$libdir/pgaudit', false) AS ours
FROM unnest($1::text[]) AS wanted
  LEFT JOIN pg_event_trigger ON evtname = wanted LEFT JOIN pg_proc ON pg_proc.oid = evtfoid ORDER BY wanted`,
    values: [EVENT_TRIGGERS],
  }),
  evaluate(rows): Finding[] | NotChecked {
    if (!rows[0]?.installed) return ABSENT;
    return rows.flatMap(({ wanted, enabled, ours }) => {
      if (enabled === null || !ours)
        return [
          {
            found:
              enabled === null
                ? `the event trigger ${wanted} is missing`
                : `the event trigger ${wanted} runs another function`,
            fix: "DROP EXTENSION pgaudit; CREATE EXTENSION pgaudit;",
          },
        ];
      // R: only while session_replication_role is replica.
      if (enabled === "O" || enabled === "A") return [];
      return [{ found: `the event trigger ${wanted} is disabled`, fix: `ALTER EVENT TRIGGER ${wanted} ENABLE;` }];
    });
  },
};

const version: Check<ExtensionRow> = {
  code: "pgaudit-version",
  title: "the extension's version is the one for this PostgreSQL",
  severity: "medium",
  scope: "database",
  references: ["CIS 3.2"],
  query: extension.query!,
  evaluate: (rows, { server: { major } }) => versionFindings(rows[0]?.version ?? null, major),
};

/** The extension's objects were made for the library of one major version; after pg_upgrade they are the old ones. */
export function versionFindings(installed: string | null, major: number): Finding[] | NotChecked {
  if (installed === null) return ABSENT;
  const [first, second] = installed.split(".");
  const fits = EARLY_VERSIONS[major] === `${first}.${second}` || (major > 15 && Number(first) === major);
  return fits
    ? []
    : [
        {
          found: `pgaudit ${installed} in PostgreSQL ${major}`,
          fix: `DROP EXTENSION pgaudit; CREATE EXTENSION pgaudit; -- with the package for PostgreSQL ${major}`,
        },
      ];
}

interface LeakRow extends ExtensionRow {
  readonly servers: string[];
}

const mappingLeak: Check<LeakRow> = {
  code: "pgaudit-user-mapping-leak",
  title: "no foreign servers where pgaudit writes passwords of user mappings in clear",
  severity: "low",
  scope: "database",
  references: ["pgaudit fact: pgaudit writes passwords of user mappings in clear (1.6 and 1.7)"],
  query: () => ({
    text: `
SELECT extversion AS version, ARRAY(SELECT srvname::text FROM pg_foreign_server ORDER BY srvname) AS servers
FROM pg_extension WHERE extname = 'pgaudit'`,
  }),
  evaluate(rows): Finding[] | NotChecked {
    const [row] = rows;
    if (!row) return ABSENT;
    if (!/^1\.[0-7](?:\.|$)/.test(row.version ?? "") || row.servers.length === 0) return [];
    return [
      {
        found: `pgaudit ${row.version} and the foreign servers ${listText(row.servers)}: CREATE USER MAPPING puts its password into the log`,
        fix: "PostgreSQL 16 with pgaudit 16 redacts it; until then change passwords of mappings that were logged",
      },
    ];
  },
};

export const PGAUDIT: readonly Check[] = [
  asGenerated({
    code: "pgaudit-not-loaded",
    title: "shared_preload_libraries holds pgaudit",
    severity: "high",
    references: ["CIS 3.2", "SRG-APP-000089-DB-000064", "SRG-APP-000092-DB-000208"],
    names: ["shared_preload_libraries"],
  }),
  extension,
  eventTriggers,
  version,
  mappingLeak,
];
