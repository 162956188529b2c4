import { relative } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { problem } from "../diagnostics/problem.js";
import { CAPTURED_FORMS, type CapturedLog, captureFixtures, writeCaptured } from "../fixtures/capture-fixtures.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { captureObstacle } from "../postgresql/capture.js";
import type { LogForm } from "../postgresql/log-forms.js";
import { findProject } from "../project.js";

export function addCapture(program: Command): void {
  program
    .command("capture")
    .description("run the fixtures' statements on a private PostgreSQL server and keep what it logs")
    .option("--form <form...>", `log forms (default: all of ${CAPTURED_FORMS.join(", ")})`)
    .option("--use-case <key...>", "only these use cases")
    .addHelpText(
      "after",
      "\nNeeds PostgreSQL 15 with pgaudit on this machine; syslog forms need root and rsyslogd.\n\nExamples:\n  rulewright capture\n  rulewright capture --form jsonlog --use-case drop-table",
    )
    .action(capture);
}

async function capture(options: { form?: string[]; useCase?: string[] }): Promise<void> {
  const project = await findProject();
  const forms = (options.form ?? CAPTURED_FORMS) as LogForm[];
  const unknown = forms.find((form) => !CAPTURED_FORMS.includes(form));
  if (unknown)
    throw problem(3, {
      code: "form-unknown",
      message: `there is no log form ${unknown}`,
      hint: `one of: ${CAPTURED_FORMS.join(", ")}`,
    });
  const all = await readFixtures(project.fixtures);
  const fixtures = all.filter(({ fixture }) => !options.useCase || options.useCase.includes(fixture.use_case));
  if (fixtures.length === 0) throw problem(3, { code: "fixtures-none", message: "no fixture is of these use cases" });
  const logs: CapturedLog[] = [];
  for (const form of forms) {
    const obstacle = await captureObstacle(form);
    if (obstacle) {
      console.log(`${pc.yellow("skipped")} ${form}: ${obstacle}`);
      continue;
    }
    const tell = process.stderr.isTTY;
    const captured = await captureFixtures(fixtures, form, project.root, (done, total) => {
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
