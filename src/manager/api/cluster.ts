/** The nodes behind an API: which there are, whether they have the files, and whether they have loaded them. */
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "../../diagnostics/problem.js";
import type { ReloadResult, TargetNode, WaitOptions } from "../target.js";
import type { ApiClient } from "./api-client.js";

/** Between two questions whether a node is done, in milliseconds. */
const ASK_EVERY_MS = 2_000;
const LOG_LINES = 500;
/** What the manager says of a reload when there is nothing more to say. */
const NOTHING_TO_SAY = /^Ruleset reload request sent successfully\.?$/;

interface Items<T> {
  readonly affected_items: readonly T[];
}
interface LogLine {
  readonly timestamp: string;
  readonly description: string;
}

export class Cluster {
  readonly #client: ApiClient;
  readonly #everyMs: number;
  #nodes: readonly TargetNode[] | null = null;

  constructor(client: ApiClient, everyMs = ASK_EVERY_MS) {
    this.#client = client;
    this.#everyMs = everyMs;
  }

  /** The master first. Without a cluster, the one manager. */
  async nodes(): Promise<readonly TargetNode[]> {
    this.#nodes ??= await this.#ask();
    return this.#nodes;
  }

  async isCluster(): Promise<boolean> {
    return (await this.nodes())[0]?.type !== "manager";
  }

  /** Of the endpoints that speak for one node. */
  async nodePath(node: string): Promise<string> {
    return (await this.isCluster()) ? `/cluster/${encodeURIComponent(node)}` : "/manager";
  }

  /** What the manager's check of its configuration complains of, on every node. */
  async validate(): Promise<string[]> {
    const path = `${(await this.isCluster()) ? "/cluster" : "/manager"}/configuration/validation`;
    const { affected_items } = await this.#client.data<
      Items<{ name: string; status: string; details?: readonly string[] }>
    >({ method: "GET", path, query: { wait_for_complete: true } });
    return affected_items
      .filter(({ status }) => status !== "OK")
      .map(({ name, status, details }) => `${name}: ${details?.join("; ") ?? status}`);
  }

  /** Waits until every node has the files of the master. */
  async synchronise({ timeoutMs, tell }: WaitOptions): Promise<void> {
    if (!(await this.isCluster())) return;
    const names = (await this.nodes()).map(({ name }) => name);
    const late = await this.#until(timeoutMs, async () => {
      const { affected_items } = await this.#client.data<Items<{ name: string; synced: boolean }>>({
        method: "GET",
        path: "/cluster/ruleset/synchronization",
        query: { wait_for_complete: true },
      });
      const synced = new Set(affected_items.filter((node) => node.synced).map(({ name }) => name));
      const missing = names.filter((name) => !synced.has(name));
      if (missing.length > 0) tell?.(`waiting for the files to reach ${missing.join(", ")}`);
      return missing;
    });
    if (late.length > 0)
      throw problem(2, {
        code: "node-not-synchronised",
        message: `${late.join(", ")} did not get the files in ${timeoutMs / 1000} s`,
        hint: "look at the cluster's log on that node",
      });
  }

  /**
   * A worker only takes note of the request and reloads at its next check of integrity: what it logs then is its answer.
   * The master's answer is the request's own.
   */
  async reload({ timeoutMs, tell }: WaitOptions): Promise<ReloadResult> {
    const nodes = await this.nodes();
    const workers = nodes.filter(({ type }) => type === "worker").map(({ name }) => name);
    const before = new Map<string, number>();
    for (const name of workers) before.set(name, (await this.#reloadLines(name)).length);
    const { affected_items } = await this.#client.data<Items<{ name: string; msg: string }>>({
      method: "PUT",
      path: `${(await this.isCluster()) ? "/cluster" : "/manager"}/analysisd/reload`,
      query: { wait_for_complete: true },
    });
    const messages = affected_items
      .filter(({ msg }) => msg !== "" && !NOTHING_TO_SAY.test(msg))
      .map(({ name, msg }) => `${name}: ${msg}`);
    const told = new Set(affected_items.map(({ name }) => name));
    const silent = nodes.filter(({ name, type }) => type !== "manager" && !told.has(name)).map(({ name }) => name);
    if (silent.length > 0) throw notLoaded(`${silent.join(", ")} did not take the request to reload`);
    messages.push(...(await this.#confirmed(workers, before, { timeoutMs, tell })));
    return { state: "reloaded", messages };
  }

  async #confirmed(workers: readonly string[], before: Map<string, number>, wait: WaitOptions): Promise<string[]> {
    const waiting = new Set(workers);
    const messages: string[] = [];
    const late = await this.#until(wait.timeoutMs, async () => {
      for (const name of waiting) {
        const fresh = (await this.#reloadLines(name)).slice(0, -before.get(name)! || undefined);
        if (fresh.length === 0) continue;
        const failed = fresh.find((line) => /fail|error/i.test(line));
        if (failed) throw notLoaded(`${name} could not load the ruleset: ${failed}`);
        messages.push(...fresh.filter((line) => /warning/i.test(line)).map((line) => `${name}: ${line}`));
        waiting.delete(name);
      }
      if (waiting.size > 0) wait.tell?.(`waiting for ${[...waiting].join(", ")} to load the ruleset`);
      return [...waiting];
    });
    if (late.length > 0)
      throw notLoaded(`${late.join(", ")} did not confirm in ${wait.timeoutMs / 1000} s that the ruleset is loaded`);
    return messages;
  }

  /** What a node logged of reloads, the newest first. */
  async #reloadLines(node: string): Promise<string[]> {
    const { affected_items } = await this.#client.data<Items<LogLine>>({
      method: "GET",
      path: `/cluster/${encodeURIComponent(node)}/logs`,
      query: { search: "Ruleset reload", limit: LOG_LINES, sort: "-timestamp" },
    });
    return affected_items.map(({ description }) => description.trim());
  }

  /** Asks until nothing is missing or the time is up; what is missing then. */
  async #until(timeoutMs: number, ask: () => Promise<string[]>): Promise<string[]> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const missing = await ask();
      if (missing.length === 0 || performance.now() >= deadline) return missing;
      await sleep(Math.min(this.#everyMs, Math.max(deadline - performance.now(), 1)));
    }
  }

  async #ask(): Promise<TargetNode[]> {
    const status = await this.#client.data<{ enabled: string; running: string }>({
      method: "GET",
      path: "/cluster/status",
    });
    if (status.enabled !== "yes") {
      const { api_version } = await this.#client.data<{ api_version?: string }>({ method: "GET", path: "/" });
      return [{ name: "manager", type: "manager", version: api_version ?? null }];
    }
    if (status.running !== "yes")
      throw problem(2, {
        code: "cluster-not-running",
        message: `${this.#client.place} is part of a cluster that does not run`,
        hint: "start the cluster first: a deployment reaches all its nodes or none",
      });
    const { affected_items } = await this.#client.data<
      Items<{ name: string; type: "master" | "worker"; version: string }>
    >({ method: "GET", path: "/cluster/nodes" });
    return affected_items
      .map(({ name, type, version }) => ({ name, type, version: version ?? null }))
      .sort((a, b) => Number(a.type === "worker") - Number(b.type === "worker"));
  }
}

function notLoaded(message: string) {
  return problem(2, { code: "reload-not-confirmed", message, hint: "look at the log of that node" });
}
