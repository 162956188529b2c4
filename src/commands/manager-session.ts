/** What the commands that talk to a manager have in common. */
import type { Command } from "commander";
import pc from "picocolors";
import { Problem } from "../diagnostics/problem.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { type FixtureRun, fixtureRuns, keysOf } from "../fixtures/run-fixtures.js";
import { type BuildOutput, readBuildOutput } from "../manager/build-output.js";
import { DEPLOY_FILE, readTargetConfig, type TargetConfig } from "../manager/deploy-config.js";
import { type OpenTarget, openTarget } from "../manager/open-target.js";
import { smokeRuns } from "../manager/smoke.js";
import { findProject } from "../project.js";

export interface ManagerOptions {
  readonly config: string;
  readonly generated?: string;
  readonly json?: boolean;
}

/** `--config`, and `--generated` where a build is read. */
export function withManagerOptions(command: Command, readsBuild: boolean): Command {
  command.option("--config <file>", "where the targets are described", DEPLOY_FILE);
  return readsBuild
    ? command.option("--generated <directory>", "the build to deploy (default: the project's generated/)")
    : command;
}

export function targetConfig(name: string, options: ManagerOptions): Promise<TargetConfig> {
  return readTargetConfig(options.config, name);
}

/** Opens the target for one task, and closes it whatever happens. */
export async function onTarget<T>(
  name: string,
  config: TargetConfig,
  task: (opened: OpenTarget) => Promise<T>,
): Promise<T> {
  const opened = await openTarget(name, config, teller());
  try {
    return await task(opened);
  } finally {
    await opened.target.close();
  }
}

export interface ToDeploy {
  readonly build: BuildOutput;
  readonly fixtures: readonly FixtureRun[];
  /** Few cases in which every rule fires. */
  readonly smoke: readonly FixtureRun[];
  readonly keys: ReadonlyMap<number, string>;
}

export async function readToDeploy(options: ManagerOptions): Promise<ToDeploy> {
  const project = await findProject();
  const build = await readBuildOutput(options.generated ?? project.generated);
  const keys = keysOf(build.manifest);
  const ours = new Set(keys.values());
  // Of a site's own build only the cases that expect nothing else.
  const fixtures = (await fixtureRuns(await readFixtures(project.fixtures))).filter(({ case: { expect } }) =>
    expect.every(({ rule }) => ours.has(rule)),
  );
  return { build, fixtures, smoke: smokeRuns(fixtures), keys };
}

/** Progress for a person who waits; what a program reads is left alone. */
export function teller(): (line: string) => void {
  return (line) => console.error(pc.dim(line));
}

/** Findings, already printed. */
export function findings(): Problem {
  return new Problem(1, []);
}
