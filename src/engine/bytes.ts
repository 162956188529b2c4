/**
 * The real engine works on bytes, so do we: inside the engine a string holds one byte per character (latin1).
 * These two functions are the rim.
 */
export type Bytes = string;

// A byte order mark is a part of what was logged.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const ASCII = /^[\x00-\x7f]*$/;

/** Bytes that are shown, and folded, alike by all. */
export function isAscii(bytes: Bytes): boolean {
  return ASCII.test(bytes);
}

/** UTF-8 text or raw bytes to an engine string. */
export function toBytes(text: string | Uint8Array): Bytes {
  if (text instanceof Buffer) return text.toString("latin1");
  if (typeof text !== "string") return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
  return ASCII.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** V8 copies what is shorter. */
const SHORTEST_SLICE = 13;

/** The same, to be kept: what was cut out of a text keeps all of it. */
export function ownCopy(bytes: Bytes): Bytes {
  return bytes.length < SHORTEST_SLICE ? bytes : Buffer.from(bytes, "latin1").toString("latin1");
}

/** An engine string to UTF-8 text; an invalid byte becomes U+FFFD. */
export function fromBytes(bytes: Bytes): string {
  return ASCII.test(bytes) ? bytes : utf8.decode(Buffer.from(bytes, "latin1"));
}
