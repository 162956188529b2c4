/** The nodes behind an API: which there are, whether they have the files, and whether they have loaded them. */
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "../../diagnostics/problem.js";
import { stopIfAsked } from "../interrupted.js";
import type { ReloadResult, TargetNode, WaitOptions } from "../target.js";
import type { ApiClient } from "./api-client.js";
import { reloadNodes } from "./reload.js";

/** Between two questions whether a node is done, in milliseconds. */
const ASK_EVERY_MS = 2_000;

interface Items<T> {
  readonly affected_items: readonly T[];
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
  async synchronise({ timeoutMs, tell, signal }: WaitOptions): Promise<void> {
    if (!(await this.isCluster())) return;
    const names = (await this.nodes()).map(({ name }) => name);
    const late = await this.#until(
      timeoutMs,
      async () => {
        const { affected_items } = await this.#client.data<Items<{ name: string; synced: boolean }>>({
          method: "GET",
          path: "/cluster/ruleset/synchronization",
          query: { wait_for_complete: true },
        });
        const synced = new Set(affected_items.filter((node) => node.synced).map(({ name }) => name));
        const missing = names.filter((name) => !synced.has(name));
        if (missing.length > 0) tell?.(`waiting for the files to reach ${missing.join(", ")}`);
        return missing;
      },
      signal,
    );
    if (late.length > 0)
      throw problem(2, {
        code: "node-not-synchronised",
        message: `${late.join(", ")} did not get the files in ${timeoutMs / 1000} s`,
        hint: "look at the cluster's log on that node",
      });
  }

  async reload(options: WaitOptions): Promise<ReloadResult> {
    return reloadNodes(this.#client, await this.nodes(), options, (timeoutMs, ask) =>
      this.#until(timeoutMs, ask, options.signal),
    );
  }

  /** Asks until nothing is missing or the time is up; what is missing then. */
  async #until(timeoutMs: number, ask: () => Promise<string[]>, signal?: AbortSignal): Promise<string[]> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const missing = await ask();
      if (missing.length === 0 || performance.now() >= deadline) return missing;
      stopIfAsked(signal);
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
