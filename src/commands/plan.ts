import type { Command } from "commander";
import { piecesOfBuild } from "../manager/plan/desired.js";
import { isSettled, makePlan } from "../manager/plan/plan.js";
import { postgresqlChanges, postgresqlSteps } from "../manager/postgresql-files.js";
import {
  findings,
  type ManagerOptions,
  onTarget,
  readToDeploy,
  targetConfig,
  teller,
  withManagerOptions,
} from "./manager-session.js";
import { planJson, planText } from "./plan-report.js";

export function addPlan(program: Command): void {
  withManagerOptions(
    program
      .command("plan")
      .description("what a deployment would change on a target, file by file, rule by rule and verdict by verdict")
      .argument("<target>", "name of a target in deploy.yaml"),
    true,
  )
    .option("--json", "print the plan as JSON")
    .addHelpText(
      "after",
      "\nWrites nothing. Exits 0 when nothing would change and all was looked at, else 1.\n\nExamples:\n  rulewright plan production\n  rulewright plan production --json > plan.json",
    )
    .action(plan);
}

async function plan(name: string, options: ManagerOptions): Promise<void> {
  const config = await targetConfig(name, options);
  const { build, fixtures, keys } = await readToDeploy(options);
  if (config.kind === "postgresql") {
    const changes = await postgresqlChanges(build, config.directory);
    const steps = postgresqlSteps(build, config.directory);
    if (options.json)
      console.log(
        JSON.stringify(
          { target: config.directory, changes: changes.length > 0, files: changes, by_hand: steps },
          null,
          2,
        ),
      );
    else {
      for (const { path, change } of changes) console.log(`${change} ${path}`);
      console.log(changes.length === 0 ? "nothing would change" : "then, by hand:");
      for (const step of changes.length === 0 ? [] : steps) console.log(`  ${step}`);
    }
    if (changes.length > 0) throw findings();
    return;
  }
  await onTarget(name, config, async ({ target, agentGroup }) => {
    const made = await makePlan({
      target,
      wanted: (facts) => piecesOfBuild(target, facts, build, agentGroup),
      fixtures,
      keys,
      tell: teller(),
    });
    console.log(options.json ? planJson(made, target.place) : planText(made, target.place, keys));
    if (!isSettled(made)) throw findings();
  });
}
