import { type Command, InvalidArgumentError } from "commander";
import { readFixtures } from "../fixtures/fixture-file.js";
import { fixtureRuns } from "../fixtures/run-fixtures.js";
import { rollBack } from "../manager/deployment/deploy.js";
import { deploymentNumbers, readDeployment } from "../manager/deployment/history.js";
import type { DeploymentRecord, Source } from "../manager/deployment/record.js";
import { smokeRuns } from "../manager/smoke.js";
import type { Target } from "../manager/target.js";
import { findProject } from "../project.js";
import { type DeployCommandOptions, deployOptions, interruptible, resultText, withConsent } from "./deploy.js";
import { onTarget, targetConfig, withManagerOptions } from "./manager-session.js";
import { table } from "./table.js";

export function addRollback(program: Command): void {
  withConsent(
    withManagerOptions(
      program
        .command("rollback")
        .description("bring a target back to an earlier deployment, as a new deployment with the old content")
        .argument("<target>", "name of a target in deploy.yaml")
        .argument("[number]", "the deployment to go back to (default: the one before the last)", deploymentNumber),
      false,
    ),
  )
    .option("--list", "print the deployments that are kept, and change nothing")
    .addHelpText(
      "after",
      "\nNumber 0 is what was there before the first deployment.\n\nExamples:\n  rulewright rollback production\n  rulewright rollback production 7 --yes\n  rulewright rollback production --list",
    )
    .action(rollback);
}

interface RollbackOptions extends DeployCommandOptions {
  readonly list?: boolean;
}

async function rollback(name: string, number: number | undefined, options: RollbackOptions): Promise<void> {
  const config = await targetConfig(name, options);
  if (options.list) {
    await onTarget(name, config, async ({ target }) => console.log(await keptText(target)));
    return;
  }
  const project = await findProject();
  const fixtures = await fixtureRuns(await readFixtures(project.fixtures));
  await onTarget(name, config, async ({ target, timeoutMs }) => {
    const known = { fixtures, smoke: smokeRuns(fixtures), keys: new Map<number, string>() };
    const result = await interruptible((signal) =>
      rollBack(target, number ?? null, deployOptions(known, target.place, timeoutMs, options, signal)),
    );
    console.log(resultText(result, target.place));
  });
}

async function keptText({ place, state }: Target): Promise<string> {
  const records: DeploymentRecord[] = [];
  for (const kept of await deploymentNumbers(state)) records.push(await readDeployment(state, kept));
  if (records.length === 0) return `nothing has been deployed to ${place}`;
  const rows = records.map(({ number, at, by, source, pieces, rules }) => [
    number,
    at,
    by,
    sourceText(source),
    pieces.length,
    rules.length,
  ]);
  return table(["deployment", "at", "by", "what", "files", "rules"], rows);
}

function sourceText(source: Source): string {
  if ("rollbackTo" in source) return `back to ${source.rollbackTo}`;
  return "before" in source ? "before the first" : `${source.pack} ${source.build.slice(0, 12)}`;
}

function deploymentNumber(text: string): number {
  if (/^(?:0|[1-9]\d*)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("it must be the number of a deployment, as plan and drift show it.");
}
