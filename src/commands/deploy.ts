import type { Command } from "commander";
import pc from "picocolors";
import { type Problem, problem } from "../diagnostics/problem.js";
import { type DeployOptions, type DeployResult, deployBuild } from "../manager/deployment/deploy.js";
import { postgresqlChanges, postgresqlSteps, writePostgresqlFiles } from "../manager/postgresql-files.js";
import { confirm } from "./confirm.js";
import {
  type ManagerOptions,
  onTarget,
  readToDeploy,
  type ToDeploy,
  targetConfig,
  teller,
  withManagerOptions,
} from "./manager-session.js";
import { planText } from "./plan-report.js";

export interface DeployCommandOptions extends ManagerOptions {
  readonly yes?: boolean;
  readonly knownWarnings?: boolean;
}

/** What may be said beforehand, of deploy and of rollback. */
export function withConsent(command: Command): Command {
  return command
    .option("--yes", "do not ask; needed where there is no terminal")
    .option("--known-warnings", "go on where the manager warns of nothing but what it warned of before");
}

export function addDeploy(program: Command): void {
  withConsent(
    withManagerOptions(
      program
        .command("deploy")
        .description("put the build on a target: checked there before it is loaded, and undone when anything fails")
        .argument("<target>", "name of a target in deploy.yaml"),
      true,
    ),
  )
    .addHelpText(
      "after",
      "\nMay be interrupted at any moment: the next deploy or rollback finishes or undoes what was begun.\n\nExamples:\n  rulewright deploy lab\n  rulewright deploy production --yes",
    )
    .action(deploy);
}

async function deploy(name: string, options: DeployCommandOptions): Promise<void> {
  const config = await targetConfig(name, options);
  const toDeploy = await readToDeploy(options);
  const { build } = toDeploy;
  if (config.kind === "postgresql") {
    const changes = await postgresqlChanges(build, config.directory);
    if (changes.length > 0) {
      if (!(await confirm(`write ${changes.length} files to ${config.directory}?`, options.yes ?? false)))
        throw declined();
      await writePostgresqlFiles(build, config.directory);
    }
    console.log(`${changes.length} files changed in ${config.directory}; by hand:`);
    for (const step of postgresqlSteps(build, config.directory)) console.log(`  ${step}`);
    return;
  }
  await onTarget(name, config, async ({ target, agentGroup, timeoutMs }) => {
    const result = await interruptible((signal) =>
      deployBuild(target, build, agentGroup, deployOptions(toDeploy, target.place, timeoutMs, options, signal)),
    );
    console.log(resultText(result, target.place));
  });
}

export function deployOptions(
  { fixtures, smoke, keys }: Omit<ToDeploy, "build">,
  place: string,
  timeoutMs: number,
  { yes = false, knownWarnings = false }: DeployCommandOptions,
  signal: AbortSignal,
): DeployOptions {
  return {
    fixtures,
    smoke,
    keys,
    timeoutMs,
    signal,
    knownWarnings,
    tell: teller(),
    confirm: (plan) => {
      console.log(planText(plan, place, keys));
      return confirm("deploy this?", yes);
    },
  };
}

/** A first signal ends the run after the step that is under way; a second one ends the process. */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await task(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

function declined(): Problem {
  return problem(1, { code: "declined", message: "nothing was deployed" });
}

/** Throws a Problem when it was declined: a script must notice. */
export function resultText(result: DeployResult, place: string): string {
  if (result.state === "declined") throw declined();
  if (result.state === "unchanged") return `${place} is as deployment ${result.number} left it: nothing changed`;
  const { reload } = result;
  const loaded = reload.state === "by-hand" ? `\n${pc.yellow("not loaded")} ${reload.hint}` : "";
  return `${pc.green("deployed")} ${place}: deployment ${result.number}, ${result.plan.files.length} files changed${loaded}`;
}
