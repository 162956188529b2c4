import type { Where } from "../diagnostics/diagnostic.js";
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { compileBytes } from "../engine/regex/compile.js";
import { type Dialect, type Expression, ExpressionError } from "../engine/regex/expression.js";
import type { Reporter } from "./reporter.js";

/**
 * Runs a compiler of expressions. A pattern that the real engine refuses refuses the ruleset; so does one that ours
 * cannot evaluate, under a code of its own.
 */
export function compiled<T>(what: string, where: Where, reporter: Reporter, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const pattern = fromBytes(error.pattern);
    return error.code === "unsupported"
      ? reporter.refuse("expression-unsupported", `${what} "${pattern}" is not supported: ${error.message}`, where)
      : reporter.refuse("expression-invalid", `${what} "${pattern}" does not compile: ${error.message}`, where);
  }
}

/** What a `type` attribute says; undefined for a word that is no dialect. */
export function dialectNamed(name: Bytes): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect === name.toLowerCase());
}
const DIALECTS: readonly Dialect[] = ["osregex", "osmatch", "pcre2"];

/**
 * An expression; many stand in several places, and are compiled once.
 * @param captures false for one that only tests
 */
export function compileExpression(
  dialect: Dialect,
  pattern: Bytes,
  captures: boolean,
  what: string,
  where: Where,
  reporter: Reporter,
): Expression {
  const key = `${dialect} ${captures} ${pattern}`;
  let expression = reporter.expressions.get(key);
  if (expression === undefined) {
    expression = compiled(what, where, reporter, () => compileBytes(dialect, pattern, { captures }));
    reporter.expressions.set(key, expression);
  }
  return expression;
}

/** An expression that only tests. */
export function compileTest(
  dialect: Dialect,
  pattern: Bytes,
  what: string,
  where: Where,
  reporter: Reporter,
): Expression {
  return compileExpression(dialect, pattern, false, what, where, reporter);
}
