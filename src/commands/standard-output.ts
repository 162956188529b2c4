import { problem, systemReason } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";

/**
 * Ends the process when what it prints cannot be written: quietly when the reader has gone, as `head` does, and with exit
 * code 2 when something is lost.
 */
export function guardStandardOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    const lost = problem(2, {
      code: "output-unwritable",
      message: `cannot write standard output: ${systemReason(error)}`,
    });
    for (const diagnostic of lost.diagnostics) console.error(diagnosticText(diagnostic));
    process.exit(lost.exitCode);
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
}
