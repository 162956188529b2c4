/** Bytes as JavaScript's regular expressions write them. */
import type { Bytes } from "../bytes.js";

export function byteSource(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[0-9A-Za-z _]/.test(char) ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** A text that stands for itself. */
export function textSource(text: Bytes): string {
  let source = "";
  for (let at = 0; at < text.length; at++) source += byteSource(text.charCodeAt(at));
  return source;
}
