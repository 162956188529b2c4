import type { Diagnostic, Where } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import { compileExpression } from "../../engine/regex/compile.js";
import { ExpressionError } from "../../engine/regex/expression.js";
import type { PatternNode } from "../../ir/nodes.js";
import { patternText } from "./pattern-text.js";

/** What XML 1.0 has no way to write, and what is half a character. */
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function error(code: string, message: string, where: Where, hint?: string): Diagnostic {
  return { code, severity: "error", message, where, ...(hint && { hint }) };
}

/** A text that is emitted as it is: `what` begins the codes, `name` says whose it is. */
export function checkCharacters(what: string, name: string, text: string, where: Where): Diagnostic[] {
  const found = NOT_XML.exec(text);
  if (!found) return [];
  const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return [error(`${what}-characters`, `${name} holds the character U+${code}, which XML cannot hold`, where)];
}

/** A name that must be of this form. */
export function checkName(what: string, text: string, form: RegExp, where: Where, hint: string): Diagnostic[] {
  if (form.test(text)) return [];
  return [error(`${what.replaceAll(" ", "-")}-name`, `${what} ${JSON.stringify(text)} cannot be emitted`, where, hint)];
}

/** Compiles as PCRE2, fits into its element, and is text that XML can hold. */
export function checkPattern(pattern: PatternNode, limit: number): Diagnostic[] {
  try {
    const { text } = patternText(pattern);
    compileExpression("pcre2", text);
    const size = Buffer.byteLength(text);
    return [
      ...checkCharacters("pattern", "the pattern", text, pattern.where),
      ...(size > limit
        ? [error("pattern-too-long", `the pattern takes ${size} bytes, the manager's loader ${limit}`, pattern.where)]
        : []),
    ];
  } catch (caught) {
    if (caught instanceof Problem) return [...caught.diagnostics];
    if (caught instanceof ExpressionError) return [error("pattern-invalid", caught.message, pattern.where)];
    throw caught;
  }
}
