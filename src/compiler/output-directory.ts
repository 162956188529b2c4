import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import type { EmittedFile } from "../targets/emitted-file.js";
import { exclusively } from "./directory-lock.js";
import { MANIFEST_FILE, parseManifest } from "./manifest.js";

/** A file that is not as the definitions say. */
export interface StaleFile {
  readonly path: string;
  readonly state: "missing" | "different" | "left over";
}

/** Compares a directory with what would be written there; empty when it is up to date. */
export async function staleFiles(directory: string, files: readonly EmittedFile[]): Promise<StaleFile[]> {
  const expected = new Map(files.map(({ path, text }) => [path, text]));
  try {
    const present = new Set(await filesBelow(directory));
    const stale: StaleFile[] = [];
    for (const [path, text] of expected) {
      const found = present.has(path) ? await textAt(join(directory, path)) : null;
      if (found !== text) stale.push({ path, state: found === null ? "missing" : "different" });
    }
    for (const path of present) if (!expected.has(path)) stale.push({ path, state: "left over" });
    return stale.sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (error) {
    throw problem(2, { code: "output-unreadable", message: `cannot read ${directory}: ${systemReason(error)}` });
  }
}

/**
 * Replaces a directory by these files as a whole: they are written beside it, then renamed into place, so that a failure
 * leaves what was there. Refuses a directory that holds anything but an earlier output. Where the path is a symbolic
 * link, what it leads to is replaced.
 */
export async function replaceDirectory(directory: string, files: readonly EmittedFile[]): Promise<void> {
  try {
    const target = await realDirectory(directory);
    await exclusively(target, () => replaceLocked(target, files));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw problem(2, { code: "output-unwritable", message: `cannot write ${directory}: ${systemReason(error)}` });
  }
}

async function realDirectory(directory: string): Promise<string> {
  return existsSync(directory) ? await realpath(directory) : resolve(directory);
}

async function replaceLocked(directory: string, files: readonly EmittedFile[]): Promise<void> {
  const fresh = `${directory}.new.tmp`;
  const old = `${directory}.old.tmp`;
  // What a build that was killed between the two renames left behind.
  if (existsSync(old) && !existsSync(directory)) await rename(old, directory);
  await refuseForeign(directory);
  await Promise.all([fresh, old].map((path) => rm(path, { recursive: true, force: true })));
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
  } finally {
    // A left-over is no failure: the next build removes it.
    await Promise.all([fresh, old].map((path) => rm(path, { recursive: true, force: true }).catch(() => {})));
  }
}

/** Ours is what a manifest of ours lists, and the manifest. */
async function refuseForeign(directory: string): Promise<void> {
  const present = await filesBelow(directory);
  const manifest = parseManifest((await textAt(join(directory, MANIFEST_FILE))) ?? "");
  const ours = new Set(manifest && [MANIFEST_FILE, ...manifest.files.map(({ path }) => path)]);
  const foreign = present.filter((path) => !ours.has(path)).sort();
  if (foreign.length === 0) return;
  const others = foreign.length > 1 ? ` and ${foreign.length - 1} more` : "";
  throw problem(3, {
    code: "output-not-ours",
    message: `${directory} holds files that rulewright did not write: ${foreign[0]}${others}`,
    hint: "name an empty or a new directory with --out, or move them away",
  });
}

/** Writes one file whole or not at all, and the directories above it where they are missing. */
export async function replaceFile(file: string, text: string | Uint8Array, mode = 0o666): Promise<void> {
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(fresh, text, { mode });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw problem(2, { code: "output-unwritable", message: `cannot write ${file}: ${systemReason(error)}` });
  }
}

/** Null where there is no such file, or no longer: another build may be renaming its directory. */
function textAt(file: string): Promise<string | null> {
  return unlessGone(readFile(file, "utf8"));
}

/** Everything below that is no directory, with `/`. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = (await unlessGone(readdir(directory, { recursive: true, withFileTypes: true }))) ?? [];
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
