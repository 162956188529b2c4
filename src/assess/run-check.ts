import type { Check, Context, Outcome } from "./check.js";
import { QueryRefused, type ReadOnlySession } from "./connection/session.js";
import type { Server } from "./server.js";

/** A session in a database, or why there is none. */
export type Reached = { readonly session: ReadOnlySession } | { readonly reason: string };

/** Asks and judges in one session; `database` is null for what belongs to the server. */
export async function runCheck(
  check: Check,
  reached: Reached,
  context: Context,
  database: string | null,
): Promise<Outcome> {
  const asked = await ask(check, reached, context);
  return "reason" in asked ? outcomeOf(check, database, asked) : judge(check, asked.rows, context, database);
}

type Asked = { readonly rows: object[] } | { readonly reason: string; readonly notApplicable?: boolean };

/** The rows of a check, or why there are none to judge. */
export async function ask(check: Check, reached: Reached, context: Context): Promise<Asked> {
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

export function judge(check: Check, rows: readonly object[], context: Context, database: string | null): Outcome {
  const judged = check.evaluate(rows, context);
  return "notChecked" in judged
    ? outcomeOf(check, database, { reason: judged.notChecked })
    : outcomeOf(check, database, { findings: judged });
}

export function outcomeOf(
  { code, title, severity, references }: Check,
  database: string | null,
  result: { findings?: Outcome["findings"]; reason?: string; notApplicable?: boolean },
): Outcome {
  const { findings = [], reason = null, notApplicable = false } = result;
  const verdict = reason !== null ? "not checked" : findings.length > 0 ? "finding" : "ok";
  return { code, title, severity, references, database, verdict, findings, reason, notApplicable };
}
