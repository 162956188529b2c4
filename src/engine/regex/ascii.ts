/** Case folding as the real engine's `charmap` does it: A–Z only, bytes above 127 are left alone. */
import type { Bytes } from "../bytes.js";

/** Lower case of every byte. */
export const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

/** `toLowerCase` folds these too, and must not. */
const LATIN_CAPITALS = /[\xc0-\xde]/;
const CAPITAL = /[A-Z]/;

/** Answers are kept by length: the log is asked about again and again, and fields of other lengths in between. */
const KEPT = 32;
const texts: Bytes[] = Array.from({ length: KEPT }, () => "");
const lowered: Bytes[] = Array.from({ length: KEPT }, () => "");

/** What was said to be ASCII last. */
let asciiText: Bytes = "";

/** For whoever knows that a text is ASCII, which makes it cheaper to lower-case. */
export function rememberAscii(text: Bytes): void {
  asciiText = text;
}

/** The text with A–Z lower-cased. */
export function asciiLower(text: Bytes): Bytes {
  const at = text.length % KEPT;
  if (text === texts[at]) return lowered[at]!;
  if (!CAPITAL.test(text)) return text;
  const lower = text !== asciiText && LATIN_CAPITALS.test(text) ? lowerByByte(text) : text.toLowerCase();
  rememberLower(text, lower);
  return lower;
}

function lowerByByte(text: Bytes): Bytes {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at++) bytes[at] = LOWER[bytes[at]!]!;
  return bytes.toString("latin1");
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
