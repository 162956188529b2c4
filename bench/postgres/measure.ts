import { setTimeout as sleep } from "node:timers/promises";
import { PrivateCluster } from "../../src/postgresql/cluster.js";
import { cpuSeconds, logBytes } from "./server-load.js";
import { APPLICATION, type Subject } from "./subjects.js";

/** What pgbench is told to do. */
export interface Workload {
  readonly name: string;
  readonly says: string;
  /** pgbench's own options for it. */
  readonly options: string;
  /** Transactions per client and run. */
  readonly transactions: number;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: "tpcb",
    says: "TPC-B: five statements that write and one that reads",
    options: "-b tpcb-like",
    transactions: 4_000,
  },
  { name: "select", says: "one row read by its key", options: "-b select-only", transactions: 40_000 },
];

/** One run of pgbench on one server. */
export interface Run {
  /** Server CPU per transaction, in microseconds. */
  readonly cpu: number;
  /** Written to the log per transaction. */
  readonly bytes: number;
}

export const CLIENTS = 2;
/** Pgbench's scale: 100,000 accounts each. */
export const SCALE = 10;
/** The log's writer and the sessions' ends come after pgbench's. */
const SETTLE_MS = 300;

/** A server that audits as the subject says, with pgbench's tables filled. */
export async function startSubject(subject: Subject): Promise<PrivateCluster> {
  const cluster = await PrivateCluster.start({ settings: subject.settings });
  const grants = `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${APPLICATION};`;
  const sql = `CREATE ROLE ${APPLICATION} LOGIN;\n\\! pgbench -i -q -s ${SCALE} 2>&1\n${grants}\n${subject.setup}\nCHECKPOINT;`;
  const { exitCode, stderr } = await cluster.psql({ sql, stopOnError: true, timeout: 300 });
  if (exitCode === 0) return cluster;
  await cluster.stop();
  throw new Error(`${subject.name}: the tables could not be made: ${stderr.trim()}`);
}

/** Runs the workload once. Throws when not every transaction was carried out. */
export async function run(cluster: PrivateCluster, { options, transactions }: Workload): Promise<Run> {
  const [cpu, bytes] = [cpuSeconds(cluster.pid), logBytes(cluster.dataDirectory)];
  const { stdout } = await cluster.psql({
    sql: `\\! pgbench -n -U ${APPLICATION} ${options} -c ${CLIENTS} -j 1 -t ${transactions} 2>&1`,
    timeout: 300,
  });
  await sleep(SETTLE_MS);
  const count = CLIENTS * transactions;
  if (!stdout.includes(`transactions actually processed: ${count}/${count}`))
    throw new Error(`pgbench: ${stdout.trim()}`);
  return {
    cpu: ((cpuSeconds(cluster.pid) - cpu) * 1e6) / count,
    bytes: (logBytes(cluster.dataDirectory) - bytes) / count,
  };
}
