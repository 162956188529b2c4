/**
 * Which of many texts a log may hold, after one pass over it: patterns that need a text which is not there are not
 * tried. Only the first and the last bytes of a text are looked for, by a hash of four; so a text may be taken to be
 * there when it is not, never the other way round. Case of A–Z does not count, as in most of the engine's dialects.
 */
import type { Bytes } from "./bytes.js";
import { LOWER } from "./regex/ascii.js";

/** Places of the texts of one pattern, two for each: it can match only where one of them is. Null: it can match anywhere. */
export type TextIds = Int32Array | null;

/** A text shorter than this is in nearly every log. */
const SHORTEST = 2;
const LONG = 4;
/** Bits of a place: of four bytes, and of two. */
const LONG_BITS = 15;
const SHORT_BITS = 12;
const SHORT_PLACES = 1 << LONG_BITS;
const MIX = 0x9e3779b1;
const LAST_SCAN = 0xffff;

export class TextIndex {
  /** By place: the last scan that met its bytes. */
  readonly #seenIn = new Uint16Array(SHORT_PLACES + (1 << SHORT_BITS));
  #scan = 0;
  #log: Bytes | null = null;
  #bytes = Buffer.alloc(4096);

  /** @param texts in lower case */
  add(texts: readonly Bytes[] | null): TextIds {
    if (texts?.some(({ length }) => length < SHORTEST) ?? true) return null;
    return Int32Array.from(texts!.filter(isOfBytes).flatMap(placesOf));
  }

  /** May a pattern with these texts match this log? */
  mayMatch(log: Bytes, ids: TextIds): boolean {
    if (ids === null) return true;
    if (log !== this.#log) this.#look(log);
    const seenIn = this.#seenIn;
    const scan = this.#scan;
    for (let at = 0; at < ids.length; at += 2) {
      if (seenIn[ids[at]!] === scan && seenIn[ids[at + 1]!] === scan) return true;
    }
    return false;
  }

  #look(log: Bytes): void {
    this.#log = log;
    if (this.#scan === LAST_SCAN) {
      this.#seenIn.fill(0);
      this.#scan = 0;
    }
    const scan = ++this.#scan;
    const seenIn = this.#seenIn;
    // Bytes are read several times faster from a buffer than from a string.
    if (log.length > this.#bytes.length) this.#bytes = Buffer.alloc(log.length * 2);
    const bytes = this.#bytes;
    const length = bytes.write(log, "latin1");
    let last = 0;
    for (let at = 0; at < length; at++) {
      last = (last << 8) | LOWER[bytes[at]!]!;
      seenIn[placeOfFour(last)] = scan;
      seenIn[placeOfTwo(last)] = scan;
    }
  }
}

function placeOfFour(bytes: number): number {
  return Math.imul(bytes, MIX) >>> (32 - LONG_BITS);
}

function placeOfTwo(bytes: number): number {
  return SHORT_PLACES + (Math.imul(bytes & 0xffff, MIX) >>> (32 - SHORT_BITS));
}

/** A byte that is none can never be met. */
function isOfBytes(text: Bytes): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 255) return false;
  return true;
}

function placesOf(text: Bytes): [number, number] {
  const size = text.length < LONG ? SHORTEST : LONG;
  const place = size === LONG ? placeOfFour : placeOfTwo;
  return [place(gram(text, 0, size)), place(gram(text, text.length - size, size))];
}

function gram(text: Bytes, start: number, size: number): number {
  let bytes = 0;
  for (let at = start; at < start + size; at++) bytes = (bytes << 8) | text.charCodeAt(at);
  return bytes;
}
