#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addAssess } from "./commands/assess.js";
import { addBuild } from "./commands/build.js";
import { addCapture } from "./commands/capture.js";
import { addConformance } from "./commands/conformance.js";
import { addDemo } from "./commands/demo.js";
import { addDeploy } from "./commands/deploy.js";
import { addDetections } from "./commands/detections.js";
import { addDrift } from "./commands/drift.js";
import { addPlan } from "./commands/plan.js";
import { addReplay } from "./commands/replay.js";
import { addRollback } from "./commands/rollback.js";
import { guardStandardOutput } from "./commands/standard-output.js";
import { addTest } from "./commands/test.js";
import { addVerify } from "./commands/verify.js";
import { Problem } from "./diagnostics/problem.js";
import { diagnosticText } from "./diagnostics/text-reporter.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("rulewright")
  .description("Detection as code for Wazuh and OSSEC, with a PostgreSQL activity-monitoring pack")
  .version(version)
  .addHelpText("after", "\nExit codes: 0 fine, 1 findings, 2 input unreadable, 3 bad usage or configuration.")
  .exitOverride()
  .showHelpAfterError("(see --help)");
for (const add of [
  addBuild,
  addTest,
  addReplay,
  addConformance,
  addCapture,
  addDetections,
  addDemo,
  addPlan,
  addDeploy,
  addVerify,
  addDrift,
  addRollback,
  addAssess,
])
  add(program);

guardStandardOutput();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Problem) {
    for (const diagnostic of error.diagnostics) console.error(diagnosticText(diagnostic));
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 3;
  else throw error;
}
