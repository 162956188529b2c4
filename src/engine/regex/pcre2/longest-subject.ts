/** How long a subject may be for PCRE2's limit to be out of reach. */
import type { Bytes } from "../../bytes.js";
import type { Cost } from "./cost.js";

/** Below PCRE2's limit of 10,000,000, whose steps are larger: it counts places to come back to, not characters. */
const MOST_STEPS = 5_000_000;
/** From all starts together: a second or two, where the machine would take many. */
const MOST_STEPS_OF_ALL = 2_000_000_000;
export const LONGEST_TRIED = 65_536;

/** At how many places of a subject a text can stand, at most: at every one that it can overlap with itself from. */
export function mostStarts(text: Bytes): Cost["work"] {
  let apart = 1;
  while (apart < text.length && !text.startsWith(text.slice(apart))) apart++;
  return (length) => Math.ceil(length / apart);
}

/**
 * Longest subject on which the limit is out of reach.
 * @param starts at how many places of a subject the work may be done
 */
export function longestFor(work: Cost["work"], starts: Cost["work"]): number {
  let longest = 0;
  for (let [low, high] = [0, LENGTHS.length]; low < high; ) {
    const middle = (low + high) >> 1;
    const length = LENGTHS[middle]!;
    const steps = work(length);
    if (steps <= MOST_STEPS && steps * starts(length) <= MOST_STEPS_OF_ALL) {
      longest = length;
      low = middle + 1;
    } else high = middle;
  }
  return longest;
}

/** Lengths of subjects that are tried, from 21 to the longest. */
const LENGTHS = Array.from({ length: 45 }, (_, power) => Math.floor(LONGEST_TRIED / 1.2 ** power)).toReversed();
