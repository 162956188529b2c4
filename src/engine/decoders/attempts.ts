/** Decoders whose patterns are tried in turn, with what can be said of each without touching it. */
import type { Expression } from "../regex/expression.js";
import { inRow, type PlacesRow, placesOf } from "../text-index.js";
import type { DecoderStep } from "./decoder-step.js";

export interface Attempts {
  /** Of each its place among its siblings. */
  readonly indexes: Int32Array;
  /** What the pattern of each asks of the log. */
  readonly places: PlacesRow;
  /** How each one's turn changes the captures: a set of `CLEARS`, `CLEARS_BEFORE` and `SETS`. */
  readonly traces: Uint8Array;
}

/** Its pattern is an osregex, which empties the captures also when it does not match. */
export const CLEARS = 1;
/** So is one between the attempt before and this one, which need not be tried. */
export const CLEARS_BEFORE = 2;
/** Its program name has captured something. */
export const SETS = 4;

/**
 * @param patternOf null where a decoder is taken without
 * @param traces besides those of the patterns
 */
export function attemptsOf(
  siblings: readonly DecoderStep[],
  indexes: readonly number[],
  patternOf: (step: DecoderStep) => Expression | null,
  traces: readonly number[] = [],
): Attempts {
  const patterns = indexes.map((index) => patternOf(siblings[index]!));
  return {
    indexes: Int32Array.from(indexes),
    places: inRow(patterns.map((pattern) => placesOf(pattern?.needs.texts ?? null))),
    traces: Uint8Array.from(patterns, (pattern, at) => (traces[at] ?? 0) | (isOsRegex(pattern) ? CLEARS : 0)),
  };
}

export function isOsRegex(pattern: Expression | null): boolean {
  return pattern?.dialect === "osregex";
}
