import { setTimeout as sleep } from "node:timers/promises";
import type { Bytes } from "../engine/bytes.js";
import type { PrivateCluster } from "./cluster.js";
import type { LogEntry } from "./log-entries.js";
import type { LogTail } from "./log-tail.js";

/** After psql has ended: how long its sessions' `disconnection` is waited for, and how long anything at all. Milliseconds. */
const GRACE = 100;
const LIMIT = 15_000;
const POLL = 4;

/** Waits until no other client is connected, then tells its own process id. */
const FENCE = `
DO $$ BEGIN
  FOR attempt IN 1..500 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity
      WHERE backend_type IN ('client backend', 'walsender', 'parallel worker') AND pid <> pg_backend_pid());
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$;
SELECT pg_backend_pid();
`;

const OWN_PROCESSES = "SELECT pid FROM pg_stat_activity WHERE backend_type <> 'client backend';";

/** Tells which part of a server's log one run of client sessions wrote. */
export class SessionLog {
  readonly #cluster: PrivateCluster;
  readonly #tail: LogTail;
  readonly #serverProcesses: ReadonlySet<number>;

  private constructor(cluster: PrivateCluster, tail: LogTail, serverProcesses: ReadonlySet<number>) {
    this.#cluster = cluster;
    this.#tail = tail;
    this.#serverProcesses = serverProcesses;
  }

  /** Everything that the log holds so far is left behind. */
  static async follow(cluster: PrivateCluster, tail: LogTail): Promise<SessionLog> {
    const { stdout } = await cluster.psql({ sql: OWN_PROCESSES });
    const log = new SessionLog(
      cluster,
      tail,
      new Set([cluster.pid, ...stdout.split("\n").filter(Boolean).map(Number)]),
    );
    await log.#pastFence([]);
    return log;
  }

  /**
   * Runs `clients`, which opens sessions and returns when they are closed, and returns the lines written meanwhile,
   * without those of the server's own processes unless they are asked for.
   */
  async linesOf(clients: () => Promise<void>, serverLines: boolean): Promise<Bytes[]> {
    const entries: LogEntry[] = [];
    await clients();
    const ownEntries = (await this.#untilDisconnected(entries)) ? entries : await this.#pastFence(entries);
    return ownEntries
      .filter((entry) => serverLines || entry.pid === null || !this.#serverProcesses.has(entry.pid))
      .flatMap((entry) => entry.lines);
  }

  /** Reads until each session that began has ended; false when that does not happen soon. */
  async #untilDisconnected(entries: LogEntry[]): Promise<boolean> {
    const ended = new Map<number, boolean>();
    let looked = 0;
    const deadline = performance.now() + GRACE;
    while (performance.now() < deadline) {
      entries.push(...(await this.#tail.read()));
      for (const { pid, event } of entries.slice(looked)) {
        if (pid !== null && (event === "begins" || ended.has(pid))) ended.set(pid, event === "ends");
      }
      looked = entries.length;
      // An entry can be forged by RAISE LOG, a process cannot: the session is over when both say so.
      if (ended.size > 0 && [...ended].every(([pid, hasEnded]) => hasEnded && !isAlive(pid))) return true;
      await sleep(POLL);
    }
    return false;
  }

  /**
   * For sessions that never say `disconnection`: refused log-ins, and those that silenced the log. A fence session is run,
   * and since the log is a queue, all that came before is in the file once the fence's own end is.
   */
  async #pastFence(entries: LogEntry[]): Promise<LogEntry[]> {
    const { stdout, stderr } = await this.#cluster.psql({ sql: FENCE });
    const fence = Number(stdout.trim());
    if (!fence) throw new Error(`the server no longer answers: ${stderr.trim()}`);
    const deadline = performance.now() + LIMIT;
    while (performance.now() < deadline) {
      entries.push(...(await this.#tail.read()));
      if (entries.some(({ pid, event }) => pid === fence && event === "ends")) {
        return entries.filter(({ pid }) => pid !== fence);
      }
      await sleep(POLL);
    }
    throw new Error("the log does not tell the end of a session; is log_disconnections still on?");
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
