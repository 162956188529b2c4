/** The search for a start at which a pattern matches (`pcre2_match`). */

import { bytesOf } from "../../byte-memory.js";
import type { Bytes } from "../../bytes.js";
import { asciiLower } from "../ascii.js";
import { giveUps } from "../expression.js";
import { COMMIT, GIVE_UP, MATCH, SKIP, SKIP_TO_NAME } from "./frame.js";
import type { Machine } from "./machine.js";
import type { Program, StartByte } from "./program.js";

/** Longest rest of a subject in which the required byte is looked for: with an anchor, and without. */
const REQUIRED_REACH_ANCHORED = 5000;
const REQUIRED_REACH = 5_000_000;

/**
 * Finds the first match; the machine then holds its offsets.
 * @param starts finds where it may start
 */
export function search(program: Program, machine: Machine, subject: Bytes, starts: RegExp | null = null): boolean {
  const { anchored, lineStart, first, required, set, minLength, text } = program.start;
  const { newline } = program.settings;
  const end = subject.length;
  if (end < minLength || (text !== null && !text.holds(subject))) return false;
  const reach = anchored ? REQUIRED_REACH_ANCHORED : REQUIRED_REACH;
  /** Where the required byte was last found. */
  let requiredAt = -1;
  let start = 0;
  machine.ignoredSkips = 0;
  const bytes = bytesOf(subject);
  for (;;) {
    if (anchored) {
      if (first && indexOfByte(subject, first, 0) !== 0) return false;
      if (set && (end === 0 || set[bytes[0]!] === 0)) return false;
    } else if (starts !== null) {
      starts.lastIndex = start;
      const next = starts.exec(subject);
      if (next === null) return false;
      start = next.index;
    } else if (first) {
      start = indexOfByte(subject, first, start);
      if (start < 0) return false;
    } else if (lineStart) {
      while (start > 0 && start < end && bytes[start - 1] !== newline) start++;
    } else if (set) {
      while (start < end && set[bytes[start]!] === 0) start++;
      if (start >= end) return false;
    }
    if (end - start < minLength) return false;
    const from = start + (first ? 1 : 0);
    if (required && from > requiredAt && end - start < reach) {
      requiredAt = indexOfByte(subject, required, from);
      if (requiredAt < 0) return false;
    }

    const result = machine.attempt(bytes, end, start);
    if (result === MATCH) return true;
    if (result === GIVE_UP) {
      machine.giveUps++;
      giveUps.total++;
      return false;
    }
    if (result === COMMIT) return false;
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

function indexOfByte(subject: Bytes, { char, caseless }: StartByte, from: number): number {
  return (caseless ? asciiLower(subject) : subject).indexOf(char, from);
}
