/** `rulewright test --watch`: one process, which is warm after its first run. */
import { dirname, join, relative, resolve, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import pc from "picocolors";
import { Problem, problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import type { Project } from "../project.js";
import { ChangedFiles, ONE_SAVE } from "./changed-files.js";

/** The program that runs. */
const CLI = process.argv[1]!;

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
  const changes = new ChangedFiles([...sources.paths, ...tested], (file) => isTested(file) || sources.include(file));
  await report(test);
  let changedBefore: readonly string[] = [];
  for (;;) {
    const changed = await changes.next();
    console.error(pc.dim(`changed: ${namesOf(changed)}`));
    if (!changed.every(isTested)) {
      await build(project);
      await setTimeout(ONE_SAVE);
      // What changes during one build may have been saved; what changes during the next one too, the build writes.
      const changedMeanwhile = changes.waiting.filter((file) => !isTested(file));
      const written = changedMeanwhile.filter((file) => changedBefore.includes(file));
      if (written.length > 0)
        console.error(pc.dim(`not watched any more, because the build writes it: ${namesOf(written)}`));
      changes.ignore(written);
      changedBefore = changedMeanwhile;
    }
    if (changed.some(isTested)) await report(test);
  }
}

/** What is installed is nobody's to build. */
function isInstalled({ root }: Project): boolean {
  return root.split(sep).includes("node_modules");
}

interface Sources {
  readonly paths: readonly string[];
  /** Is this file, below the paths, one of them? */
  readonly include: (file: string) => boolean;
}

const NO_SOURCES: Sources = { paths: [], include: () => false };
const TYPESCRIPT = /(?<!\.d)\.[cm]?ts$/;

/** TypeScript and policy, where the project has a script that compiles and builds; else what somebody compiles. */
function sourcesOf({ root, pack, policy, hasBuildScript }: Project): Sources {
  if (hasBuildScript) return { paths: [root, policy], include: (file) => file === policy || TYPESCRIPT.test(file) };
  const [top = ""] = relative(root, pack).split(sep);
  const compiled = top === ".." ? dirname(pack) : join(root, top);
  return { paths: [compiled, policy], include: (file) => file === policy || isWithin(file, compiled) };
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

/** In a process of its own, because a module is read only once. It says itself what is wrong, if it can be started. */
async function build({ root, hasBuildScript }: Project): Promise<void> {
  const [command, args] = hasBuildScript ? ["npm", ["run", "--silent", "build"]] : [process.execPath, [CLI, "build"]];
  const result = await execa(command, args, { cwd: root, reject: false, stdio: ["ignore", "inherit", "inherit"] });
  if (!result.failed || result.exitCode !== undefined) return;
  tell(problem(2, { code: "build-not-run", message: result.shortMessage ?? `${command} could not be run` }));
}

function tell({ diagnostics }: Problem): void {
  for (const diagnostic of diagnostics) console.error(diagnosticText(diagnostic));
}

async function report(test: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await test();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(error);
  }
  const took = ((performance.now() - start) / 1000).toFixed(1);
  const time = new Date().toTimeString().slice(0, 8);
  console.error(pc.dim(`${time}, ${took} s; watching for changes, Ctrl-C ends`));
}
