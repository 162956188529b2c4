import { Problem } from "../diagnostics/problem.js";
import type { SitePolicy } from "../policy/site-policy.js";
import type { Check, Context, Outcome } from "./check.js";
import { QueryRefused, ReadOnlySession } from "./connection/session.js";
import type { ConnectionTarget } from "./connection/target.js";
import { readServer, type Server } from "./server.js";

export interface Assessment {
  readonly server: Server;
  /** Databases that were to be looked at. */
  readonly databases: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export type Password = (database: string) => Promise<string>;

/** A database of the server, or why there is no session in it. */
export type Reached = { readonly database: string } & (
  | { readonly session: ReadOnlySession }
  | { readonly reason: string }
);

/**
 * Runs the checks against a live server. Throws a Problem of exit code 2 when there is no connection to the first
 * database; one of the others that cannot be reached leaves its checks not checked.
 */
export async function assess(
  target: ConnectionTarget,
  password: Password,
  policy: SitePolicy,
  checks: readonly Check[],
  only: readonly string[] | null,
): Promise<Assessment> {
  return withServer(target, password, only, async (server, first, databases) => {
    const outcomes: Outcome[] = [];
    const context: Context = { server, policy };
    for (const check of checks.filter(({ scope }) => scope === "server"))
      outcomes.push(await runCheck(check, [{ database: target.database, session: first }], context, null));
    const across = checks
      .filter(({ scope }) => scope === "all-databases")
      .map((check) => ({ check, rows: [] as object[], reasons: [] as string[] }));
    for (const database of databases)
      await inDatabase(target, password, database, async (reached) => {
        for (const check of checks.filter(({ scope }) => scope === "database"))
          outcomes.push(await runCheck(check, [reached], context, database));
        for (const each of across) {
          const asked = await ask(each.check, reached, context);
          if ("reason" in asked) each.reasons.push(`${database}: ${asked.reason}`);
          else each.rows.push(...asked.rows);
        }
      });
    for (const { check, rows, reasons } of across)
      outcomes.push(
        reasons.length > 0 ? outcome(check, null, { reason: reasons.join("; ") }) : judge(check, rows, context, null),
      );
    return { server, databases, outcomes };
  });
}

/** Opens the first session, reads the server, and chooses the databases. */
export async function withServer<T>(
  target: ConnectionTarget,
  password: Password,
  only: readonly string[] | null,
  task: (server: Server, first: ReadOnlySession, databases: readonly string[]) => Promise<T>,
): Promise<T> {
  const first = await ReadOnlySession.open(target, password);
  try {
    const server = await readServer(first);
    return await task(server, first, only ?? server.databases);
  } finally {
    await first.close();
  }
}

/** A session in this database for one task; where there is none, the task is told why. */
export async function inDatabase(
  target: ConnectionTarget,
  password: Password,
  database: string,
  task: (reached: Reached) => Promise<void>,
): Promise<void> {
  let session: ReadOnlySession;
  try {
    session = await ReadOnlySession.open({ ...target, database }, password);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return task({ database, reason: error.message });
  }
  try {
    await task({ database, session });
  } finally {
    await session.close();
  }
}

async function runCheck(check: Check, [reached]: readonly [Reached], context: Context, database: string | null) {
  const asked = await ask(check, reached, context);
  return "reason" in asked ? outcome(check, database, asked) : judge(check, asked.rows, context, database);
}

type Asked = { readonly rows: object[] } | { readonly reason: string; readonly notApplicable?: boolean };

/** The rows of a check, or why there are none to judge. */
async function ask(check: Check, reached: Reached, context: Context): Promise<Asked> {
  const { server, policy } = context;
  if (check.since !== undefined && server.major < check.since)
    return {
      reason: `PostgreSQL ${server.major} does not have this; ${check.since} and later do`,
      notApplicable: true,
    };
  const settings = typeof check.settings === "function" ? check.settings(policy) : (check.settings ?? []);
  const hidden = settings.flatMap((name) => unreadable(server, name) ?? []);
  if (hidden.length > 0) return { reason: hidden.join("; ") };
  if ("reason" in reached) return { reason: reached.reason };
  if (!check.query) return { rows: [] };
  try {
    return { rows: await reached.session.rows(check.query(context)) };
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    return { reason: error.state === "42501" ? `no permission: ${error.message}` : error.message };
  }
}

function unreadable(server: Server, name: string): string | null {
  const setting = server.settings.get(name);
  if (setting)
    return setting.value === null
      ? `${server.account} has its own value of ${name} and may not read the server's: GRANT SELECT ON pg_file_settings and EXECUTE ON FUNCTION pg_show_all_file_settings() to it`
      : null;
  if (name.startsWith("pgaudit.")) return `there is no ${name}: pgaudit is not loaded, or of another version`;
  return server.readsAllSettings
    ? `there is no setting ${name} in PostgreSQL ${server.major}`
    : `${server.account} may not see ${name}: GRANT pg_read_all_settings to it`;
}

function judge(check: Check, rows: readonly object[], context: Context, database: string | null): Outcome {
  const judged = check.evaluate(rows, context);
  return "notChecked" in judged
    ? outcome(check, database, { reason: judged.notChecked })
    : outcome(check, database, { findings: judged });
}

function outcome(
  { code, title, severity, references }: Check,
  database: string | null,
  result: { findings?: Outcome["findings"]; reason?: string; notApplicable?: boolean },
): Outcome {
  const { findings = [], reason = null, notApplicable = false } = result;
  const verdict = reason !== null ? "not checked" : findings.length > 0 ? "finding" : "ok";
  return { code, title, severity, references, database, verdict, findings, reason, notApplicable };
}
