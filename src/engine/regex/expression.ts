import type { Bytes } from "../bytes.js";
import type { Translation } from "./translation.js";

/** The regex dialects of the real engine. */
export type Dialect = "osregex" | "osmatch" | "pcre2";

/** What a match gives: all offsets are in bytes. */
export interface MatchResult {
  /** Offset of the last matched byte, as the real engine reports it: -1 for an empty match at 0. */
  readonly end: number;
  /** Captured substrings in the order the real engine hands them over. */
  readonly groups: Bytes[];
}

/** What can be seen of a pattern without running it, so that many patterns can be ruled out at once. */
export interface Needs {
  /** By byte, 1 for those that a matching subject can begin with; null when that cannot be told. */
  readonly firstBytes: Uint8Array | null;
  /** Every matching subject, lower-cased, holds all texts of one of these lists; null when there are none to name. */
  readonly texts: readonly (readonly Bytes[])[] | null;
}

/** Of a pattern that tries many ways through a subject, and gives up at a limit. */
export interface Effort {
  /** How often it gave up so far. */
  readonly giveUps: number;
  /** Lets it take no more than so many steps from one start from now on. What it decides is then not PCRE2's any more. */
  curtail(steps: number): void;
}

/** How often patterns gave up, all together: a number that can be asked at once whether it happened again. */
export const giveUps = { total: 0 };

/** A compiled pattern. Stateless to its callers. */
export interface Expression {
  readonly dialect: Dialect;
  readonly pattern: Bytes;
  readonly needs: Needs;
  readonly effort?: Effort | undefined;
  /** Does the subject match? Cheaper than `match`. */
  test(subject: Bytes): boolean;
  /** Match with end offset and captures, or null. */
  match(subject: Bytes): MatchResult | null;
  /** A RegExp that matches alike, of some subjects; null where there is none, or as long as none was worth making. */
  translation?(): Translation | null;
}

export const NO_NEEDS: Needs = { firstBytes: null, texts: null };

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
