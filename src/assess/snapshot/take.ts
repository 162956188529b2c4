import { createHash } from "node:crypto";
import { problem } from "../../diagnostics/problem.js";
import type { SitePolicy } from "../../policy/site-policy.js";
import { QueryRefused, type ReadOnlySession } from "../connection/session.js";
import type { ConnectionTarget } from "../connection/target.js";
import { inDatabase, type Password, withServer } from "../run.js";
import type { Server } from "../server.js";
import { whoseText } from "../wording.js";
import type { DatabaseSnapshot, Membership, Relation, Role, Routine, Snapshot } from "./snapshot.js";

/** Settings that can hold a password: their hash stands for them. */
const SECRET = new Set(["primary_conninfo", "ssl_passphrase_command"]);

const ROLES = `
SELECT rolname::text AS key, rolsuper AS superuser, rolinherit AS inherit, rolcreaterole AS createrole,
  rolcreatedb AS createdb, rolcanlogin AS login, rolreplication AS replication, rolbypassrls AS bypassrls,
  rolconnlimit AS connection_limit, to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS valid_until
FROM pg_roles`;

// PostgreSQL 16 has one row for each grantor.
const MEMBERSHIPS = `
SELECT member.rolname || ' in ' || granted.rolname AS key, bool_or(admin_option) AS admin
FROM pg_auth_members JOIN pg_roles AS member ON member.oid = pg_auth_members.member
  JOIN pg_roles AS granted ON granted.oid = roleid GROUP BY 1`;

const PARAMETER_GRANTS = `
SELECT privilege_type || ' on ' || parname || ' to ' || CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END
  AS key, CASE WHEN is_grantable THEN 'with grant option' ELSE 'granted' END AS value
FROM pg_parameter_acl, aclexplode(paracl)`;

/** Grants are sorted: their order says when they were made, not what they are. */
const GRANTS = (acl: string) => `ARRAY(SELECT each::text FROM unnest(${acl}) AS each ORDER BY 1)`;

const DATABASE = `SELECT pg_get_userbyid(datdba)::text AS owner, ${GRANTS("datacl")} AS grants
FROM pg_database WHERE datname = current_database()`;

const EXTENSIONS = "SELECT extname::text AS key, extversion AS value FROM pg_extension";

const EVENT_TRIGGERS = `
SELECT evtname::text AS key, concat_ws(', ', evtevent, evtenabled, evtfoid::regproc) AS value FROM pg_event_trigger`;

const RELATIONS = `
SELECT nspname || '.' || relname AS key, pg_get_userbyid(relowner)::text AS owner, ${GRANTS("relacl")} AS grants,
  ARRAY(SELECT format('%I: %s', attname, each) FROM pg_attribute, unnest(attacl) AS each WHERE attrelid = pg_class.oid ORDER BY 1)
    AS column_grants,
  CASE WHEN relforcerowsecurity THEN 'forced' WHEN relrowsecurity THEN 'on' ELSE 'off' END AS row_security
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname || '.' || relname = ANY($1) AND relkind IN ('r', 'p', 'f', 'v', 'm')`;

const ROUTINES = `
SELECT format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)) AS key,
  pg_get_userbyid(proowner)::text AS owner, lanname::text AS language, prosecdef AS security_definer,
  coalesce(proconfig, '{}') AS settings, ${GRANTS("proacl")} AS grants, nspname IN ('pg_catalog', 'information_schema') AS system,
  concat_ws(E'\\n', prosrc, probin, CASE WHEN lanname = 'sql' THEN pg_get_function_sqlbody(pg_proc.oid) END) AS source
FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace JOIN pg_language ON pg_language.oid = prolang
WHERE nspname !~ '^pg_temp_'`;

/** Throws a Problem when anything of it cannot be read: a snapshot with gaps would compare as a change. */
export function takeSnapshot(
  target: ConnectionTarget,
  password: Password,
  policy: SitePolicy,
  only: readonly string[] | null,
): Promise<Snapshot> {
  return withServer(target, password, only, async (server, first, names) => {
    const databases: Record<string, DatabaseSnapshot> = {};
    for (const name of names)
      await inDatabase(target, password, name, async (reached) => {
        if ("reason" in reached)
          throw problem(2, {
            code: "snapshot-incomplete",
            message: reached.reason,
            hint: "name the databases to be looked at with --databases",
          });
        databases[name] = await refused(name, () => databaseSnapshot(reached.session, policy, server.major));
      });
    return refused(target.database, async () => ({
      format: 1,
      server: { version: server.version, all_settings: server.readsAllSettings && fileIsRead(server) },
      roles: await keyed<Role>(first, ROLES),
      memberships: await keyed<Membership>(first, MEMBERSHIPS),
      settings: changedSettings(server),
      overrides: sorted(server.overrides.map((each) => [`${each.name} of ${whoseText(each)}`, each.value])),
      parameter_grants: server.major >= 15 ? await valued(first, PARAMETER_GRANTS) : {},
      databases,
    }));
  });
}

async function databaseSnapshot(
  session: ReadOnlySession,
  policy: SitePolicy,
  major: number,
): Promise<DatabaseSnapshot> {
  const [own] = await session.rows<{ owner: string; grants: string[] }>({ text: DATABASE });
  // BEGIN ATOMIC bodies came with 14.
  const text = major >= 14 ? ROUTINES : ROUTINES.replace("pg_get_function_sqlbody(pg_proc.oid)", "NULL");
  const routines = await session.rows<
    Omit<Routine, "source_sha256"> & { key: string; system: boolean; source: string }
  >({ text });
  const system = routines.filter((each) => each.system).map(({ key, source }) => `${key}\n${source}`);
  return {
    ...own!,
    extensions: await valued(session, EXTENSIONS),
    event_triggers: await valued(session, EVENT_TRIGGERS),
    sensitive_relations: await keyed<Relation>(session, RELATIONS, [policy.sensitive_relations]),
    routines: sorted(
      routines
        .filter((each) => !each.system || each.security_definer)
        .map(({ key, source, system: _system, ...routine }) => [key, { ...routine, source_sha256: sha256(source) }]),
    ),
    system_routines: sha256(system.sort().join("\n")),
  };
}

function fileIsRead(server: Server): boolean {
  return [...server.settings.values()].every(({ value }) => value !== null);
}

/** Without what the server says of itself, and what every transaction and session has of its own. */
function changedSettings({ settings }: Server): Record<string, string> {
  const changed = [...settings.values()].flatMap(({ name, value, context, changed }): [string, string][] =>
    value === null || !changed || context === "internal" || /^(?:transaction_|session_authorization$)/.test(name)
      ? []
      : [[name, SECRET.has(name) && value !== "" ? `sha256 ${sha256(value)}` : value]],
  );
  return sorted(changed);
}

async function keyed<Value>(
  session: ReadOnlySession,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, Value>> {
  const rows = await session.rows<{ key: string } & Value>({ text, values });
  return sorted(rows.map(({ key, ...value }) => [key, value as Value]));
}

async function valued(session: ReadOnlySession, text: string): Promise<Record<string, string>> {
  const rows = await session.rows<{ key: string; value: string }>({ text });
  return sorted(rows.map(({ key, value }) => [key, value]));
}

/** By code unit, whatever the server's collation. */
function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function refused<T>(database: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    throw problem(2, { code: "snapshot-incomplete", message: `${database}: ${error.message}` });
  }
}
