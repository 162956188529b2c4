import { settingLines } from "../postgresql/settings-text.js";
import { identifier } from "../targets/postgresql/sql-text.js";
import type { Override, Server } from "./server.js";

/**
 * The line of postgresql.conf, and what makes the server read it. Where ALTER SYSTEM has set another value, it has to go
 * first: it would win.
 */
export function settingFix(server: Server, name: string, value: string): string {
  const [line] = settingLines({ [name]: value });
  const setting = server.settings.get(name);
  const read = setting?.context === "postmaster" ? "restart the server" : "SELECT pg_reload_conf()";
  return setting?.bySystem
    ? `ALTER SYSTEM RESET ${name}; -- and in postgresql.conf: ${line}, then ${read}`
    : `in postgresql.conf: ${line}, then ${read}`;
}

/** `role etl_batch in database appdb`. */
export function whoseText({ role, database }: Override): string {
  const where = database === null ? "" : ` in database ${database}`;
  if (role !== null) return `role ${role}${where}`;
  return database === null ? "all roles" : `database ${database}`;
}

/** The SQL that takes the override back. */
export function resetSql({ role, database, name }: Override): string {
  const where = database === null ? "" : ` IN DATABASE ${identifier(database)}`;
  if (role !== null) return `ALTER ROLE ${identifier(role)}${where} RESET ${name};`;
  return database === null ? `ALTER ROLE ALL RESET ${name};` : `ALTER DATABASE ${identifier(database)} RESET ${name};`;
}

/** `a, b and c`. */
export function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
