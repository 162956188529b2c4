/** The files below a manager's root, on a disk or in memory: paths with `/`, relative to the root. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseName } from "./load-order.js";

export interface FileTree {
  /** Base names of the files directly in a directory, sorted; none when it is not there. */
  names(directory: string): readonly string[];
  has(path: string): boolean;
  /** The bytes of a file that is there. */
  read(path: string): Uint8Array;
}

export function diskTree(root: string): FileTree {
  return {
    names: (directory) =>
      existsSync(join(root, directory))
        ? readdirSync(join(root, directory), { withFileTypes: true })
            .filter((entry) => !entry.isDirectory())
            .map((entry) => entry.name)
            .sort()
        : [],
    has: (path) => existsSync(join(root, path)),
    read: (path) => readFileSync(join(root, path)),
  };
}

export function memoryTree(files: ReadonlyMap<string, Uint8Array>): FileTree {
  const byDirectory = new Map<string, string[]>();
  for (const path of files.keys()) {
    const name = baseName(path);
    const directory = path.slice(0, -name.length - 1);
    const names = byDirectory.get(directory);
    if (names) names.push(name);
    else byDirectory.set(directory, [name]);
  }
  for (const names of byDirectory.values()) names.sort();
  return {
    names: (directory) => byDirectory.get(directory) ?? [],
    has: (path) => files.has(path),
    read: (path) => files.get(path)!,
  };
}
