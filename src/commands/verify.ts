import type { Command } from "commander";
import pc from "picocolors";
import { problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { fixtureRuns } from "../fixtures/run-fixtures.js";
import { type AskedLine, linesOf, smokeRuns } from "../manager/smoke.js";
import { type Verification, verify as verifyTarget } from "../manager/verify.js";
import { findProject } from "../project.js";
import { readLines } from "../replay/lines.js";
import { shownLine } from "../replay/shown-line.js";
import {
  findings,
  type ManagerOptions,
  onTarget,
  targetConfig,
  teller,
  withManagerOptions,
} from "./manager-session.js";

const LINE_WIDTH = 120;

interface VerifyOptions extends ManagerOptions {
  readonly smoke?: boolean;
}

export function addVerify(program: Command): void {
  withManagerOptions(
    program
      .command("verify")
      .description("ask the manager's logtest and the embedded engine about the same lines, and print every difference")
      .argument("<target>", "name of a target in deploy.yaml")
      .argument("[log]", "a log file, gzipped or not; - is standard input (default: the fixtures)"),
    false,
  )
    .option("--smoke", "of the fixtures only the few cases in which every rule fires, as deploy asks them")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nThe ruleset is the one on the manager's disk. Exits 1 when they differ, or a line could not be asked.\n\nExamples:\n  rulewright verify production --smoke\n  rulewright verify lab /var/log/auth.log",
    )
    .action(verify);
}

async function verify(name: string, log: string | undefined, options: VerifyOptions): Promise<void> {
  if (log !== undefined && options.smoke)
    throw problem(3, { code: "usage", message: "--smoke is for the fixtures, not for a log: leave out one of them" });
  const config = await targetConfig(name, options);
  const lines = log === undefined ? await fixtureLines(options.smoke ?? false) : logLines(log);
  await onTarget(name, config, async ({ target }) => {
    const result = await verifyTarget(target, lines, teller());
    console.log(options.json ? verificationJson(result) : verificationText(result));
    if (result.differences.length + result.notChecked.length + result.unread.length > 0) throw findings();
  });
}

async function fixtureLines(smoke: boolean): Promise<AskedLine[]> {
  const runs = await fixtureRuns(await readFixtures((await findProject()).fixtures));
  return (smoke ? smokeRuns(runs) : runs).flatMap(linesOf);
}

async function* logLines(file: string): AsyncGenerator<AskedLine> {
  let number = 0;
  for await (const block of readLines(file))
    for (const line of block.lines())
      yield { line, location: file === "-" ? "stdin" : file, about: `${file}:${++number}` };
}

function verificationText(result: Verification): string {
  const { events, differences, notChecked, unread, managerWarnings, engineWarnings } = result;
  return [
    ...differences.flatMap(({ asked, members }) => [
      `${pc.red("differs")} ${asked.about} ${pc.dim(shownLine(asked.line, LINE_WIDTH))}`,
      ...members.map(
        ({ name, manager, engine }) => `    ${name}: manager ${pc.green(manager)}, engine ${pc.red(engine)}`,
      ),
    ]),
    ...notChecked.map(({ asked, reason }) => `${pc.yellow("not checked")} ${asked.about}: ${reason}`),
    ...unread.map(([path, reason]) => `${pc.yellow("not checked")} ${path}: ${reason}`),
    ...managerWarnings.map((message) => `${pc.yellow("the manager warns")} ${message}`),
    ...engineWarnings.map(diagnosticText),
    `${events} lines asked, ${differences.length} differ, ${notChecked.length + unread.length} not checked`,
  ].join("\n");
}

function verificationJson(result: Verification): string {
  const { events, differences, notChecked, unread, managerWarnings, engineWarnings } = result;
  const shown = ({ about, line }: AskedLine) => ({ about, line: Buffer.from(line, "latin1").toString("utf8") });
  return JSON.stringify(
    {
      events,
      differences: differences.map(({ asked, members }) => ({ ...shown(asked), members })),
      not_checked: notChecked.map(({ asked, reason }) => ({ ...shown(asked), reason })),
      unread_files: Object.fromEntries(unread),
      manager_warnings: managerWarnings,
      engine_warnings: engineWarnings,
    },
    null,
    2,
  );
}
