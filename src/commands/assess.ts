import type { Command } from "commander";
import pc from "picocolors";
import { CHECKS } from "../assess/checks/index.js";
import { passwordSource } from "../assess/connection/password.js";
import { type ConnectionTarget, connectionTarget, placeOfServer } from "../assess/connection/target.js";
import { assess } from "../assess/run.js";
import { compareSnapshots } from "../assess/snapshot/compare.js";
import { readSnapshot, writeSnapshot } from "../assess/snapshot/file.js";
import type { Snapshot } from "../assess/snapshot/snapshot.js";
import { takeSnapshot } from "../assess/snapshot/take.js";
import { problem } from "../diagnostics/problem.js";
import { readSitePolicy, type SitePolicy } from "../policy/site-policy.js";
import { findProject } from "../project.js";
import { assessmentJson, assessmentText, isFine } from "./assess-report.js";
import { findings } from "./manager-session.js";
import { comparisonText } from "./snapshot-report.js";

export function addAssess(program: Command): void {
  program
    .command("assess")
    .description("check a live PostgreSQL server, read-only, against what the rules and the site policy rely on")
    .argument("[uri]", "postgresql://user@host:port/database?sslmode=…, without a password (default: PG* variables)")
    .option("--databases <names>", "all, or names divided by commas", "all")
    .option("--policy <file>", "site policy (default: the project's site.yaml)")
    .option("--json", "print every check and its verdict, or every difference, as JSON")
    .option("--snapshot <file>", "instead of checks: write who may do what, to compare with later")
    .option("--compare <file>", "instead of checks: what is different from that snapshot")
    .option("--with <file>", "compare with this snapshot and not with a server")
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
The password comes from PGPASSWORD, ~/.pgpass or a prompt. Nothing is written to the server: sessions are read-only.
A superuser sees everything; what another account may not see is "not checked", which is never shown as ok.

Exit codes: 0 fine or notes only; 1 findings, differences, or something was not checked that could have been;
2 no connection or unreadable file; 3 bad usage.

Examples:
  rulewright assess
  rulewright assess "postgresql://dba_alice@db.example/postgres?sslmode=verify-full"
  rulewright assess postgresql://%2Fvar%2Frun%2Fpostgresql/postgres --databases appdb,hr
  PGHOST=db.example PGUSER=dba_alice rulewright assess --json > assess.json
  rulewright assess --snapshot monday.json
  rulewright assess --compare monday.json --snapshot tuesday.json
  rulewright assess --compare monday.json --with tuesday.json`;

interface AssessOptions {
  readonly databases: string;
  readonly policy?: string;
  readonly json?: boolean;
  readonly snapshot?: string;
  readonly compare?: string;
  readonly with?: string;
}

async function run(uri: string | undefined, options: AssessOptions): Promise<void> {
  if (options.with !== undefined) return compareFiles(uri, options);
  const only = databasesOf(options.databases);
  const target = connectionTarget(uri);
  const { value: policy } = await readSitePolicy(options.policy ?? (await findProject()).policy);
  if (options.snapshot === undefined && options.compare === undefined) return check(target, policy, only, options);
  // Before anything is written: both may name the same file.
  const before = options.compare === undefined ? null : await readSnapshot(options.compare);
  const snapshot = await takeSnapshot(target, passwordSource(target), policy, only);
  if (options.snapshot !== undefined) {
    await writeSnapshot(options.snapshot, snapshot);
    console.error(`${pc.green("written")} ${options.snapshot}`);
  }
  if (before !== null) report(before, snapshot, options);
}

async function check(
  target: ConnectionTarget,
  policy: SitePolicy,
  only: readonly string[] | null,
  { json }: AssessOptions,
): Promise<void> {
  const assessment = await assess(target, passwordSource(target), policy, CHECKS, only);
  const place = placeOfServer(target);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  console.log(json ? assessmentJson(place, assessment) : assessmentText(place, assessment, width));
  if (!isFine(assessment)) throw findings();
}

async function compareFiles(uri: string | undefined, options: AssessOptions): Promise<void> {
  if (options.compare === undefined || options.snapshot !== undefined || uri !== undefined)
    throw problem(3, {
      code: "snapshot-usage",
      message: "--with compares two files: it goes with --compare alone",
      hint: "rulewright assess --compare monday.json --with tuesday.json",
    });
  report(await readSnapshot(options.compare), await readSnapshot(options.with!), options);
}

function report(before: Snapshot, after: Snapshot, { json }: AssessOptions): void {
  const comparison = compareSnapshots(before, after);
  const { changes, notCompared } = comparison;
  console.log(json ? JSON.stringify({ changes, not_compared: notCompared }, null, 2) : comparisonText(comparison));
  if (changes.length + notCompared.length > 0) throw findings();
}

/** Null stands for all. */
function databasesOf(text: string): string[] | null {
  if (text === "all") return null;
  const names = text.split(",").map((each) => each.trim());
  if (names.every((each) => each !== "")) return [...new Set(names)].sort();
  throw problem(3, {
    code: "databases-empty",
    message: `--databases is ${JSON.stringify(text)}`,
    hint: "all, or names divided by commas",
  });
}
