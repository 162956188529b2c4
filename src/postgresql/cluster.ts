import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { access, appendFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { type Account, detect, serverAccount } from "./installation.js";
import { onProcessEnd } from "./process-end.js";
import { settingLines } from "./settings-text.js";

/** How a private cluster is set up. */
export interface ClusterOptions {
  /** postgresql.conf settings by name, values unquoted; they win over the cluster's own. */
  readonly settings: Readonly<Record<string, string>>;
  /** The whole of pg_hba.conf. By default everybody is trusted, by socket, from 127.0.0.1 and ::1, for replication too. */
  readonly hba?: string;
  /** A data directory of the caller's: initialised when it holds no cluster, left in place by `stop()`. By default a temporary one. */
  readonly dataDirectory?: string;
}

/** One psql session. */
export interface PsqlOptions {
  /** SQL and psql's backslash commands, piped to psql. */
  readonly sql: string;
  /** Default: the superuser, `postgres`. */
  readonly user?: string;
  /** Default: `postgres`. */
  readonly database?: string;
  /** application_name; psql's own default is `psql`. */
  readonly application?: string;
  /** `tcp`: from 127.0.0.1; `socket` (the default): by the UNIX socket. */
  readonly host?: "tcp" | "socket";
  /** Acts as this role from the start of the session, without a SET ROLE that would be audited. */
  readonly role?: string;
  /** Further start-up options as in PGOPTIONS: `-c work_mem=4MB`. */
  readonly options?: string;
  readonly password?: string;
  /** Ends at the first SQL error with exit code 3; by default psql goes on. */
  readonly stopOnError?: boolean;
  /** Seconds until the session is given up, 60 by default. */
  readonly timeout?: number;
}

/** What psql printed, and its exit code: 0, 2 when it could not log in, 3 when it stopped at an error. */
export interface PsqlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The role that initdb creates. */
export const SUPERUSER = "postgres";
const START_SECONDS = 30;
const TRUSTING_HBA = [
  "local all,replication all trust",
  "host all,replication all 127.0.0.1/32 trust",
  "host all all ::1/128 trust",
  "",
].join("\n");

/** Nothing that is lost by a power cut matters here; the quiet ones keep background lines out of the log. */
const OWN_SETTINGS = {
  listen_addresses: "127.0.0.1,::1",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
  log_checkpoints: "off",
} as const;

/**
 * A PostgreSQL server of one's own: fresh data, a free port on 127.0.0.1, a private socket directory, locale C, UTF-8, UTC.
 * It runs as an unprivileged account when we are root. `stop()` removes everything, and so does the end of this process.
 */
export class PrivateCluster {
  readonly dataDirectory: string;
  readonly port: number;
  readonly #binaries: string;
  readonly #directory: string;
  readonly #account: Account | undefined;
  readonly #server: ResultPromise;
  readonly #forget: () => void;

  /** Throws an Error that holds the server's words when it does not start. */
  static async start(options: ClusterOptions): Promise<PrivateCluster> {
    const installation = await detect();
    if ("missing" in installation) throw new Error(installation.missing);
    const account = serverAccount() ?? undefined;
    const directory = mkdtempSync(join(tmpdir(), "rulewright-pg-"));
    if (account) chownSync(directory, account.uid, account.gid);
    try {
      const data = options.dataDirectory ?? join(directory, "data");
      await initialise(installation.binaries, directory, data, account);
      const port = await freePort();
      const settings = { ...OWN_SETTINGS, port: String(port), unix_socket_directories: directory, ...options.settings };
      await appendFile(join(data, "postgresql.conf"), configuration(settings));
      await writeFile(join(data, "pg_hba.conf"), options.hba ?? TRUSTING_HBA);
      const cluster = new PrivateCluster(installation.binaries, directory, data, port, account);
      await cluster.#ready();
      return cluster;
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(binaries: string, directory: string, data: string, port: number, account: Account | undefined) {
    this.#binaries = binaries;
    this.#directory = directory;
    this.dataDirectory = data;
    this.port = port;
    this.#account = account;
    this.#server = execa(join(binaries, "postgres"), ["-D", data], {
      ...surroundings(directory, account),
      stdin: "ignore",
      reject: false,
      cleanup: false, // it would send SIGTERM, on which the server waits for its clients
    });
    this.#forget = onProcessEnd(() => {
      this.#server.kill("SIGQUIT");
      this.#remove();
    });
  }

  /** Process id of the server's parent process. */
  get pid(): number {
    return this.#server.pid!;
  }

  /**
   * Runs SQL in a psql session of its own, under the server's account, in the cluster's temporary directory. SQL errors
   * never throw: they are in `stderr`. Throws only when psql cannot be run or exceeds its time.
   * Programs that the SQL starts with `\!` (pg_dump, pg_basebackup) find the same connection in their environment.
   */
  async psql(options: PsqlOptions): Promise<PsqlResult> {
    const seconds = options.timeout ?? 60;
    const asRole = options.role === undefined ? [] : [`-c role=${options.role.replace(/[\\ ]/g, "\\$&")}`];
    const around = surroundings(this.#directory, this.#account);
    const result = await execa(
      join(this.#binaries, "psql"),
      ["-X", "-q", "-A", "-t", "-v", `ON_ERROR_STOP=${options.stopOnError ? 1 : 0}`, "-f", "-"],
      {
        ...around,
        env: {
          ...around.env,
          PATH: `${this.#binaries}:${process.env.PATH ?? ""}`,
          PGHOST: options.host === "tcp" ? "127.0.0.1" : this.#directory,
          PGPORT: String(this.port),
          PGUSER: options.user ?? SUPERUSER,
          PGDATABASE: options.database ?? "postgres",
          PGAPPNAME: options.application ?? "psql",
          PGOPTIONS: [...asRole, options.options ?? ""].join(" "),
          PGCLIENTENCODING: "UTF8",
          ...(options.password === undefined ? {} : { PGPASSWORD: options.password }),
        },
        input: options.sql,
        stripFinalNewline: false,
        reject: false,
        timeout: seconds * 1000,
      },
    );
    if (result.timedOut) throw new Error(`psql as ${options.user ?? SUPERUSER} was still running after ${seconds} s`);
    if (result.exitCode === undefined) throw new Error(`psql did not run: ${result.shortMessage}`);
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  }

  /** Ends all sessions, stops the server and removes its files. */
  async stop(): Promise<void> {
    this.#forget();
    this.#server.kill("SIGINT"); // fast shutdown
    await this.#server;
    this.#remove();
  }

  async #ready(): Promise<void> {
    let ended = false;
    void this.#server.then(() => {
      ended = true;
    });
    const deadline = performance.now() + START_SECONDS * 1000;
    while (!this.#saysReady()) {
      if (ended || performance.now() > deadline) {
        this.#forget();
        this.#server.kill("SIGQUIT");
        const { stderr } = await this.#server;
        throw new Error(`the PostgreSQL server ${ended ? "ended at once" : "did not get ready"}: ${stderr}`);
      }
      await sleep(10);
    }
  }

  /** The eighth line of postmaster.pid is the server's state; pg_ctl waits for the same word. */
  #saysReady(): boolean {
    try {
      return readFileSync(join(this.dataDirectory, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready";
    } catch {
      return false;
    }
  }

  #remove(): void {
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function initialise(binaries: string, directory: string, data: string, account?: Account): Promise<void> {
  const exists = await access(join(data, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (exists) return;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (account) chownSync(data, account.uid, account.gid);
  const choices = ["--locale=C", "--encoding=UTF8", "--auth=trust", "--no-sync", "--no-instructions"];
  await execa(join(binaries, "initdb"), ["-D", data, `--username=${SUPERUSER}`, ...choices], {
    ...surroundings(directory, account),
  });
}

/** What every program of the cluster is run with: nothing of the caller's PG* variables, locale or time zone. */
function surroundings(directory: string, account: Account | undefined) {
  return {
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", HOME: directory, LC_ALL: "C", TZ: "UTC" } as Record<string, string>,
    extendEnv: false,
    ...account,
  };
}

function configuration(settings: Readonly<Record<string, string>>): string {
  return `\n${settingLines(settings).join("\n")}\n`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
