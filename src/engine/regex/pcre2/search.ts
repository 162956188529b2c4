/** The search for a start at which a pattern matches (`pcre2_match`). */
import type { Bytes } from "../../bytes.js";
import { COMMIT, GIVE_UP, MATCH, type Machine, SKIP, SKIP_TO_NAME } from "./machine.js";
import type { Program } from "./program.js";
import { bytesOf } from "./subject.js";

/** Longest rest of a subject in which the required byte is looked for: with an anchor, and without. */
const REQUIRED_REACH_ANCHORED = 5000;
const REQUIRED_REACH = 5_000_000;

/** Finds the first match; the machine then holds its offsets. */
export function search(program: Program, machine: Machine, subject: Bytes): boolean {
  const { anchored, lineStart, first, required, set, minLength } = program.start;
  const { newline } = program.settings;
  const end = subject.length;
  if (end < minLength) return false;
  const reach = anchored ? REQUIRED_REACH_ANCHORED : REQUIRED_REACH;
  /** Where the required byte was last found. */
  let requiredAt = -1;
  let start = 0;
  machine.ignoredSkips = 0;
  const bytes = bytesOf(subject);
  for (;;) {
    if (anchored) {
      if (first || set) {
        if (start >= end) return false;
        const char = bytes[start]!;
        if (first ? char !== first[0] && char !== first[1] : set![char] === 0) return false;
      }
    } else if (first) {
      start = indexOfEither(bytes, first, start, end);
      if (start >= end) return false;
    } else if (lineStart) {
      while (start > 0 && start < end && bytes[start - 1] !== newline) start++;
    } else if (set) {
      while (start < end && set[bytes[start]!] === 0) start++;
      if (start >= end) return false;
    }
    if (end - start < minLength) return false;
    const from = start + (first ? 1 : 0);
    if (required && from > requiredAt && end - start < reach) {
      requiredAt = indexOfEither(bytes, required, from, end);
      if (requiredAt >= end) return false;
    }

    const result = machine.attempt(bytes, end, start);
    if (result === MATCH) return true;
    if (result === GIVE_UP || result === COMMIT) return false;
    if (result === SKIP_TO_NAME) {
      // No such name: the same start again, as if the verb were not there.
      machine.ignoredSkips = machine.namedSkips;
    } else if (result === SKIP && machine.skipOffset > start) {
      start = machine.skipOffset;
    } else {
      machine.ignoredSkips = 0;
      start++;
    }
    if (anchored || start > end) return false;
  }
}

/** Offset of the first of two bytes from an offset on, or `end`. */
function indexOfEither(bytes: Uint8Array, [one, other]: readonly [number, number], from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== one && bytes[at] !== other) at++;
  return at;
}
