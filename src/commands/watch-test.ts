/** `rulewright test --watch`: one process, which is warm after its first run. */
import { basename, join, relative, resolve, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { watch } from "chokidar";
import { execa } from "execa";
import pc from "picocolors";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import type { Project } from "../project.js";

/** Changes that come so close together belong to one save; milliseconds. */
const ONE_SAVE = 150;
const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));

/**
 * Tests now, and again after each change. Changed definitions and a changed policy are built first; what they change in
 * the generated ruleset is then a change like any other. Runs until the process is told to end.
 * @param generated the ruleset to test; null for the project's, which is built
 */
export async function testOnChanges(
  project: Project,
  generated: string | null,
  test: () => Promise<void>,
): Promise<never> {
  const sources = generated === null && !isInstalled(project) ? sourcesOf(project) : NO_SOURCES;
  const tested = [resolve(generated ?? project.generated), project.fixtures];
  const isTested = (path: string) => tested.some((folder) => isWithin(path, folder));
  const changes = new Changes([...sources.paths, ...tested], (file) => isTested(file) || !sources.ignores(file));
  await report(test);
  for (;;) {
    const changed = await changes.next();
    console.error(pc.dim(`changed: ${namesOf(changed)}`));
    if (!changed.every(isTested)) await build(project);
    if (changed.some(isTested)) await report(test);
  }
}

/** What is installed is nobody's to build. */
function isInstalled({ root }: Project): boolean {
  return root.split(sep).includes("node_modules");
}

interface Sources {
  readonly paths: readonly string[];
  /** A file below the paths that is not. */
  readonly ignores: (file: string) => boolean;
}

const NO_SOURCES: Sources = { paths: [], ignores: () => false };

/**
 * TypeScript and policy, where the project has a script that compiles and builds; else what somebody compiles, in the
 * folder right below the project's that holds the pack.
 */
function sourcesOf({ root, pack, policy, hasBuildScript }: Project): Sources {
  const [compiled = ""] = relative(root, pack).split(sep);
  const output = join(root, compiled);
  if (!hasBuildScript) return { paths: [output, policy], ignores: () => false };
  return {
    paths: [root, policy],
    ignores: (file) => file !== policy && (!file.endsWith(".ts") || isWithin(file, output)),
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** More names are only counted. */
const NAMED = 4;

function namesOf(paths: readonly string[]): string {
  const names = paths.slice(0, NAMED).map((path) => relative(process.cwd(), path) || ".");
  const rest = paths.length - names.length;
  return `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** In a process of its own, because a module is read only once. Says itself what is wrong. */
async function build({ root, hasBuildScript }: Project): Promise<void> {
  const [command, args] = hasBuildScript ? ["npm", ["run", "--silent", "build"]] : [process.execPath, [CLI, "build"]];
  await execa(command, args, { cwd: root, reject: false, stdio: ["ignore", "inherit", "inherit"] });
}

async function report(test: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await test();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const diagnostic of error.diagnostics) console.error(diagnosticText(diagnostic));
  }
  const took = ((performance.now() - start) / 1000).toFixed(1);
  const time = new Date().toTimeString().slice(0, 8);
  console.error(pc.dim(`${time}, ${took} s; watching for changes, Ctrl-C ends`));
}

/** Below a project these hold nothing that somebody writes. */
const FOREIGN = /^(?:node_modules|\.git)$/;

/** Files that have changed. */
class Changes {
  readonly #files = new Set<string>();
  #trouble: unknown = null;
  #wake: () => void = () => {};

  constructor(paths: readonly string[], counts: (file: string) => boolean) {
    const watcher = watch([...paths], { ignoreInitial: true, ignored: (path) => FOREIGN.test(basename(path)) });
    watcher.on("all", (event, path) => {
      if (event === "addDir" || event === "unlinkDir" || !counts(path)) return;
      this.#files.add(path);
      this.#wake();
    });
    watcher.on("error", (error) => {
      this.#trouble = error;
      this.#wake();
    });
  }

  /** Waits for changes, and until a while has passed without more of them. Throws a Problem where they cannot be seen. */
  async next(): Promise<readonly string[]> {
    if (this.#files.size === 0 && this.#trouble === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#trouble !== null)
      throw problem(2, { code: "watch-failed", message: `cannot watch for changes: ${systemReason(this.#trouble)}` });
    for (let known = 0; this.#files.size > known; ) {
      known = this.#files.size;
      await setTimeout(ONE_SAVE);
    }
    const changed = [...this.#files].sort();
    this.#files.clear();
    return changed;
  }
}
