/**
 * Measures the engine and the commands that stand on it, each time in a fresh process; what is to be reached is in the
 * rows. `npm run bench -- --help` says how.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { runCommand, runTask } from "./child.js";
import { json, type Measured, markdown, type Profile } from "./report.js";
import { missing, ROWS } from "./rows.js";
import { FULL, QUICK, type Sample } from "./sample.js";
import { hasStock } from "./subjects.js";

const HELP = `npm run bench [-- options]

  --quick        two short runs of each: for development, not for comparisons
  --runs N       runs of each row (default 5)
  --only TEXT    only rows whose key contains this
  --json         for programs
  --markdown     only the tables

Rows: ${ROWS.map(({ key }) => key).join(", ")}, stages`;

const options = parsedOptions();
const chosen = ROWS.filter(({ key }) => key.includes(options.only ?? ""));

if (options.help) console.log(HELP);
else if (chosen.length === 0 && !profiles()) refuse(`no row is called like ${options.only}`);
else await bench();

function parsedOptions() {
  try {
    return parseArgs({
      options: {
        quick: { type: "boolean" },
        runs: { type: "string" },
        only: { type: "string" },
        json: { type: "boolean" },
        markdown: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(what: string): never {
  console.error(`${what}\n\n${HELP}`);
  process.exit(3);
}

function profiles(): boolean {
  return "stages".includes(options.only ?? "");
}

async function bench(): Promise<void> {
  const sizes = options.quick ? QUICK : FULL;
  const runs = Number(options.runs ?? sizes.runs);
  const tell = (text: string) => options.json || options.markdown || console.error(text);
  const busy = loadavg()[0]!;
  if (busy > cpus().length / 4) tell(`the machine is busy (load ${busy.toFixed(1)}): times on the clock mean little`);
  const samples = new Map<string, Sample[]>(chosen.map(({ key }) => [key, []]));
  // What may warm up over runs, such as the cache of parsed fixtures, does so before the first that counts.
  if (samples.has("test-pack")) await runCommand(["test"]);
  // Round by round, not row by row: what else the machine does then falls on all of them.
  for (let run = 1; run <= runs; run++)
    for (const row of chosen) {
      if (missing(row)) continue;
      const sample = await row.measure(sizes);
      samples.get(row.key)!.push(sample);
      tell(`${run}/${runs} ${row.key} ${sample.value.toFixed(2)} ${row.unit}`);
    }
  const measured = chosen.map((row): Measured => ({ row, samples: samples.get(row.key)! }));
  const report = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    runs,
    measured,
    profiles: profiles() ? await profile() : [],
  };
  console.log(options.json ? json(report) : markdown(report));
}

async function profile(): Promise<Profile[]> {
  const subjects = hasStock() ? ["stock", "pack"] : ["pack"];
  const profiles: Profile[] = [];
  for (const of of subjects) profiles.push({ of, stages: await runTask(["stages", of]) });
  return profiles;
}

function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
