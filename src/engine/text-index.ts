/**
 * Which texts a log may hold, after one pass over it: patterns that need a text which is not there are not tried. Only
 * some parts of a text are looked for, by a hash of four bytes, or of two where it is shorter; so a text may be taken to
 * be there when it is not, never the other way round. Case does not count, as in most of the engine's dialects.
 */
import type { Bytes } from "./bytes.js";

/**
 * Places of a pattern's texts: it can match only where all of one list are met. The lists stand in a row, each behind the
 * number of its places. Null: it can match anywhere.
 */
export type TextPlaces = Int32Array | null;

/** The same of a pattern that can match anywhere: a list of no places is met. */
const ANYWHERE = Int32Array.of(0);

/**
 * Places of several patterns: what many ask of a log stands in one row, because most of them end there, and what is
 * scattered over memory takes long to be fetched. The offset of each one's places comes first.
 */
export type PlacesRow = Int32Array;

export function inRow(places: readonly TextPlaces[]): PlacesRow {
  const all = places.map((each) => each ?? ANYWHERE);
  const offsets = [all.length + 1];
  for (const { length } of all) offsets.push(offsets.at(-1)! + length);
  return Int32Array.from([...offsets, ...all.flatMap((each) => [...each])]);
}

/** A text shorter than this is in nearly every log. */
const SHORTEST = 2;
const LONG = 4;
/** Of a longer text not all parts are looked for. */
const MOST_GRAMS = 12;
/** Bits of a place: of four bytes, and of two. */
const LONG_BITS = 14;
const SHORT_BITS = 11;
const SHORT_PLACES = 1 << LONG_BITS;
const MIX = 0x9e3779b1;
/** Makes the same of a letter in both cases, and of some other bytes too, which does no harm. */
const FOLD = 0x20202020;

// Of the log that was looked at last. Arrays that are constants of a module are read several times faster than members,
// and bytes of a buffer several times faster than those of a string.
/** By place: the last scan that met its bytes. */
const seenIn = new Uint8Array(SHORT_PLACES + (1 << SHORT_BITS));
const LAST_SCAN = 0xff;
let scan = 0;
let lookedAt: Bytes | null = null;
const SIZE = 65_536;
/** With NULs behind the text, so that four bytes can be read at its last. */
const buffer = Buffer.alloc(SIZE + LONG);
const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);

type Texts = readonly (readonly Bytes[])[];

/** Of those asked about before: patterns are asked again for each kind of event that meets them. */
const known = new WeakMap<Texts, TextPlaces>();

/** @param texts in lower case; a subject holds all of one list where it can match */
export function placesOf(texts: Texts | null): TextPlaces {
  if (texts === null) return null;
  let places = known.get(texts);
  if (places === undefined) {
    places = makePlaces(texts);
    known.set(texts, places);
  }
  return places;
}

function makePlaces(texts: Texts): TextPlaces {
  const lists = texts.filter((list) => list.every(isOfBytes)).map(placesOfAll);
  if (lists.some(({ length }) => length === 0)) return null;
  return Int32Array.from(lists.flatMap((list) => [list.length, ...list]));
}

/** May a pattern with these texts match this log? */
export function mayHold(log: Bytes, places: TextPlaces): boolean {
  if (places === null) return true;
  lookAt(log);
  return oneIsMet(places, 0, places.length);
}

/** What `isMet` answers is about this log. */
export function lookAt(log: Bytes): void {
  if (log !== lookedAt) look(log);
}

/** The same about one of the patterns in a row, and the log that was looked at last. */
export function isMet(row: PlacesRow, index: number): boolean {
  return oneIsMet(row, row[index]!, row[index + 1]!);
}

function oneIsMet(lists: Int32Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const next = at + 1 + lists[at]!;
    at++;
    while (at < next && seenIn[lists[at]!] === scan) at++;
    if (at === next) return true;
    at = next;
  }
  return false;
}

function look(log: Bytes): void {
  lookedAt = log;
  if (scan === LAST_SCAN) {
    seenIn.fill(0);
    scan = 0;
  }
  scan++;
  for (let start = 0; start < log.length; start += SIZE - LONG) {
    const length = buffer.write(start === 0 ? log : log.slice(start), 0, SIZE, "latin1");
    view.setInt32(length, 0);
    mark(length, scan);
  }
}

/** Marks the places of what is in the buffer. @param scan handed over: a module's variable is read anew in each round */
function mark(length: number, scan: number): void {
  for (let at = 0; at < length; at++) {
    const bytes = view.getInt32(at, true);
    seenIn[placeOfFour(bytes)] = scan;
    seenIn[placeOfTwo(bytes)] = scan;
  }
}

/** @param bytes the first is the lowest */
function placeOfFour(bytes: number): number {
  return Math.imul(bytes | FOLD, MIX) >>> (32 - LONG_BITS);
}

function placeOfTwo(bytes: number): number {
  return SHORT_PLACES + (Math.imul((bytes | FOLD) & 0xffff, MIX) >>> (32 - SHORT_BITS));
}

/** A byte that is none can never be met. */
function isOfBytes(text: Bytes): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 255) return false;
  return true;
}

function placesOfAll(texts: readonly Bytes[]): number[] {
  return [...new Set(texts.filter(({ length }) => length >= SHORTEST).flatMap(placesOfText))];
}

function placesOfText(text: Bytes): number[] {
  const size = text.length < LONG ? SHORTEST : LONG;
  const place = size === LONG ? placeOfFour : placeOfTwo;
  const last = text.length - size;
  const steps = Math.min(Math.ceil(last / size), MOST_GRAMS - 1);
  const offsets = Array.from({ length: steps + 1 }, (_, step) => Math.round((last * step) / Math.max(steps, 1)));
  return offsets.map((offset) => place(gram(text, offset, size)));
}

function gram(text: Bytes, start: number, size: number): number {
  let bytes = 0;
  for (let at = size - 1; at >= 0; at--) bytes = (bytes << 8) | text.charCodeAt(start + at);
  return bytes;
}
