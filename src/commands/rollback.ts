import { type Command, InvalidArgumentError } from "commander";
import { readFixtures } from "../fixtures/fixture-file.js";
import { fixtureRuns } from "../fixtures/run-fixtures.js";
import { rollBack } from "../manager/deployment/deploy.js";
import { smokeRuns } from "../manager/smoke.js";
import { findProject } from "../project.js";
import { type DeployCommandOptions, deployOptions, interruptible, resultText, withConsent } from "./deploy.js";
import { onTarget, targetConfig, withManagerOptions } from "./manager-session.js";

export function addRollback(program: Command): void {
  withConsent(
    withManagerOptions(
      program
        .command("rollback")
        .description("bring a target back to an earlier deployment, as a new deployment with the old content")
        .argument("<target>", "name of a target in deploy.yaml")
        .argument("[number]", "the deployment to go back to (default: the one before the last)", positiveNumber),
      false,
    ),
  )
    .addHelpText("after", "\nExamples:\n  rulewright rollback production\n  rulewright rollback production 7 --yes")
    .action(rollback);
}

async function rollback(name: string, number: number | undefined, options: DeployCommandOptions): Promise<void> {
  const config = await targetConfig(name, options);
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

function positiveNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("it must be the number of a deployment, as plan and drift show it.");
}
