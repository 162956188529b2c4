import type { SitePolicy } from "../policy/site-policy.js";
import type { Query } from "./connection/session.js";
import type { Server } from "./server.js";

/** `note`: for the reader to compare with what is known; it alone does not make the command fail. */
export const SEVERITIES = ["high", "medium", "low", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that is not as the pack relies on. */
export interface Finding {
  readonly found: string;
  /** The exact SQL or setting. */
  readonly fix: string;
}

/** Said by an `evaluate` that has nothing to go by; never the same as fine. */
export interface NotChecked {
  readonly notChecked: string;
}

/** What an evaluation may look at beyond the rows of its query. */
export interface Context {
  readonly server: Server;
  readonly policy: SitePolicy;
}

/**
 * One property of a live server. `server`: asked once. `database`: asked and judged in each database. `all-databases`:
 * asked in each, judged once over all rows.
 */
export interface Check<Row extends object = object> {
  /** Stable, kebab-case. */
  readonly code: string;
  /** What is as it should be when the verdict is ok. */
  readonly title: string;
  readonly severity: Severity;
  readonly scope: "server" | "database" | "all-databases";
  /** CIS benchmark numbers, STIG requirement ids, and facts about pgaudit. */
  readonly references: readonly string[];
  /** Settings that are read: where the account may not see one of them, nothing is checked. */
  readonly settings?: readonly string[] | ((policy: SitePolicy) => readonly string[]);
  /** First major version that has what is asked for. */
  readonly since?: number;
  readonly query?: (context: Context) => Query;
  evaluate(rows: readonly Row[], context: Context): readonly Finding[] | NotChecked;
}

export type Verdict = "ok" | "finding" | "not checked";

/** What became of one check, in one database or on the whole server. */
export interface Outcome {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly references: readonly string[];
  /** Null for what belongs to the server. */
  readonly database: string | null;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Why it was not checked. */
  readonly reason: string | null;
  /** The server's version is why: nothing that anybody could put right. */
  readonly notApplicable: boolean;
}
