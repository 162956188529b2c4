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
  return `${place}${paint(severity)} ${message} ${pc.dim(`[${code}]`)}${hint ? `\n  ${pc.dim("hint:")} ${hint}` : ""}`;
}
