import { stat } from "node:fs/promises";
import { Presets, SingleBar } from "cli-progress";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { Problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { toAlert } from "../engine/alert.js";
import type { Decision } from "../engine/decision.js";
import type { Ruleset } from "../engine/model.js";
import { createSession } from "../engine/session.js";
import { findProject } from "../project.js";
import { EventClock } from "../replay/event-time.js";
import { readGenerated } from "../replay/generated.js";
import { readLines } from "../replay/lines.js";
import { ReplaySummary } from "../replay/summary.js";
import { readRulesetDirectory } from "../ruleset/directory.js";
import { loadRuleset } from "../ruleset/load.js";
import { table } from "./table.js";

interface ReplayOptions {
  readonly ruleset: readonly string[];
  readonly output: "summary" | "alerts" | "decisions";
  readonly location?: string;
  readonly hostname: string;
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
    .option("--location <text>", "location of the events, as the agent would name it (default: the file)")
    .option("--hostname <name>", "name of the manager", "localhost")
    .option("--json", "print the summary as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright replay /var/log/postgresql/postgresql.json\n  zcat old/*.gz | rulewright replay --output alerts -\n  rulewright replay --ruleset /var/ossec --output decisions auth.log",
    )
    .action(replay);
}

async function replay(files: string[], options: ReplayOptions): Promise<void> {
  const ruleset = await rulesetFor(options.ruleset);
  const session = createSession(ruleset, { hostname: options.hostname });
  const clock = new EventClock();
  const summary = new ReplaySummary();
  const print = printer(options);
  for (const file of files) {
    const location = options.location ?? (file === "-" ? "stdin" : file);
    const progress = await startProgress(file);
    for await (const { lines, read } of readLines(file)) {
      const out: string[] = [];
      for (const line of lines) {
        const decision = session.process({ event: Buffer.from(line, "latin1"), location, at: clock.at(line) });
        summary.add(decision);
        const text = print(decision);
        if (text !== null) out.push(text);
      }
      if (out.length > 0) await write(`${out.join("\n")}\n`);
      progress?.update(read);
    }
    progress?.stop();
  }
  if (options.output === "summary") console.log(options.json ? summaryJson(summary) : summaryText(summary));
}

/** Several directories are read as if their files lay in one manager's: by base name over all of them. */
async function rulesetFor(directories: readonly string[]): Promise<Ruleset> {
  if (directories.length === 0) return (await readGenerated((await findProject()).generated)).ruleset;
  const read = directories.map((directory) => readRulesetDirectory(directory));
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

function printer({ output, hostname }: ReplayOptions): (decision: Decision) => string | null {
  if (output === "decisions") return (decision) => JSON.stringify(decision);
  if (output === "alerts")
    return (decision) => (decision.alert ? JSON.stringify(toAlert(decision, { manager: hostname })) : null);
  return () => null;
}

/** Waits where the reader is slower, so that memory does not fill with what has not been read. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
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

function summaryText(summary: ReplaySummary): string {
  const levels = [...summary.byLevel].sort(([a], [b]) => b - a);
  const rules = [...summary.byRule].sort(([, a], [, b]) => b.level - a.level || b.count - a.count);
  const users = [...summary.byUser].sort(([, a], [, b]) => b - a);
  const parts = [
    `${summary.lines} lines, ${summary.alerts} alerts`,
    levels.length > 0 ? table(["level", "alerts"], levels) : "",
    rules.length > 0
      ? table(
          ["rule", "level", "alerts", "first description"],
          rules.map(([id, { level, count, description }]) => [id, level, count, shorten(description)]),
        )
      : "",
    users.length > 0 ? table(["user", "alerts"], users) : "",
  ];
  return parts.filter((part) => part !== "").join(`\n${process.stdout.isTTY ? pc.reset("") : ""}`);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function summaryJson({ lines, alerts, byLevel, byRule, byUser }: ReplaySummary): string {
  const rules = [...byRule].map(([id, { level, description, count }]) => ({ id, level, count, description }));
  return JSON.stringify(
    { lines, alerts, by_level: Object.fromEntries(byLevel), by_rule: rules, by_user: Object.fromEntries(byUser) },
    null,
    2,
  );
}
