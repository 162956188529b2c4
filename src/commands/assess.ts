import type { Command } from "commander";
import { CHECKS } from "../assess/checks/index.js";
import { passwordSource } from "../assess/connection/password.js";
import { connectionTarget, placeOfServer } from "../assess/connection/target.js";
import { assessmentJson, assessmentText, isFine } from "../assess/report.js";
import { assess } from "../assess/run.js";
import { problem } from "../diagnostics/problem.js";
import { readSitePolicy } from "../policy/site-policy.js";
import { findProject } from "../project.js";
import { findings } from "./manager-session.js";

export function addAssess(program: Command): void {
  program
    .command("assess")
    .description("check a live PostgreSQL server, read-only, against what the rules and the site policy rely on")
    .argument("[uri]", "postgresql://user@host:port/database?sslmode=…, without a password (default: PG* variables)")
    .option("--databases <names>", "all, or names divided by commas", "all")
    .option("--policy <file>", "site policy (default: the project's site.yaml)")
    .option("--json", "print every check and its verdict as JSON")
    .addHelpText("after", HELP)
    .action(run);
}

const HELP = `
The password comes from PGPASSWORD, ~/.pgpass or a prompt. Nothing is written: sessions are read-only.
A superuser sees everything; for another account GRANT pg_monitor to it: what it may not see is "not checked", never ok.

Exit codes: 0 fine or notes only, 1 findings, or something was not checked that could have been, 2 no connection, 3 bad usage.

Examples:
  rulewright assess
  rulewright assess postgresql://dba_alice@db.example/postgres?sslmode=verify-full
  rulewright assess postgresql://%2Fvar%2Frun%2Fpostgresql/postgres --databases appdb,hr
  PGHOST=db.example PGUSER=dba_alice rulewright assess --json > assess.json`;

interface AssessOptions {
  readonly databases: string;
  readonly policy?: string;
  readonly json?: boolean;
}

async function run(uri: string | undefined, options: AssessOptions): Promise<void> {
  const only = databasesOf(options.databases);
  const target = connectionTarget(uri);
  const { value: policy } = await readSitePolicy(options.policy ?? (await findProject()).policy);
  const assessment = await assess(target, passwordSource(target), policy, CHECKS, only);
  const place = placeOfServer(target);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  console.log(options.json ? assessmentJson(place, assessment) : assessmentText(place, assessment, width));
  if (!isFine(assessment)) throw findings();
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
