/**
 * A regular expression of JavaScript's that matches wherever an alternative of OS_Regex does, and in other places too: what
 * it does not match need not be tried. OS_Regex hands every byte to one token, in their order, so a match of it is one in
 * the common sense as well, but for the tokens at the end, before which it may stop.
 */

import { LOWER } from "./ascii.js";
import { type Alternative, CLASS, CLASS_MAP, MARK, ONCE, STAR } from "./osregex-program.js";

/** Tokens at the end that are left out. */
const LEFT_OUT = 2;
/** With fewer there is little to sieve. */
const LEAST_TOKENS = 3;
/** Repeats that may go on into what follows them: with each, the time to fail grows by the length of the subject. */
const MOST_OVERLAPS = 1;

/** Longest subject for which it is worth it, in bytes. */
export const SIEVE_LENGTH = 4096;

/** Null where it would not pay. */
export function sieveOf({ begin, kind, quantifier, row, byte }: Alternative): RegExp | null {
  const tokens = kind.length - 1 - LEFT_OUT;
  if (tokens < LEAST_TOKENS) return null;
  let source = begin ? "^" : "";
  let overlaps = 0;
  for (let at = 0; at < tokens; at++) {
    if (kind[at] === MARK) {
      // It is taken for a bracket in the text at times.
      source += "\\(?";
      continue;
    }
    if (kind[at] !== CLASS) {
      if (byte[at]! > 255) return null;
      source += literalSource(byte[at]!);
      continue;
    }
    source += classSource(row[at]!);
    if (quantifier[at] === ONCE) continue;
    source += quantifier[at] === STAR ? "*" : "+";
    if (overlapsNext(kind, row, byte, at)) overlaps++;
  }
  return overlaps > MOST_OVERLAPS ? null : new RegExp(source);
}

function overlapsNext(kind: Uint8Array, row: Uint16Array, byte: Uint16Array, at: number): boolean {
  let next = at + 1;
  while (kind[next] === MARK) next++;
  const takes = (each: number) =>
    kind[next] === CLASS ? CLASS_MAP[row[next]! + each] === 1 : LOWER[each] === byte[next];
  for (let each = 0; each < 256; each++) if (CLASS_MAP[row[at]! + each] === 1 && takes(each)) return true;
  return false;
}

function literalSource(lower: number): string {
  const char = String.fromCharCode(lower);
  if (/[a-z]/.test(char)) return `[${char}${char.toUpperCase()}]`;
  return escaped(lower);
}

function classSource(row: number): string {
  let ranges = "";
  for (let byte = 0; byte < 256; byte++) {
    if (CLASS_MAP[row + byte] !== 1) continue;
    let last = byte;
    while (last < 255 && CLASS_MAP[row + last + 1] === 1) last++;
    ranges += last === byte ? escaped(byte) : `${escaped(byte)}-${escaped(last)}`;
    byte = last;
  }
  return `[${ranges}]`;
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
