/** Case folding as the real engine's `charmap` does it: A–Z only, bytes above 127 are left alone. */
import type { Bytes } from "../bytes.js";

/** Lower case of every byte. */
export const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

/** `toLowerCase` folds these too, and must not. */
const LATIN_CAPITALS = /[\xc0-\xde]/;
const CAPITAL = /[A-Z]/;
const CAPITALS = /[A-Z]+/g;

/** Answers are kept by length: the log is asked about again and again, and fields of other lengths in between. */
const KEPT = 32;
const texts: Bytes[] = Array.from({ length: KEPT }, () => "");
const lowered: Bytes[] = Array.from({ length: KEPT }, () => "");

/** The text with A–Z lower-cased. */
export function asciiLower(text: Bytes): Bytes {
  const at = text.length % KEPT;
  if (text === texts[at]) return lowered[at]!;
  if (!CAPITAL.test(text)) return text;
  const lower = LATIN_CAPITALS.test(text) ? text.replace(CAPITALS, (run) => run.toLowerCase()) : text.toLowerCase();
  rememberLower(text, lower);
  return lower;
}

/** For whoever has come to know it on the way. */
export function rememberLower(text: Bytes, lower: Bytes): void {
  const at = text.length % KEPT;
  texts[at] = text;
  lowered[at] = lower;
}

/** The engine's strings end at the first NUL. */
export function cString(text: Bytes): Bytes {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
