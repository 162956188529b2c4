import { createInterface } from "node:readline/promises";
import { problem } from "../diagnostics/problem.js";

/** Asks on a terminal. Without one somebody must have said yes beforehand. */
export async function confirm(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw problem(3, {
      code: "not-confirmed",
      message: "there is no terminal to ask on",
      hint: "look at rulewright plan, then give --yes",
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Whoever ends the input, or the prompt, has not said yes.
    const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
