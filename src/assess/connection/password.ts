import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { askPassword } from "../../diagnostics/ask-password.js";
import { problem } from "../../diagnostics/problem.js";
import { type ConnectionTarget, placeOfServer } from "./target.js";

/**
 * Gives the password that the server asks for: PGPASSWORD, else the password file, else what is typed at a prompt. Asked
 * once, whatever number of databases is connected to. Never printed.
 */
export function passwordSource(
  target: ConnectionTarget,
  environment: NodeJS.ProcessEnv = process.env,
): (database: string) => Promise<string> {
  let typed: Promise<string> | undefined;
  return async (database) => {
    const known = environment.PGPASSWORD || fromPasswordFile({ ...target, database }, environment);
    if (known) return known;
    typed ??= fromTerminal(target);
    return typed;
  };
}

/** The first matching line of `~/.pgpass` or PGPASSFILE; a file that others may read is not used, as libpq does. */
export function fromPasswordFile(target: ConnectionTarget, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment.PGPASSFILE || join(homedir(), ".pgpass");
  let text: string;
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) return undefined;
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const hosts = target.host.startsWith("/") ? [target.host, "localhost"] : [target.host];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const [host, port, database, user, password] = fieldsOf(line.replace(/\r$/, ""));
    if (password === undefined) continue;
    const fits = (field: string | undefined, ...values: string[]) => field === "*" || values.includes(field ?? "");
    if (
      fits(host, ...hosts) &&
      fits(port, String(target.port)) &&
      fits(database, target.database) &&
      fits(user, target.user)
    )
      return password;
  }
  return undefined;
}

/** Divided by colons; a backslash takes the next character as it is. */
function fieldsOf(line: string): string[] {
  const fields = [""];
  for (const [token] of line.matchAll(/\\.|./gsu)) {
    if (token === ":") fields.push("");
    else fields[fields.length - 1] += token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
  }
  return fields;
}

async function fromTerminal(target: ConnectionTarget): Promise<string> {
  if (!process.stdin.isTTY)
    throw problem(2, {
      code: "password-missing",
      message: `${placeOfServer(target)} asks for the password of ${target.user}, and there is no terminal to ask on`,
      hint: "put it into PGPASSWORD or ~/.pgpass (mode 0600)",
    });
  return askPassword(`password of ${target.user} on ${placeOfServer(target)}: `);
}
