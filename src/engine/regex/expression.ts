import type { Bytes } from "../bytes.js";

/** The regex dialects of the real engine. */
export type Dialect = "osregex" | "osmatch" | "pcre2";

/** What a match gives: all offsets are in bytes. */
export interface MatchResult {
  /** Offset of the last matched byte, as the real engine reports it: -1 for an empty match at 0. */
  readonly end: number;
  /** Captured substrings in the order the real engine hands them over. */
  readonly groups: Bytes[];
}

/** A compiled pattern. Stateless to its callers. */
export interface Expression {
  readonly dialect: Dialect;
  readonly pattern: Bytes;
  /** Does the subject match? Cheaper than `match`. */
  test(subject: Bytes): boolean;
  /** Match with end offset and captures, or null. */
  match(subject: Bytes): MatchResult | null;
}

/** Thrown by the compilers when the real engine refuses the pattern, or (`code: "unsupported"`) when ours cannot say it. */
export class ExpressionError extends Error {
  readonly code: "invalid" | "unsupported";
  readonly pattern: Bytes;
  constructor(code: "invalid" | "unsupported", pattern: Bytes, message: string) {
    super(message);
    this.name = "ExpressionError";
    this.code = code;
    this.pattern = pattern;
  }
}
