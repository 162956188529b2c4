import { problem } from "../diagnostics/problem.js";

/** Throws a Problem when somebody has asked for an end. */
export function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw problem(2, { code: "interrupted", message: "the deployment was interrupted" });
}
