import { type Command, InvalidArgumentError, Option } from "commander";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { LOG_FORMS, type LogForm } from "../postgresql/log-forms.js";
import type { Output } from "../replay/printer.js";
import { startProgress } from "../replay/progress.js";
import { replay } from "../replay/replay.js";
import { rulesetInputFrom } from "../replay/ruleset-input.js";
import { expensiveDiagnostic, summaryJson, summaryText } from "./replay-report.js";
import { endUnwritten } from "./standard-output.js";

interface ReplayOptions {
  readonly ruleset?: readonly string[];
  readonly output: Output;
  readonly workers: number;
  readonly location?: string;
  readonly hostname: string;
  readonly form?: LogForm;
  readonly json?: boolean;
}

export function addReplay(program: Command): void {
  program
    .command("replay")
    .description("decide log lines as the manager would, and print alerts, decisions or a summary")
    .argument("<file...>", "log files, gzipped ones too; - is standard input")
    .option(
      "--ruleset <directory>",
      "a manager's directory, one with decoders/, rules/ and lists/, or what a build wrote; may be given again (default: generated/)",
      (directory: string, before: string[] = []) => [...before, directory],
    )
    .addOption(
      new Option("--output <what>", "what to print").choices(["summary", "alerts", "decisions"]).default("summary"),
    )
    .addOption(
      new Option(
        "--form <form>",
        "join the lines of a record as the agent does for this log form (default: every line is an event)",
      ).choices(LOG_FORMS),
    )
    .option("--location <text>", "location of the events, as the agent would name it (default: the file)")
    .option("--hostname <name>", "name of the manager", "localhost")
    .option("--workers <number>", "threads that share the work; the output is the same", numberOfWorkers, 1)
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright replay /var/log/postgresql/postgresql.json\n  zcat old/*.gz | rulewright replay --output alerts -\n  rulewright replay --form csvlog postgresql.csv\n  rulewright replay --workers 4 --output alerts archive/*.log.gz\n  rulewright replay --ruleset /var/ossec --output decisions auth.log",
    )
    .action(replayFiles);
}

async function replayFiles(files: string[], options: ReplayOptions): Promise<void> {
  const { output, hostname, location, form, workers, json } = options;
  if (json && output !== "summary") {
    throw problem(3, {
      code: "options-conflict",
      message: `--json is for the summary, and --output ${output} prints none`,
      hint: `leave one of them out: ${output} are JSON anyway`,
    });
  }
  checkInputs(files);
  const ruleset = await rulesetInputFrom(options.ruleset ?? []);
  const progress = await startProgress(files, output !== "summary" && process.stdout.isTTY);
  const tell = (diagnostic: Diagnostic) => console.error(diagnosticText(diagnostic));
  const descriptor = process.stdout.fd;
  const request = { inputs: files, ruleset, workers, output, hostname, location, form, descriptor };
  const result = await replay(request, { progress, tell, unwritable: endUnwritten });
  if (output === "summary") console.log(json ? summaryJson(result) : summaryText(result.counts));
  const expensive = result.expensive.map(expensiveDiagnostic).map(ruleset.placed);
  if (result.unreadable.length > 0) throw new Problem(2, [...expensive, ...result.unreadable]);
  if (expensive.some(({ severity }) => severity === "error")) throw new Problem(1, expensive);
  for (const diagnostic of expensive) tell(diagnostic);
}

function checkInputs(files: readonly string[]): void {
  if (files.includes("")) throw problem(3, { code: "input-unnamed", message: "an input has an empty name" });
  if (files.indexOf("-") !== files.lastIndexOf("-")) {
    throw problem(3, { code: "input-twice", message: "standard input can be read once only", hint: "name - once" });
  }
}

/** More would only wait for each other. */
const MOST_WORKERS = 64;

function numberOfWorkers(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_WORKERS) return number;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MOST_WORKERS}.`);
}
