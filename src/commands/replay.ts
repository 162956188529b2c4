import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { Presets, SingleBar } from "cli-progress";
import { type Command, Option } from "commander";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { toAlert } from "../engine/alert.js";
import type { Decision } from "../engine/decision.js";
import type { Ruleset } from "../engine/model.js";
import { createSession } from "../engine/session.js";
import { LOG_FORMS, type LogForm } from "../postgresql/log-forms.js";
import { findProject } from "../project.js";
import { EventClock } from "../replay/event-time.js";
import { readGenerated } from "../replay/generated.js";
import { InputOrder } from "../replay/input-order.js";
import { readEvents } from "../replay/records.js";
import { ReplaySummary } from "../replay/summary.js";
import { type RulesetDirectory, readRulesetDirectory } from "../ruleset/directory.js";
import { loadRuleset } from "../ruleset/load.js";
import { summaryJson, summaryText } from "./replay-report.js";

interface ReplayOptions {
  readonly ruleset: readonly string[];
  readonly output: "summary" | "alerts" | "decisions";
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
      "a manager's directory or one with decoders/, rules/ and lists/; may be given again (default: generated/)",
      (directory: string, before: string[]) => [...before, directory],
      [] as string[],
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
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright replay /var/log/postgresql/postgresql.json\n  zcat old/*.gz | rulewright replay --output alerts -\n  rulewright replay --form csvlog postgresql.csv\n  rulewright replay --ruleset /var/ossec --output decisions auth.log",
    )
    .action(replay);
}

async function replay(files: string[], options: ReplayOptions): Promise<void> {
  if (options.json && options.output !== "summary") {
    throw problem(3, {
      code: "options-conflict",
      message: `--json is for the summary, and --output ${options.output} prints none`,
      hint: `leave one of them out: ${options.output} are JSON anyway`,
    });
  }
  const ruleset = await rulesetFor(options.ruleset);
  const session = createSession(ruleset, { hostname: options.hostname });
  const clock = new EventClock();
  const order = new InputOrder(clock);
  const summary = new ReplaySummary();
  const print = printer(options);
  const unreadable: Diagnostic[] = [];
  for (const file of files) {
    const location = options.location ?? (file === "-" ? "stdin" : file);
    const progress = await startProgress(file);
    try {
      for await (const { lines, read } of readEvents(file, options.form)) {
        const out: string[] = [];
        for (const line of lines) {
          const late = order.see(file, line);
          if (late) console.error(diagnosticText(late));
          const decision = session.process({ event: Buffer.from(line, "latin1"), location, at: clock.at(line) });
          summary.add(decision);
          const text = print(decision);
          if (text !== null) out.push(text);
        }
        if (out.length > 0) await write(`${out.join("\n")}\n`);
        progress?.update(read);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unreadable.push(...error.diagnostics);
    }
    progress?.stop();
  }
  if (options.output === "summary") console.log(options.json ? summaryJson(summary) : summaryText(summary));
  if (unreadable.length > 0) throw new Problem(2, unreadable);
}

/** Several directories are read as if their files lay in one manager's: by base name over all of them. */
async function rulesetFor(directories: readonly string[]): Promise<Ruleset> {
  if (directories.length === 0) return (await readGenerated((await findProject()).generated)).ruleset;
  const read = directories.map(readRuleset);
  const inputs = read.flatMap(({ input }) => (input ? [input] : []));
  const found = read.flatMap(({ diagnostics }) => diagnostics);
  if (inputs.length < read.length) throw new Problem(3, found);
  const loaded = loadRuleset({
    ...inputs[0],
    decoders: inputs.flatMap(({ decoders }) => decoders),
    rules: inputs.flatMap(({ rules }) => rules),
    lists: inputs.flatMap(({ lists }) => lists ?? []),
  });
  const diagnostics = [...found, ...loaded.diagnostics];
  if (!loaded.ruleset) throw new Problem(3, diagnostics);
  for (const diagnostic of diagnostics) console.error(diagnosticText(diagnostic));
  return loaded.ruleset;
}

/** Throws a Problem that names the directory when there is nothing to load in it. */
function readRuleset(directory: string): RulesetDirectory {
  const unusable = (reason: string) =>
    problem(3, {
      code: "ruleset-unreadable",
      message: `cannot read the ruleset ${directory}: ${reason}`,
      hint: "name a manager's directory, such as /var/ossec, or one with decoders/, rules/ and lists/",
    });
  let read: RulesetDirectory;
  try {
    readdirSync(directory);
    read = readRulesetDirectory(directory);
  } catch (error) {
    throw unusable(systemReason(error));
  }
  if (read.input && read.input.decoders.length + read.input.rules.length === 0)
    throw unusable("there are no decoders and no rules in it");
  return read;
}

function printer({ output, hostname }: ReplayOptions): (decision: Decision) => string | null {
  if (output === "decisions") return (decision) => JSON.stringify(decision);
  if (output === "alerts")
    return (decision) => (decision.alert ? JSON.stringify(toAlert(decision, { manager: hostname })) : null);
  return () => null;
}

/**
 * Waits where the reader is slower, so that memory does not fill with what has not been read. Does not come back after
 * an error: the guard of standard output ends the process.
 */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, (error) => !error && resolve()));
}

async function startProgress(file: string): Promise<SingleBar | null> {
  if (file === "-" || !process.stderr.isTTY) return null;
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size === 0) return null;
  const format = `${file} {bar} {percentage}% | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true }, Presets.shades_classic);
  bar.start(size, 0);
  return bar;
}
