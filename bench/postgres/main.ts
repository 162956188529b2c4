import { cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { table } from "../../src/commands/table.js";
import type { PrivateCluster } from "../../src/postgresql/cluster.js";
import { detect } from "../../src/postgresql/installation.js";
import { CLIENTS, type Run, run, SCALE, startSubject, WORKLOADS, type Workload } from "./measure.js";
import { type Spread, spreadOf } from "./statistics.js";
import { SUBJECTS } from "./subjects.js";

/** One row of the result: a subject under a workload. */
interface Result {
  readonly workload: string;
  readonly subject: string;
  /** Microseconds of server CPU per transaction. */
  readonly cpu: Spread;
  /** That divided by the same round's without auditing. */
  readonly ratio: Spread;
  /** Bytes of log per transaction. */
  readonly bytes: Spread;
}

const program = new Command("bench:postgres")
  .description(
    "What auditing costs a PostgreSQL server: CPU per pgbench transaction under each preset, against no pgaudit",
  )
  .option("--rounds <n>", "measured rounds, after one that is not", atLeastOne, 7)
  .option("--workload <name...>", `of ${WORKLOADS.map(({ name }) => name).join(", ")}`)
  .option("--json", "for programs")
  .parse();
const options = program.opts<{ rounds: number; workload?: string[]; json?: boolean }>();

const installation = await detect();
if (process.platform !== "linux") program.error("CPU time is read from /proc, which only Linux has", { exitCode: 2 });
else if ("missing" in installation) program.error(installation.missing, { exitCode: 2 });
else if (!installation.pgaudit) program.error("this machine's PostgreSQL has no pgaudit library", { exitCode: 2 });
else await bench(installation.version);

async function bench(version: string): Promise<void> {
  const workloads = WORKLOADS.filter(({ name }) => options.workload?.includes(name) ?? true);
  const clusters: PrivateCluster[] = [];
  try {
    for (const subject of SUBJECTS) {
      progress(`starting ${subject.name}`);
      clusters.push(await startSubject(subject));
    }
    const results: Result[] = [];
    for (const workload of workloads) results.push(...(await measured(clusters, workload)));
    progress("");
    report(version, results);
  } finally {
    for (const cluster of clusters) await cluster.stop();
  }
}

/** Round by round, one subject after the other, so that what disturbs the machine disturbs them alike. */
async function measured(clusters: readonly PrivateCluster[], workload: Workload): Promise<Result[]> {
  const rounds: Run[][] = [];
  for (let round = 0; round <= options.rounds; round++) {
    const runs: Run[] = [];
    for (const step of clusters.keys()) {
      // Each round begins elsewhere: nobody always follows the same neighbour.
      const at = (step + round) % clusters.length;
      progress(`${workload.name}: round ${round} of ${options.rounds}, ${SUBJECTS[at]!.name}`);
      runs[at] = await run(clusters[at]!, workload);
    }
    if (round > 0) rounds.push(runs);
  }
  return SUBJECTS.map(({ name }, at) => ({
    workload: workload.name,
    subject: name,
    cpu: spreadOf(rounds.map((runs) => runs[at]!.cpu)),
    ratio: spreadOf(rounds.map((runs) => runs[at]!.cpu / runs[0]!.cpu)),
    bytes: spreadOf(rounds.map((runs) => runs[at]!.bytes)),
  }));
}

function report(version: string, results: readonly Result[]): void {
  const processors = cpus();
  const machine = `${processors.length} × ${processors[0]?.model.trim() ?? "unknown CPU"}, PostgreSQL ${version}`;
  if (options.json) {
    console.log(JSON.stringify({ machine, rounds: options.rounds, clients: CLIENTS, scale: SCALE, results }, null, 2));
    return;
  }
  console.log(
    `${machine}; pgbench with ${CLIENTS} clients at scale ${SCALE}; median of ${options.rounds} rounds (least–most)\n`,
  );
  const rows = results.map(({ workload, subject, cpu, ratio, bytes }) => [
    workload,
    subject,
    inWords(cpu, 1),
    inWords(ratio, 2),
    bytes.median.toFixed(0),
  ]);
  console.log(table(["workload", "audited", "CPU µs per transaction", "ratio", "log bytes per transaction"], rows));
  for (const { name, says } of [...WORKLOADS, ...SUBJECTS]) console.log(`${name}: ${says}`);
}

function inWords({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("a whole number from 1");
  return Number(text);
}
