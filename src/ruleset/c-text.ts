/** Small habits of the real engine with text: how it reads numbers, splits lists and compares names. */
import type { Bytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";

/** Only digits. The empty text counts as a number, as OS_StrIsNum says. */
export function isNumeric(text: Bytes): boolean {
  return /^[0-9]*$/.test(text);
}

/** A shorter number fits 32 bits. */
const SURELY_FITS = 10;

/** C's `atoi` on a 64-bit machine: blanks, a sign, digits; what does not fit 32 bits wraps, 0 when there is no number. */
export function atoi(text: Bytes): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text)?.[1];
  if (digits === undefined) return 0;
  if (digits.length < SURELY_FITS) return Number(digits) | 0;
  const limit = 2n ** 63n;
  const value = BigInt(digits.replace("+", ""));
  const clamped = value >= limit ? limit - 1n : value < -limit ? -limit : value;
  return Number(BigInt.asIntN(32, clamped));
}

/** C's `sscanf("%Nd")`: at most `width` digits; the fallback when there are none. */
export function leadingNumber(digits: Bytes, width: number, fallback: number): number {
  return digits === "" ? fallback : Number(digits.slice(0, width));
}

/** Equal but for the case of A–Z (strcasecmp). */
export function sameName(a: Bytes, b: Bytes): boolean {
  return a === b || asciiLower(a) === asciiLower(b);
}

/**
 * The parts between commas, at most `limit` of them: the last one keeps the rest. A comma behind a backslash does not
 * split, and the backslash goes (OS_StrBreak).
 */
export function splitAtCommas(text: Bytes, limit: number): Bytes[] {
  const parts: Bytes[] = [];
  let part = "";
  for (const char of text) {
    if (char !== "," || parts.length >= limit - 1) part += char;
    else if (part.endsWith("\\")) part = `${part.slice(0, -1)},`;
    else {
      parts.push(part);
      part = "";
    }
  }
  parts.push(part);
  return parts;
}

/** What stands before the first space, leading spaces skipped. Other blanks are part of a word. */
export function firstWord(text: Bytes): Bytes {
  return /^ *([^ ]*)/.exec(text)![1]!;
}
