import { relative } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { Problem, problem } from "../diagnostics/problem.js";
import { type CapturedLog, captureFixtures, writeCaptured } from "../fixtures/capture-fixtures.js";
import { CAPTURES, type Capture, formOf } from "../fixtures/captures.js";
import { compareCapture } from "../fixtures/compare-capture.js";
import { type LoadedFixture, readFixtures } from "../fixtures/fixture-file.js";
import { fixtureRuns, keysOf } from "../fixtures/run-fixtures.js";
import { readSitePolicy } from "../policy/site-policy.js";
import { captureObstacle } from "../postgresql/capture.js";
import { findProject, type Project } from "../project.js";
import { readGenerated } from "../replay/generated.js";

export function addCapture(program: Command): void {
  program
    .command("capture")
    .description("run the fixtures' statements on a private PostgreSQL server and keep what it logs")
    .option("--form <form...>", `log forms (default: all of ${CAPTURES.join(", ")})`)
    .option("--use-case <key...>", "only these use cases")
    .option("--check", "write nothing; exit 1 when the lines are decided otherwise than the fixtures'")
    .addHelpText(
      "after",
      "\nNeeds PostgreSQL 15 with pgaudit on this machine; syslog forms need root and rsyslogd.\n\nExamples:\n  rulewright capture\n  rulewright capture --form jsonlog --use-case drop-table\n  rulewright capture --check --form jsonlog jsonlog-light jsonlog-standard",
    )
    .action(capture);
}

interface CaptureOptions {
  readonly form?: string[];
  readonly useCase?: string[];
  readonly check?: boolean;
}

async function capture(options: CaptureOptions): Promise<void> {
  const project = await findProject();
  const forms = (options.form ?? CAPTURES) as Capture[];
  const unknown = forms.find((form) => !CAPTURES.includes(form));
  if (unknown)
    throw problem(3, {
      code: "form-unknown",
      message: `there is no log form ${unknown}`,
      hint: `one of: ${CAPTURES.join(", ")}`,
    });
  const all = await readFixtures(project.fixtures);
  const fixtures = all.filter(({ fixture }) => !options.useCase || options.useCase.includes(fixture.use_case));
  if (fixtures.length === 0) throw problem(3, { code: "fixtures-none", message: "no fixture is of these use cases" });
  const logs = await captureForms(project, fixtures, forms);
  if (options.check) {
    await check(project, fixtures, logs);
    return;
  }
  for (const fixture of fixtures) {
    const own = logs.filter((log) => log.fixture === fixture);
    if (own.length > 0) await writeCaptured(own);
  }
  if (logs.length > 0) console.log(`written below ${relative(process.cwd(), project.fixtures)}`);
}

async function captureForms(
  project: Project,
  fixtures: readonly LoadedFixture[],
  forms: readonly Capture[],
): Promise<CapturedLog[]> {
  const { value: policy } = await readSitePolicy(project.policy);
  const logs: CapturedLog[] = [];
  for (const form of forms) {
    const obstacle = await captureObstacle(formOf(form));
    if (obstacle) {
      console.log(`${pc.yellow("skipped")} ${form}: ${obstacle}`);
      continue;
    }
    const tell = process.stderr.isTTY;
    const captured = await captureFixtures(fixtures, form, project.root, policy, (done, total) => {
      if (tell) process.stderr.write(`\r${form} ${done}/${total}`);
    });
    if (tell) process.stderr.write("\r\x1b[K");
    logs.push(...captured);
    const lines = captured.reduce((sum, log) => sum + log.lines.length, 0);
    console.log(`${pc.green("captured")} ${form}: ${lines} lines`);
  }
  return logs;
}

async function check(
  project: Project,
  fixtures: readonly LoadedFixture[],
  logs: readonly CapturedLog[],
): Promise<void> {
  // A check that looked at nothing is not a check that passed.
  if (logs.length === 0) throw problem(2, { code: "capture-none", message: "no form could be captured here" });
  const { manifest, ruleset } = await readGenerated(project.generated);
  const runs = await fixtureRuns(fixtures);
  const differences = logs.flatMap((log) => compareCapture(log, runs, ruleset, keysOf(manifest)));
  const cases = logs.reduce((sum, { ranges }) => sum + ranges.filter((range) => range !== null).length, 0);
  if (differences.length === 0) {
    console.log(`${cases} captured cases are decided as the committed ones`);
    return;
  }
  throw new Problem(
    1,
    differences.map(({ run, committed, captured }) => ({
      code: "capture-differs",
      severity: "error" as const,
      message: `${run.useCase}: ${run.name} (${run.form}) gives ${told(captured)} and not ${committed ? told(committed) : "what is committed, because nothing is"}`,
      where: run.where,
      hint: "run rulewright capture, and look at what changed before you commit it",
    })),
  );
}

function told(decisions: readonly string[]): string {
  return decisions.length > 0 ? decisions.join("; ") : "no alert";
}
