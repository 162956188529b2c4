import { problem, systemReason } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";

/** Ends the process when what it prints cannot be written. */
export function guardStandardOutput(): void {
  process.stdout.on("error", endUnwritten);
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
}

/**
 * Ends the process after this error: quietly when the reader has gone, as `head` does, and with exit code 2 when something
 * is lost.
 */
export function endUnwritten(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") process.exit();
  const lost = problem(2, {
    code: "output-unwritable",
    message: `cannot write standard output: ${systemReason(error)}`,
  });
  for (const diagnostic of lost.diagnostics) console.error(diagnosticText(diagnostic));
  process.exit(lost.exitCode);
}
