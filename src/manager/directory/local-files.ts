/** All that a local manager's loader would look at. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { systemReason } from "../../diagnostics/problem.js";
import { toBytes } from "../../engine/bytes.js";
import { readConfiguration } from "../../ruleset/configuration.js";
import { textFileName } from "../../ruleset/list-table.js";
import { baseName } from "../../ruleset/load-order.js";
import { Reporter, RulesetRefused } from "../../ruleset/reporter.js";
import type { ManagerFiles } from "../target.js";
import { TEMPORARY } from "./durable-file.js";

const CONFIGURATION = "etc/ossec.conf";
const DIRECTORIES = ["ruleset/decoders", "ruleset/rules", "etc/decoders", "etc/rules", "etc/lists"];

export async function localFiles(root: string): Promise<ManagerFiles> {
  const files = new Map<string, Uint8Array>();
  const unreadable = new Map<string, string>();
  const take = async (path: string) => {
    try {
      files.set(path, await readFile(join(root, path)));
    } catch (error) {
      // What a configuration names and is not there the loader tells.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") unreadable.set(path, systemReason(error));
    }
  };
  await take(CONFIGURATION);
  const { directories, paths } = namedIn(files.get(CONFIGURATION));
  for (const directory of new Set([...DIRECTORIES, ...directories])) {
    try {
      for (const path of await filesBelow(root, directory)) await take(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") unreadable.set(directory, systemReason(error));
    }
  }
  for (const path of paths) if (!files.has(path)) await take(path);
  return { files, unreadable };
}

async function filesBelow(root: string, directory: string): Promise<string[]> {
  const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isContent(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** Neither a list as the manager compiles it, nor what an interrupted write left. */
export function isContent(path: string): boolean {
  return !path.endsWith(".cdb") && !baseName(path).endsWith(TEMPORARY) && !path.endsWith(".backup");
}

/** Further directories and files that ossec.conf names; none when the loader refuses it. */
function namedIn(configuration: Uint8Array | undefined): { directories: readonly string[]; paths: readonly string[] } {
  if (!configuration) return { directories: [], paths: [] };
  try {
    const { decoders, rules, lists } = readConfiguration(
      { name: CONFIGURATION, text: toBytes(configuration) },
      new Reporter(),
    );
    return {
      directories: [decoders, rules].flatMap(({ directories }) => directories.map(({ path }) => path)),
      paths: [...decoders.includes, ...rules.includes, ...lists.map(textFileName)],
    };
  } catch (error) {
    if (error instanceof RulesetRefused) return { directories: [], paths: [] };
    throw error;
  }
}
