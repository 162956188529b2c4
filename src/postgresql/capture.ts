import { join } from "node:path";
import type { Bytes } from "../engine/bytes.js";
import { PrivateCluster } from "./cluster.js";
import { detect } from "./installation.js";
import { createEntryReader } from "./log-entries.js";
import { type LogForm, logFileOf, logFormSettings } from "./log-forms.js";
import { LogTail } from "./log-tail.js";
import { SessionLog } from "./session-log.js";
import { SyslogReceiver, syslogObstacle } from "./syslog-receiver.js";

/** A block of statements that one psql session runs. */
export interface CaptureStatement {
  /** The caller's name for the block; it comes back with its lines. */
  readonly id: string;
  /** Logs in with trust, unless the caller's `hba` says otherwise. */
  readonly user: string;
  readonly database: string;
  /** SQL and psql's backslash commands; `\! pg_dump` and the like find the connection in their environment. */
  readonly sql: string;
  /** application_name; psql's own default is `psql`. */
  readonly application?: string;
  /** `tcp` (the default): from 127.0.0.1; `socket`: by the UNIX socket, logged as `[local]`. */
  readonly host?: "tcp" | "socket";
  readonly password?: string;
  /**
   * Keeps also what the server's own processes write meanwhile: `parameter "…" changed to` after a reload, checkpoints.
   * They write when they please: end the block with a short pg_sleep.
   */
  readonly serverLines?: boolean;
}

/** What the server wrote about a block. */
export interface CapturedStatement {
  readonly id: string;
  /**
   * The physical lines of the log file that the block caused, in order, from `connection received` to `disconnection`,
   * without newlines; engine strings, one character per byte (latin1). Lines of sessions that the block opens itself
   * (`\connect`, dblink, pg_dump) belong to it; those of the server's own processes do not.
   */
  readonly lines: readonly Bytes[];
  /** What psql said to stderr: empty when every statement succeeded without a notice. */
  readonly stderr: string;
}

/** A run of blocks on one fresh server. */
export interface CaptureOptions {
  readonly form: LogForm;
  /** Run first, as superuser in the database `postgres` (`\connect` goes on elsewhere); an error in it throws. */
  readonly setup: string;
  /** Run in order on one server: what a block changes is there for the next one. */
  readonly statements: readonly CaptureStatement[];
  /** Over the form's own settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The whole of pg_hba.conf; it must let `postgres` in by the socket. */
  readonly hba?: string;
  /** Called after each block. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Why this form cannot be captured on this machine, in words; null when it can. */
export async function captureObstacle(form: LogForm): Promise<string | null> {
  const installation = await detect();
  if ("missing" in installation) return installation.missing;
  if (!installation.pgaudit)
    return `PostgreSQL ${installation.version} has no pgaudit library; install its pgaudit package`;
  if (form === "pgauditlogtofile" && !installation.auditFile)
    return `PostgreSQL ${installation.version} has no pgauditlogtofile library; install its package`;
  return logFileOf(form) === null ? syslogObstacle() : null;
}

/**
 * Runs each block in a psql session of its own on a private server that logs in the given form, and returns exactly the
 * log lines that it caused. Throws when `captureObstacle` names a reason, when the setup fails, or when a block's lines do
 * not arrive in time; SQL errors in a block are part of what is captured.
 */
export async function captureStatements(options: CaptureOptions): Promise<CapturedStatement[]> {
  const obstacle = await captureObstacle(options.form);
  if (obstacle !== null) throw new Error(`cannot capture ${options.form}: ${obstacle}`);
  const receiver = logFileOf(options.form) === null ? await SyslogReceiver.start() : null;
  try {
    const settings = { ...logFormSettings(options.form), ...options.settings };
    const cluster = await PrivateCluster.start({ settings, hba: options.hba });
    try {
      return await captureOn(cluster, logFile(options.form, cluster, receiver), options);
    } finally {
      await cluster.stop();
    }
  } finally {
    await receiver?.stop();
  }
}

async function captureOn(cluster: PrivateCluster, file: string, options: CaptureOptions): Promise<CapturedStatement[]> {
  const setup = await cluster.psql({ sql: options.setup, stopOnError: true });
  if (setup.exitCode !== 0) throw new Error(`the setup failed: ${setup.stderr.trim()}`);
  const tail = new LogTail(file, createEntryReader(options.form));
  try {
    const log = await SessionLog.follow(cluster, tail);
    const captured: CapturedStatement[] = [];
    for (const statement of options.statements) {
      captured.push(await captureOne(cluster, log, statement));
      options.onProgress?.(captured.length, options.statements.length);
    }
    return captured;
  } finally {
    await tail.close();
  }
}

async function captureOne(
  cluster: PrivateCluster,
  log: SessionLog,
  block: CaptureStatement,
): Promise<CapturedStatement> {
  const { id, user, database, sql, application, host = "tcp", password } = block;
  let stderr = "";
  const run = async () => {
    ({ stderr } = await cluster.psql({ user, database, sql, application, host, password }));
  };
  try {
    return { id, lines: await log.linesOf(run, block.serverLines ?? false), stderr };
  } catch (error) {
    throw new Error(`block ${JSON.stringify(id)} could not be captured: ${(error as Error).message}`, { cause: error });
  }
}

function logFile(form: LogForm, cluster: PrivateCluster, receiver: SyslogReceiver | null): string {
  if (receiver) return form.endsWith("rfc3339") ? receiver.rfc3339 : receiver.traditional;
  return join(cluster.dataDirectory, logFileOf(form)!);
}
