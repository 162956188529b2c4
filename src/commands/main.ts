/** The command line: parses it, runs the verb, and says what went wrong. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { Problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { guardStandardOutput } from "./standard-output.js";
import { addVerbs } from "./verbs.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("rulewright")
  .description("Detection as code for Wazuh and OSSEC, with a PostgreSQL activity-monitoring pack")
  .version(version)
  .addHelpText("after", "\nExit codes: 0 fine, 1 findings, 2 input unreadable, 3 bad usage or configuration.")
  .exitOverride()
  .showHelpAfterError("(see --help)");
guardStandardOutput();
try {
  await addVerbs(program, process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  if (error instanceof Problem) {
    for (const diagnostic of error.diagnostics) console.error(diagnosticText(diagnostic));
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 3;
  else throw error;
}
