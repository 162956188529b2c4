import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MANIFEST_FILE } from "../compiler/manifest.js";
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
  /** The same with the file's path, where the ruleset's own name for it is no path from here. */
  readonly placed: (diagnostic: Diagnostic) => Diagnostic;
}

/**
 * The project's generated files when no directory is named. Several directories are read as if their files lay in one
 * manager's: by base name over all of them.
 */
export async function rulesetInputFrom(directories: readonly string[]): Promise<ReplayRuleset> {
  const [only, another] = directories;
  if (only === undefined) return built((await findProject()).generated);
  const build = another === undefined ? buildAt(only) : null;
  if (build !== null) return built(build);
  const folders = directories.map((directory) => (hasManifest(directory) ? join(directory, EMITTED) : directory));
  const read = folders.map(readDirectory);
  const inputs = read.flatMap(({ input }) => (input ? [input] : []));
  const diagnostics = read.flatMap((each) => each.diagnostics);
  if (inputs.length < read.length) throw new Problem(3, diagnostics.map(placedIn(folders)));
  const input: RulesetInput = {
    ...inputs[0],
    decoders: inputs.flatMap(({ decoders }) => decoders),
    rules: inputs.flatMap(({ rules }) => rules),
    lists: inputs.flatMap(({ lists }) => lists ?? []),
  };
  return {
    input,
    diagnostics: [...diagnostics, ...lacking(input, directories)],
    exitCode: 3,
    placed: placedIn(folders),
  };
}

/** Folder of a build that holds what the manager loads. */
const EMITTED = "wazuh";

async function built(directory: string): Promise<ReplayRuleset> {
  const { input } = await readGeneratedFiles(directory);
  return { input, diagnostics: [], exitCode: 1, placed: placedIn([join(directory, EMITTED)]) };
}

/** The build that this is, or whose emitted files it holds: they alone have no rules that every manager has. */
function buildAt(directory: string): string | null {
  if (hasManifest(directory)) return directory;
  const path = resolve(directory);
  return basename(path) === EMITTED && hasManifest(dirname(path)) ? dirname(path) : null;
}

function hasManifest(directory: string): boolean {
  return existsSync(join(directory, MANIFEST_FILE));
}

/** What a ruleset without decoders, or without rules, will not do. */
function lacking({ decoders, rules }: RulesetInput, directories: readonly string[]): Diagnostic[] {
  const warning = (code: string, message: string): Diagnostic => ({ code, severity: "warning", message });
  const where = directories.join(" and ");
  return [
    ...(decoders.length === 0 ? [warning("ruleset-without-decoders", `there are no decoders in ${where}`)] : []),
    ...(rules.length === 0 ? [warning("ruleset-without-rules", `there are no rules in ${where}: nothing alerts`)] : []),
  ];
}

/** A manager's names of files begin with `etc/`, where a folder of decoders, rules and lists has them right below. */
function placedIn(directories: readonly string[]): ReplayRuleset["placed"] {
  return (diagnostic) => {
    const { where } = diagnostic;
    if (where === undefined) return diagnostic;
    const paths = directories.flatMap((directory) => [
      join(directory, where.file),
      join(directory, where.file.replace(/^etc\//, "")),
    ]);
    const file = paths.find((path) => existsSync(path));
    return file === undefined ? diagnostic : { ...diagnostic, where: { ...where, file } };
  };
}

/** Throws a Problem that names the directory when there is nothing to load in it. */
function readDirectory(directory: string): RulesetDirectory {
  const unusable = (reason: string) =>
    problem(3, {
      code: "ruleset-unreadable",
      message: `cannot read the ruleset ${directory}: ${reason}`,
      hint: "name a manager's directory, such as /var/ossec, one with decoders/, rules/ and lists/, or what a build wrote",
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
