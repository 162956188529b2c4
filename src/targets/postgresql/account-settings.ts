import type { Account, SitePolicy } from "../../policy/site-policy.js";
import { auditLog, classesOf, type Preset } from "../../postgresql/presets.js";
import { literal } from "./sql-text.js";

/** What superusers, whom pgaudit cannot hold, are to have of their own. */
export const OF_SUPERUSERS = { "pgaudit.log": "all", log_statement: "all" } as const;

/** What `pgaudit.log` is for everybody. */
export function auditLogOf(preset: Preset): string {
  return auditLog(classesOf(preset, "service"));
}

/**
 * SQL that gives each account of the policy its own `pgaudit.log` where it is to differ from everybody's, and takes it
 * back where it no longer is. Superusers, whom pgaudit cannot hold, get all of it and `log_statement = 'all'`: that logs a
 * statement before it takes effect, also the one that switches pgaudit off. What is as it should be is left alone, so
 * that a second run leaves no trace.
 */
export function accountSettings({ accounts, postgresql: { preset } }: SitePolicy): string[] {
  const everybody = auditLogOf(preset);
  const own = Object.entries(accounts).map(([name, account]) => {
    const value = ownAuditLog(account, preset);
    const which = `rolname = ${literal(name)} AND NOT rolsuper`;
    return value === everybody ? reset("pgaudit.log", which) : set("pgaudit.log", value, which);
  });
  return [...own, ...Object.entries(OF_SUPERUSERS).map(([name, value]) => set(name, value, "rolsuper"))];
}

/** What `pgaudit.log` is for this account, where the site has this preset. */
export function ownAuditLog({ audit, kind = "service" }: Account, preset: Preset): string {
  return auditLog(classesOf(audit ?? preset, kind));
}

function set(name: string, value: string, which: string): string {
  const as = `coalesce(rolconfig, '{}') @> ARRAY[${literal(`${name}=${value}`)}]`;
  return alterRoles(`SET ${name} = ${literal(value)}`, `${which} AND NOT ${as}`);
}

function reset(name: string, which: string): string {
  const held = `EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE ${literal(`${name}=%`)})`;
  return alterRoles(`RESET ${name}`, `${which} AND ${held}`);
}

function alterRoles(change: string, which: string): string {
  return [
    `SELECT format(${literal(`ALTER ROLE %I ${change}`)}, rolname)`,
    `  FROM pg_roles WHERE ${which} ORDER BY rolname \\gexec`,
  ].join("\n");
}
