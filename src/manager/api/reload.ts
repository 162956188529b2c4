/** Has every node load the ruleset that is on its disk, and waits until each has done so. */
import { problem } from "../../diagnostics/problem.js";
import type { ReloadResult, TargetNode, WaitOptions } from "../target.js";
import type { ApiClient } from "./api-client.js";
import { ApiRefusal } from "./envelope.js";
import { differingRules, type LoadedRules, loadedRules } from "./loaded-rules.js";

/** What the manager says of a reload when there is nothing more to say. */
const NOTHING_TO_SAY = /^Ruleset reload request sent successfully\.?$/;
/**
 * A worker only takes note of the request, and reloads at its next check of integrity. The first check that is seen to
 * begin after the request takes the note up; when the next one begins, the first is over.
 */
const CHECKS = 2;

interface Items<T> {
  readonly affected_items: readonly T[];
}
interface Health {
  readonly info: { readonly name: string };
  readonly status?: { readonly last_check_integrity?: { readonly date_start_master?: string } };
}

/** Asks until nothing is missing or the time is up; what is missing then. */
export type Until = (timeoutMs: number, ask: () => Promise<string[]>) => Promise<string[]>;

export async function reloadNodes(
  client: ApiClient,
  nodes: readonly TargetNode[],
  { timeoutMs, tell }: WaitOptions,
  until: Until,
): Promise<ReloadResult> {
  const workers = nodes.filter(({ type }) => type === "worker").map(({ name }) => name);
  const master = nodes[0]!.name;
  const before = workers.length > 0 ? await rulesOf(client, master, tell) : null;
  const { affected_items } = await client.data<Items<{ name: string; msg: string }>>({
    method: "PUT",
    path: `${nodes[0]!.type === "manager" ? "/manager" : "/cluster"}/analysisd/reload`,
    query: { wait_for_complete: true },
  });
  const told = new Set(affected_items.map(({ name }) => name));
  const silent = nodes.filter(({ name, type }) => type !== "manager" && !told.has(name)).map(({ name }) => name);
  if (silent.length > 0) throw notLoaded(`${silent.join(", ")} did not take the request to reload`);
  const messages = affected_items
    .filter(({ msg }) => msg !== "" && !NOTHING_TO_SAY.test(msg))
    .map(({ name, msg }) => `${name}: ${msg}`);
  if (workers.length === 0 || messages.length > 0) return { state: "reloaded", messages };
  const after = before && (await loadedRules(client, master));
  const late = await until(timeoutMs, waiting(client, workers, before, after, tell));
  if (late.length > 0) throw notLoaded(`after ${timeoutMs / 1000} s, ${late.join("; ")}`);
  return { state: "reloaded", messages };
}

/** Says of each worker that is not done what it lacks. */
function waiting(
  client: ApiClient,
  workers: readonly string[],
  before: LoadedRules | null,
  after: LoadedRules | null,
  tell: WaitOptions["tell"],
): () => Promise<string[]> {
  const changed = before && after ? differingRules(before, after) : [];
  const seen = new Map<string, string>();
  const checks = new Map<string, number>();
  const done = new Set<string>();
  return async () => {
    const starts = await lastChecks(client);
    const missing: string[] = [];
    for (const name of workers.filter((worker) => !done.has(worker))) {
      const start = starts.get(name);
      if (seen.has(name) && start !== undefined && start !== seen.get(name))
        checks.set(name, (checks.get(name) ?? 0) + 1);
      if (start !== undefined) seen.set(name, start);
      const lacks =
        (checks.get(name) ?? 0) < CHECKS
          ? "has not checked its integrity since the request"
          : await oldRules(client, name, after, changed);
      if (lacks === null) done.add(name);
      else missing.push(`${name} ${lacks}`);
    }
    if (missing.length > 0) tell?.(`waiting for the ruleset to be loaded: ${missing.join("; ")}`);
    return missing;
  };
}

/** When each node last began to check its integrity, by the master's clock. */
async function lastChecks(client: ApiClient): Promise<ReadonlyMap<string, string>> {
  const { affected_items } = await client.data<Items<Health>>({
    method: "GET",
    path: "/cluster/healthcheck",
    query: { wait_for_complete: true },
  });
  return new Map(
    affected_items.flatMap(({ info, status }): [string, string][] => {
      const start = status?.last_check_integrity?.date_start_master;
      return start ? [[info.name, start]] : [];
    }),
  );
}

/** Null: of the rules that the reload changed on the master, this node runs the new ones. */
async function oldRules(
  client: ApiClient,
  node: string,
  wanted: LoadedRules | null,
  changed: readonly number[],
): Promise<string | null> {
  if (!wanted || changed.length === 0) return null;
  const there = await loadedRules(client, node);
  const old = changed.filter((id) => there.get(id) !== wanted.get(id));
  return old.length > 0 ? `still runs ${old.length} old rules, as ${old[0]}` : null;
}

/** Null where the manager does not tell its rules: then only the checks of integrity can be waited for. */
async function rulesOf(client: ApiClient, node: string, tell: WaitOptions["tell"]): Promise<LoadedRules | null> {
  try {
    return await loadedRules(client, node);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    tell?.(`which rules the nodes run cannot be asked: ${error.message}`);
    return null;
  }
}

function notLoaded(message: string) {
  return problem(2, { code: "reload-not-confirmed", message, hint: "look at logs/cluster.log on that node" });
}
