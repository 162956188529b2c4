import { Problem } from "../diagnostics/problem.js";
import type { SitePolicy } from "../policy/site-policy.js";
import type { Check, Context, Outcome } from "./check.js";
import { ReadOnlySession } from "./connection/session.js";
import type { ConnectionTarget } from "./connection/target.js";
import { ask, judge, outcomeOf, type Reached, runCheck } from "./run-check.js";
import { readServer, type Server } from "./server.js";

export interface Assessment {
  readonly server: Server;
  /** Databases that were to be looked at. */
  readonly databases: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export type Password = (database: string) => Promise<string>;

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
      outcomes.push(await runCheck(check, { session: first }, context, null));
    const across = checks
      .filter(({ scope }) => scope === "all-databases")
      .map((check) => ({ check, rows: [] as object[], reasons: [] as string[] }));
    for (const database of databases)
      await inDatabase(target, password, database, async (reached) => {
        for (const check of checks.filter(({ scope }) => scope === "database"))
          outcomes.push(await runCheck(check, reached, context, database));
        for (const each of across) {
          const asked = await ask(each.check, reached, context);
          if ("reason" in asked) each.reasons.push(`${database}: ${asked.reason}`);
          else each.rows.push(...asked.rows);
        }
      });
    for (const { check, rows, reasons } of across)
      outcomes.push(
        reasons.length > 0 ? outcomeOf(check, null, { reason: reasons.join("; ") }) : judge(check, rows, context, null),
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
    return task({ reason: error.message });
  }
  try {
    await task({ session });
  } finally {
    await session.close();
  }
}
