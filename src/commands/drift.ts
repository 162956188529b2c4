import type { Command } from "commander";
import pc from "picocolors";
import { type Drift, findDrift, isClean } from "../manager/drift.js";
import { findings, type ManagerOptions, onTarget, targetConfig, withManagerOptions } from "./manager-session.js";

export function addDrift(program: Command): void {
  withManagerOptions(
    program
      .command("drift")
      .description("what differs on a target from the last deployment")
      .argument("<target>", "name of a target in deploy.yaml"),
    false,
  )
    .option("--json", "print the comparison as JSON")
    .addHelpText(
      "after",
      "\nExits 0 only when everything was looked at and nothing differs; what could not be looked at counts as a finding.\n\nExamples:\n  rulewright drift production\n  rulewright drift production --json",
    )
    .action(drift);
}

async function drift(name: string, options: ManagerOptions): Promise<void> {
  const config = await targetConfig(name, options);
  await onTarget(name, config, async ({ target }) => {
    const found = await findDrift(target);
    console.log(options.json ? driftJson(found) : driftText(found, target.place));
    if (!isClean(found)) throw findings();
  });
}

function driftText(drift: Drift, place: string): string {
  const { deployment, interrupted, entries, others, managerVersion, notChecked } = drift;
  if (!deployment) return `nothing has been deployed to ${place}: there is nothing to compare with`;
  const different = entries.filter(({ state }) => state !== "as deployed");
  const unchecked = entries.filter(({ state }) => state === "not checked").length + notChecked.length;
  const count = (state: string) => entries.filter((entry) => entry.state === state).length;
  return [
    ...(interrupted ? [pc.red("a deployment was interrupted: deploy or rollback puts that right")] : []),
    ...different.map(({ path, state, reason }) => `${pc.red(state)} ${path}${reason ? `: ${reason}` : ""}`),
    ...others.map(({ path, state }) => `${pc.yellow(`${state} by others`)} ${path}`),
    ...(managerVersion.deployed === managerVersion.now
      ? []
      : [`${pc.yellow("manager")} was ${managerVersion.deployed ?? "unknown"}, is ${managerVersion.now ?? "unknown"}`]),
    ...notChecked.map((what) => `${pc.red("not checked")} ${what}`),
    `${place} against deployment ${deployment.number} of ${deployment.at}: ${count("as deployed")} as deployed, ` +
      `${count("changed")} changed, ${count("missing")} missing, ${unchecked} not checked`,
  ].join("\n");
}

function driftJson(drift: Drift): string {
  const { deployment, interrupted, entries, others, managerVersion, notChecked } = drift;
  return JSON.stringify(
    {
      clean: isClean(drift),
      deployment: deployment && { number: deployment.number, at: deployment.at, by: deployment.by },
      interrupted,
      entries,
      others,
      manager_version: managerVersion,
      not_checked: notChecked,
    },
    null,
    2,
  );
}
