/**
 * Which texts a log may hold, after one pass over it: patterns that need a text which is not there are not tried. Only
 * the first and the last bytes of a text are looked for, by a hash of four; so a text may be taken to be there when it
 * is not, never the other way round. Case of A–Z does not count, as in most of the engine's dialects.
 */
import type { Bytes } from "./bytes.js";
import { LOWER, rememberLower } from "./regex/ascii.js";

/** Places of a pattern's texts: it can match only where all of one list are met. Null: it can match anywhere. */
export type TextPlaces = readonly Int32Array[] | null;

/** A text shorter than this is in nearly every log. */
const SHORTEST = 2;
const LONG = 4;
/** Bits of a place: of four bytes, and of two. */
const LONG_BITS = 15;
const SHORT_BITS = 12;
const SHORT_PLACES = 1 << LONG_BITS;
const MIX = 0x9e3779b1;

// Of the log that was looked at last. Arrays that are constants of a module are read several times faster than members,
// and bytes of a buffer several times faster than those of a string.
const lower = LOWER;
/** By place: the last scan that met its bytes. */
const seenIn = new Uint16Array(SHORT_PLACES + (1 << SHORT_BITS));
const LAST_SCAN = 0xffff;
let scan = 0;
let lookedAt: Bytes | null = null;
const buffer = Buffer.alloc(65_536);

/** @param texts in lower case; a subject holds all of one list where it can match */
export function placesOf(texts: readonly (readonly Bytes[])[] | null): TextPlaces {
  if (texts === null) return null;
  const lists = texts.filter((list) => list.every(isOfBytes)).map(placesOfAll);
  return lists.some(({ length }) => length === 0) ? null : lists;
}

/** May a pattern with these texts match this log? */
export function mayHold(log: Bytes, places: TextPlaces): boolean {
  if (places === null) return true;
  if (log !== lookedAt) look(log);
  for (let list = 0; list < places.length; list++) if (allMet(places[list]!)) return true;
  return false;
}

function allMet(places: Int32Array): boolean {
  for (let at = 0; at < places.length; at++) if (seenIn[places[at]!] !== scan) return false;
  return true;
}

function look(log: Bytes): void {
  lookedAt = log;
  if (scan === LAST_SCAN) {
    seenIn.fill(0);
    scan = 0;
  }
  scan++;
  let last = 0;
  let lowered = "";
  for (let start = 0; start < log.length; start += buffer.length) {
    const length = buffer.write(start === 0 ? log : log.slice(start), "latin1");
    last = mark(length, last, scan);
    lowered += buffer.toString("latin1", 0, length);
  }
  rememberLower(log, lowered);
}

/**
 * Lower-cases what is in the buffer, and marks the places of its bytes.
 * @param last the bytes before those in the buffer
 */
function mark(length: number, last: number, scan: number): number {
  let bytes = last;
  for (let at = 0; at < length; at++) {
    const byte = lower[buffer[at]!]!;
    buffer[at] = byte;
    bytes = (bytes << 8) | byte;
    seenIn[placeOfFour(bytes)] = scan;
    seenIn[placeOfTwo(bytes)] = scan;
  }
  return bytes;
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

function placesOfAll(texts: readonly Bytes[]): Int32Array {
  return Int32Array.from(new Set(texts.filter(({ length }) => length >= SHORTEST).flatMap(placesOfText)));
}

function placesOfText(text: Bytes): number[] {
  const size = text.length < LONG ? SHORTEST : LONG;
  const place = size === LONG ? placeOfFour : placeOfTwo;
  return [place(gram(text, 0, size)), place(gram(text, text.length - size, size))];
}

function gram(text: Bytes, start: number, size: number): number {
  let bytes = 0;
  for (let at = start; at < start + size; at++) bytes = (bytes << 8) | text.charCodeAt(at);
  return bytes;
}
