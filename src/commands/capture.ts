import { relative } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { problem } from "../diagnostics/problem.js";
import { type CapturedLog, captureFixtures, writeCaptured } from "../fixtures/capture-fixtures.js";
import { CAPTURES, type Capture, formOf } from "../fixtures/captures.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { readSitePolicy } from "../policy/site-policy.js";
import { captureObstacle } from "../postgresql/capture.js";
import { findProject } from "../project.js";

export function addCapture(program: Command): void {
  program
    .command("capture")
    .description("run the fixtures' statements on a private PostgreSQL server and keep what it logs")
    .option("--form <form...>", `log forms (default: all of ${CAPTURES.join(", ")})`)
    .option("--use-case <key...>", "only these use cases")
    .addHelpText(
      "after",
      "\nNeeds PostgreSQL 15 with pgaudit on this machine; syslog forms need root and rsyslogd.\n\nExamples:\n  rulewright capture\n  rulewright capture --form jsonlog --use-case drop-table",
    )
    .action(capture);
}

async function capture(options: { form?: string[]; useCase?: string[] }): Promise<void> {
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
  for (const fixture of fixtures) {
    const own = logs.filter((log) => log.fixture === fixture);
    if (own.length > 0) await writeCaptured(own);
  }
  if (logs.length > 0) console.log(`written below ${relative(process.cwd(), project.fixtures)}`);
}
