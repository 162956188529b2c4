#!/usr/bin/env node
import "./commands/plain-in-pipes.js";
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { guardStandardOutput } from "./commands/standard-output.js";
import { Problem } from "./diagnostics/problem.js";
import { diagnosticText } from "./diagnostics/text-reporter.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** In the order in which the help names them. Only the verb that is asked for is loaded: loading all takes a second. */
const VERBS = {
  build: async () => (await import("./commands/build.js")).addBuild,
  test: async () => (await import("./commands/test.js")).addTest,
  replay: async () => (await import("./commands/replay.js")).addReplay,
  conformance: async () => (await import("./commands/conformance.js")).addConformance,
  capture: async () => (await import("./commands/capture.js")).addCapture,
  detections: async () => (await import("./commands/detections.js")).addDetections,
  demo: async () => (await import("./commands/demo.js")).addDemo,
  plan: async () => (await import("./commands/plan.js")).addPlan,
  deploy: async () => (await import("./commands/deploy.js")).addDeploy,
  verify: async () => (await import("./commands/verify.js")).addVerify,
  drift: async () => (await import("./commands/drift.js")).addDrift,
  rollback: async () => (await import("./commands/rollback.js")).addRollback,
};
const VERB_NAMES = Object.keys(VERBS) as (keyof typeof VERBS)[];

const program = new Command("rulewright")
  .description("Detection as code for Wazuh and OSSEC, with a PostgreSQL activity-monitoring pack")
  .version(version)
  .addHelpText("after", "\nExit codes: 0 fine, 1 findings, 2 input unreadable, 3 bad usage or configuration.")
  .exitOverride()
  .showHelpAfterError("(see --help)");
const asked = process.argv[2] ?? "";
for (const verb of Object.hasOwn(VERBS, asked) ? [asked as keyof typeof VERBS] : VERB_NAMES)
  (await VERBS[verb]())(program);

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
