import { readdirSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import { findProject } from "../project.js";
import { type RulesetDirectory, readRulesetDirectory } from "../ruleset/directory.js";
import type { RulesetInput } from "../ruleset/load.js";
import { readGeneratedFiles } from "./generated.js";

/** The files of the ruleset that a replay runs. */
export interface ReplayRuleset {
  readonly input: RulesetInput;
  /** What there was to say while they were read. */
  readonly diagnostics: readonly Diagnostic[];
  /** Exit code when they do not load. */
  readonly exitCode: 1 | 3;
}

/**
 * The project's generated files when no directory is named. Several directories are read as if their files lay in one
 * manager's: by base name over all of them.
 */
export async function rulesetInputFrom(directories: readonly string[]): Promise<ReplayRuleset> {
  if (directories.length === 0) {
    const { input } = await readGeneratedFiles((await findProject()).generated);
    return { input, diagnostics: [], exitCode: 1 };
  }
  const read = directories.map(readDirectory);
  const inputs = read.flatMap(({ input }) => (input ? [input] : []));
  const diagnostics = read.flatMap((each) => each.diagnostics);
  if (inputs.length < read.length) throw new Problem(3, diagnostics);
  const input: RulesetInput = {
    ...inputs[0],
    decoders: inputs.flatMap(({ decoders }) => decoders),
    rules: inputs.flatMap(({ rules }) => rules),
    lists: inputs.flatMap(({ lists }) => lists ?? []),
  };
  return { input, diagnostics, exitCode: 3 };
}

/** Throws a Problem that names the directory when there is nothing to load in it. */
function readDirectory(directory: string): RulesetDirectory {
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
