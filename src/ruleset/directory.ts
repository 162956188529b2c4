/** Rulesets on disk: a manager's root, a folder of decoders, rules and lists as the build writes it, or Wazuh's own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { toBytes } from "../engine/bytes.js";
import { type FileSelection, readConfiguration } from "./configuration.js";
import { diskTree, type FileTree } from "./file-tree.js";
import { textFileName } from "./list-table.js";
import type { RulesetInput } from "./load.js";
import { baseName, type SourceFile } from "./load-order.js";
import { Reporter, RulesetRefused } from "./reporter.js";

export interface DirectoryOptions {
  /**
   * Base names of rule files to leave out when there is no ossec.conf to say so. Default: what the default
   * configuration of a manager excludes, `0215-policy_rules.xml`.
   */
  readonly ruleExcludes?: readonly string[];
}

export interface RulesetDirectory {
  /** Null when ossec.conf is refused. */
  readonly input: RulesetInput | null;
  readonly diagnostics: readonly Diagnostic[];
}

const CONFIGURATION = "etc/ossec.conf";
const DEFAULT_EXCLUDES: readonly string[] = ["0215-policy_rules.xml"];

/**
 * Reads what a manager with this directory as its root would load, by its etc/ossec.conf. A directory without one is
 * read by its folders decoders/, rules/ and lists/, every list in it counting as declared under etc/lists/.
 */
export function readRulesetDirectory(directory: string, options: DirectoryOptions = {}): RulesetDirectory {
  if (!existsSync(join(directory, CONFIGURATION))) {
    return { input: readFolders(directory, options.ruleExcludes ?? DEFAULT_EXCLUDES), diagnostics: [] };
  }
  return readManagerRuleset(diskTree(directory));
}

/** The same of a tree that has an etc/ossec.conf. */
export function readManagerRuleset(tree: FileTree): RulesetDirectory {
  const reporter = new Reporter();
  try {
    return { input: readManager(tree, reporter), diagnostics: reporter.diagnostics };
  } catch (error) {
    if (!(error instanceof RulesetRefused)) throw error;
    return { input: null, diagnostics: reporter.diagnostics };
  }
}

function readManager(tree: FileTree, reporter: Reporter): RulesetInput {
  const text = toBytes(tree.read(CONFIGURATION));
  const { decoders, rules, lists, ...levels } = readConfiguration({ name: CONFIGURATION, text }, reporter);
  const listFiles = [...new Set(lists.map(textFileName))].filter((name) => tree.has(name));
  return {
    decoders: selectedFiles(tree, decoders, reporter),
    rules: selectedFiles(tree, rules, reporter),
    lists: listFiles.map((name) => ({ name, text: tree.read(name) })),
    configuration: { ...levels, lists, anyFileName: true },
  };
}

/** Files by path first, then what the directories hold; none twice. */
function selectedFiles(tree: FileTree, selection: FileSelection, reporter: Reporter): SourceFile[] {
  const paths = new Set(selection.includes);
  for (const { path: directory, pattern } of selection.directories) {
    for (const name of tree.names(directory)) {
      const path = `${directory}/${name}`;
      const excluded = selection.excludes.includes(path) || selection.excludes.includes(name);
      if (!excluded && pattern.test(toBytes(path))) paths.add(path);
    }
  }
  return [...paths].flatMap((path) => {
    if (tree.has(path)) return [{ name: path, text: tree.read(path) }];
    reporter.warning("ruleset-file-missing", `there is no file "${path}"; correct or remove its include`);
    return [];
  });
}

function readFolders(directory: string, ruleExcludes: readonly string[]): RulesetInput {
  const xmlIn = (folder: string): SourceFile[] =>
    diskTree(directory)
      .names(folder)
      .filter((name) => name.endsWith(".xml"))
      .map((name) => readSource(directory, `${folder}/${name}`));
  return {
    decoders: xmlIn("decoders"),
    rules: xmlIn("rules").filter((file) => !ruleExcludes.includes(baseName(file.name))),
    lists: listsBelow(join(directory, "lists")),
  };
}

function listsBelow(folder: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".cdb"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map((name) => ({ name: `etc/lists/${name}`, text: readFileSync(join(folder, name)) }));
}

function readSource(root: string, name: string): SourceFile {
  return { name, text: readFileSync(join(root, name)) };
}
