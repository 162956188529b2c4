import { relative } from "node:path";
import pc from "picocolors";
import type { Diagnostic, Where } from "./diagnostic.js";

/** `file:line:column`, with the file as seen from the working directory. */
export function placeOf(where: Where): string {
  const fromHere = relative(process.cwd(), where.file);
  return `${fromHere && !fromHere.startsWith("..") ? fromHere : where.file}:${where.line}:${where.column}`;
}

/** One diagnostic as lines for a person; colours where the terminal has them. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, code, message, where, hint } = diagnostic;
  const paint = severity === "error" ? pc.red : severity === "warning" ? pc.yellow : pc.cyan;
  const place = where ? `${pc.bold(placeOf(where))} ` : "";
  return `${place}${paint(severity)} ${visible(message)} ${pc.dim(`[${code}]`)}${hint ? `\n  ${pc.dim("hint:")} ${visible(hint)}` : ""}`;
}

/** What came from a file must not steer the terminal. */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
