import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { problem, systemReason } from "../diagnostics/problem.js";
import type { EmittedFile } from "../targets/emitted-file.js";
import { MANIFEST_FILE } from "./manifest.js";

/** A file that is not as the definitions say. */
export interface StaleFile {
  readonly path: string;
  readonly state: "missing" | "different" | "left over";
}

/** Compares a directory with what would be written there; empty when it is up to date. */
export async function staleFiles(directory: string, files: readonly EmittedFile[]): Promise<StaleFile[]> {
  const expected = new Map(files.map(({ path, text }) => [path, text]));
  const present = new Set(await filesBelow(directory));
  const stale: StaleFile[] = [];
  for (const [path, text] of expected) {
    if (!present.has(path)) stale.push({ path, state: "missing" });
    else if ((await readFile(join(directory, path), "utf8")) !== text) stale.push({ path, state: "different" });
  }
  for (const path of present) if (!expected.has(path)) stale.push({ path, state: "left over" });
  return stale.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Replaces a directory by these files as a whole: they are written beside it, then renamed into place, so that a failure
 * leaves what was there. Refuses a directory that holds anything but an earlier output.
 */
export async function replaceDirectory(directory: string, files: readonly EmittedFile[]): Promise<void> {
  const occupied = existsSync(directory) && (await readdir(directory)).length > 0;
  if (occupied && !existsSync(join(directory, MANIFEST_FILE))) {
    throw problem(3, {
      code: "output-not-ours",
      message: `${directory} holds files that rulewright did not write`,
      hint: "name an empty or a new directory with --out",
    });
  }
  const fresh = `${directory}.new-${process.pid}.tmp`;
  const old = `${directory}.old-${process.pid}.tmp`;
  try {
    for (const { path, text } of files) {
      const target = join(fresh, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    if (existsSync(directory)) await rename(directory, old);
    try {
      await rename(fresh, directory);
    } catch (error) {
      if (existsSync(old)) await rename(old, directory);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw problem(2, { code: "output-unwritable", message: `cannot write ${directory}: ${systemReason(error)}` });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Writes one file whole or not at all. */
export async function replaceFile(file: string, text: string | Uint8Array): Promise<void> {
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw problem(2, { code: "output-unwritable", message: `cannot write ${file}: ${systemReason(error)}` });
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"));
}
