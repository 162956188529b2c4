/** One door to the three dialects: for the engine's inside (bytes) and for the outside world (text). */
import { type Bytes, fromBytes, toBytes } from "../bytes.js";
import { cString } from "./ascii.js";
import type { Dialect, Expression } from "./expression.js";
import { compileOsMatch } from "./osmatch.js";
import { compileOsRegex } from "./osregex.js";
import { compilePcre2 } from "./pcre2.js";

export { ExpressionError } from "./expression.js";

export interface CompileOptions {
  /** Osregex only: false compiles the pattern as the real engine does for prematch and rules. Default true. */
  readonly captures?: boolean;
}

/** Compiles a pattern of bytes. @throws ExpressionError */
export function compileBytes(type: Dialect, pattern: Bytes, options?: CompileOptions): Expression {
  switch (type) {
    case "osregex":
      return compileOsRegex(pattern, options);
    case "osmatch":
      return compileOsMatch(pattern);
    case "pcre2":
      return compilePcre2(pattern);
  }
}

/** A compiled pattern for callers outside the engine: text in, text out. */
export interface PublicExpression {
  readonly type: Dialect;
  /**
   * Null without a match. `end` is the byte offset of the last matched byte as the real engine reports it; groups are
   * UTF-8 decoded, an invalid byte as U+FFFD. A subject ends at its first NUL.
   */
  match(subject: string | Uint8Array): { end: number; groups: string[] } | null;
}

/**
 * Compiles a pattern given as UTF-8 text or as bytes.
 * @throws ExpressionError with code `invalid` where the real engine refuses the pattern
 */
export function compileExpression(
  type: Dialect,
  pattern: string | Uint8Array,
  options?: CompileOptions,
): PublicExpression {
  const expression = compileBytes(type, toBytes(pattern), options);
  return {
    type,
    match: (subject) => {
      const result = expression.match(cString(toBytes(subject)));
      return result && { end: result.end, groups: result.groups.map(fromBytes) };
    },
  };
}
