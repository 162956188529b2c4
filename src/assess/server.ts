import type { QueryRefused, ReadOnlySession } from "./connection/session.js";

/** One row of pg_settings, with the value that a session has which brings none of its own. */
export interface ServerSetting {
  readonly name: string;
  /** Null when this account has a value of its own and may not read the server's. */
  readonly value: string | null;
  /** `postmaster` needs a restart. */
  readonly context: string;
  readonly pendingRestart: boolean;
  /** Somebody has set it. */
  readonly changed: boolean;
  /** By ALTER SYSTEM, which wins over postgresql.conf and what it includes. */
  readonly bySystem: boolean;
}

/** One setting of `ALTER ROLE … SET` or `ALTER DATABASE … SET`. */
export interface Override {
  /** Null: of every role. */
  readonly role: string | null;
  /** Null: in every database. */
  readonly database: string | null;
  readonly superuser: boolean;
  readonly name: string;
  readonly value: string;
}

/** What nearly every check looks at, read once. */
export interface Server {
  readonly version: string;
  readonly major: number;
  /** The account that asks, and what it may see. */
  readonly account: string;
  readonly readsAllSettings: boolean;
  readonly readsAllStatistics: boolean;
  readonly settings: ReadonlyMap<string, ServerSetting>;
  readonly overrides: readonly Override[];
  /** Databases that can be connected to, in alphabetical order. */
  readonly databases: readonly string[];
}

interface SettingRow {
  readonly name: string;
  readonly setting: string;
  readonly boot_val: string | null;
  readonly vartype: string;
  readonly source: string;
  readonly context: string;
  readonly pending_restart: boolean;
  readonly sourcefile: string | null;
}

interface FileRow {
  readonly name: string;
  readonly setting: string;
  readonly sourcefile: string;
}

/** Where a value comes from that only this session has. */
const OF_SESSION = new Set(["database", "user", "database user", "client", "interactive", "session", "global"]);

const WHO = `
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
  session_user::text AS account,
  pg_has_role(session_user, 'pg_read_all_settings', 'USAGE') AS "readsAllSettings",
  pg_has_role(session_user, 'pg_read_all_stats', 'USAGE') AS "readsAllStatistics"`;

const SETTINGS =
  "SELECT name, setting, boot_val, vartype, source, context, pending_restart, sourcefile FROM pg_settings";

const FILE_SETTINGS =
  "SELECT name, setting, sourcefile FROM pg_file_settings WHERE error IS NULL AND name IS NOT NULL ORDER BY seqno";

const OVERRIDES = `
SELECT rolname::text AS role, datname::text AS database, coalesce(rolsuper, false) AS superuser,
  split_part(each, '=', 1) AS name, substr(each, strpos(each, '=') + 1) AS value
FROM pg_db_role_setting
  LEFT JOIN pg_roles ON pg_roles.oid = setrole
  LEFT JOIN pg_database ON pg_database.oid = setdatabase,
  unnest(setconfig) AS each
WHERE (setrole = 0 OR rolname IS NOT NULL) AND (setdatabase = 0 OR datname IS NOT NULL)
ORDER BY role NULLS FIRST, database NULLS FIRST, name`;

export async function readServer(session: ReadOnlySession): Promise<Server> {
  const [who] = await session.rows<Omit<Server, "settings" | "overrides" | "databases">>({ text: WHO });
  const rows = await session.rows<SettingRow>({ text: SETTINGS });
  const file = await fileSettings(session);
  return {
    ...who!,
    settings: new Map(rows.map((row) => [row.name, settingOf(row, file)])),
    overrides: await session.rows<Override>({ text: OVERRIDES }),
    databases: (
      await session.rows<{ name: string }>({
        text: "SELECT datname::text AS name FROM pg_database WHERE datallowconn ORDER BY datname",
      })
    ).map(({ name }) => name),
  };
}

/** What the configuration files say, or null where the account may not read them. */
async function fileSettings(session: ReadOnlySession): Promise<Map<string, FileRow> | null> {
  try {
    const rows = await session.rows<FileRow>({ text: FILE_SETTINGS });
    // Of several lines the last one counts.
    return new Map(rows.map((row) => [row.name.toLowerCase(), row]));
  } catch (error) {
    if ((error as QueryRefused).name === "QueryRefused") return null;
    throw error;
  }
}

/** The value in our own session says nothing of others' where it was set for our role, our database or by ourselves. */
function settingOf(row: SettingRow, file: ReadonlyMap<string, FileRow> | null): ServerSetting {
  const own = OF_SESSION.has(row.source);
  const inFile = file?.get(row.name.toLowerCase());
  const value = own ? file && (inFile?.setting ?? row.boot_val ?? "") : row.setting;
  return {
    name: row.name,
    value: value === null ? null : normalised(value, row.vartype),
    context: row.context,
    pendingRestart: row.pending_restart,
    changed: own ? inFile !== undefined : row.source !== "default",
    bySystem: /(?:^|[\\/])postgresql\.auto\.conf$/.test((own ? inFile?.sourcefile : row.sourcefile) ?? ""),
  };
}

/** `true`, `yes` and `1` are `on` in a file. */
function normalised(value: string, type: string): string {
  if (type === "enum") return value.toLowerCase();
  return type === "bool" ? booleanText(value) : value;
}

/** PostgreSQL takes any beginning of these words that is not ambiguous. */
export function booleanText(value: string): string {
  const text = value.toLowerCase();
  if (text === "on" || text === "1" || (text !== "" && ("true".startsWith(text) || "yes".startsWith(text))))
    return "on";
  if (text === "0" || (text.length > 1 && "off".startsWith(text))) return "off";
  return text !== "" && ("false".startsWith(text) || "no".startsWith(text)) ? "off" : value;
}

/** The server's value; a check reads only what it names in `settings`, which are known to be there. */
export function settingOn(server: Server, name: string): string {
  const value = server.settings.get(name)?.value;
  if (value === undefined || value === null) throw new Error(`the setting ${name} was read and not asked for`);
  return value;
}

/** Whether this is the role's own value for the setting, whatever the database; one for a single database is not enough. */
export function isOwn(override: Override, role: string, setting: string): boolean {
  return override.role === role && override.database === null && override.name === setting;
}

export function hasOwn({ overrides }: Server, role: string, setting: string): boolean {
  return overrides.some((each) => isOwn(each, role, setting));
}
