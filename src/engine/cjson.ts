/**
 * JSON as the real engine's library (cJSON 1.7.15) reads it, on bytes. It differs from the standard: any byte
 * up to 0x20 is white space, control characters may stand in strings, numbers are read as far as `strtod` gets within
 * 63 bytes, text behind the value is ignored, keys may repeat.
 */
import { bytesOf } from "./byte-memory.js";
import type { Bytes } from "./bytes.js";

export type JsonValue =
  | { readonly type: "null" | "true" | "false" }
  | { readonly type: "string"; readonly text: Bytes }
  | { readonly type: "number"; readonly number: number }
  | { readonly type: "array"; readonly items: readonly JsonValue[] }
  | { readonly type: "object"; readonly members: readonly JsonMember[] };

export interface JsonMember {
  readonly key: Bytes;
  readonly value: JsonValue;
}

const NESTING_LIMIT = 1000;
const NUMBER_SIZE = 63;
const INT_MAX = 2147483647;
const INT_MIN = -2147483648;

/** Parse the value at the beginning of a text. Null when it is malformed; `end` is the offset behind it. */
export function parseJson(text: Bytes, start = 0): { readonly value: JsonValue; readonly end: number } | null {
  const scanner = new JsonScanner(text, start);
  const value = scanner.value();
  return value === null ? null : { value, end: scanner.offset };
}

const SPACE = 32;
export const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** 1 for what stands in a string for itself. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** Reads JSON from left to right. What a method does not find, it answers with null or false; then the text is malformed. */
export class JsonScanner {
  offset: number;
  /** A string was read that names a character by number: it may hold bytes above 127 that the text has not. */
  namedCharacters = false;
  /** No string that was read has an escape or a control character: nothing in them needs one to be written. */
  isPlain = true;
  readonly #text: Bytes;
  /** The same, in memory that is used again: nothing else reads bytes while a scanner does. */
  readonly #bytes: Uint8Array;
  #depth = 0;

  constructor(text: Bytes, start: number) {
    this.#text = text;
    this.#bytes = bytesOf(text);
    this.offset = text.startsWith("\xef\xbb\xbf", start) && text.length - start > 3 ? start + 3 : start;
    // Behind the end stands what an earlier text has left.
    if (start > text.length) this.offset = text.length;
    this.#skipSpace();
  }

  /** The byte at the offset; 0 at the end. */
  get byte(): number {
    return this.#bytes[this.offset]!;
  }

  value(): JsonValue | null {
    switch (this.byte) {
      case QUOTE: {
        const string = this.string();
        return string === null ? null : { type: "string", text: string };
      }
      case OPEN_BRACE:
        return this.#object();
      case OPEN_BRACKET:
        return this.#array();
      case 110:
        return this.#word("null");
      case 116:
        return this.#word("true");
      case 102:
        return this.#word("false");
      default: {
        const code = this.byte;
        return code === 45 || (code >= 48 && code <= 57) ? this.#number() : null;
      }
    }
  }

  /** Steps over a key and its colon, if they stand here as they do in `written`, from `start` on. */
  skipKey(written: Uint8Array, start: number, size: number): boolean {
    const bytes = this.#bytes;
    const { offset } = this;
    for (let at = 0; at < size; at++) if (bytes[offset + at] !== written[start + at]) return false;
    this.offset = offset + size;
    this.#skipSpace();
    return true;
  }

  /** The next key of an object and its colon. */
  key(): Bytes | null {
    const key = this.string();
    if (key === null) return null;
    this.#skipSpace();
    if (this.byte !== COLON) return null;
    this.offset++;
    this.#skipSpace();
    return key;
  }

  string(): Bytes | null {
    if (this.byte !== QUOTE) return null;
    const bytes = this.#bytes;
    const start = this.offset + 1;
    const { length } = this.#text;
    let end = start;
    let firstBackslash = -1;
    /** No control character and no name of a character by number: whatever reads JSON makes the same of it. */
    let isCommon = true;
    for (;;) {
      // The NUL behind the text ends it at the latest.
      while (IS_PLAIN[bytes[end]!] === 1) end++;
      if (end >= length) return null;
      if (bytes[end] === QUOTE) break;
      this.isPlain = false;
      if (bytes[end] === BACKSLASH) {
        if (firstBackslash === -1) firstBackslash = end;
        if (SIMPLE_ESCAPES[bytes[end + 1]!] === 0) isCommon = false;
        end += 2;
      } else {
        isCommon = false;
        end++;
      }
    }
    this.offset = end + 1;
    if (firstBackslash === -1) return this.#text.slice(start, end);
    // In a third of the time.
    if (isCommon) return JSON.parse(this.#text.slice(start - 1, end + 1)) as Bytes;
    return this.#escaped(start, end, firstBackslash);
  }

  /** @param backslash the first one */
  #escaped(start: number, end: number, backslash: number): Bytes | null {
    const bytes = this.#bytes;
    const out = atLeast(end - start);
    let written = out.write(this.#text.slice(start, backslash), 0, "latin1");
    let nul = -1;
    for (let at = backslash; at < end; ) {
      const byte = bytes[at]!;
      if (byte !== BACKSLASH) {
        out[written++] = byte;
        at++;
        continue;
      }
      const letter = at + 1 < end ? bytes[at + 1]! : 0;
      if (letter === LETTER_U) {
        const read = readUnicode(bytes, at, end);
        if (read === null) return null;
        if (read.codePoint === 0 && nul < 0) nul = written;
        this.namedCharacters = true;
        written += out.write(String.fromCodePoint(read.codePoint), written, "utf8");
        at += read.length;
      } else {
        const meant = SIMPLE_ESCAPES[letter]!;
        if (meant === 0) return null;
        out[written++] = meant;
        at += 2;
      }
    }
    // The library keeps C strings: an escaped NUL ends what anybody sees of it.
    return out.toString("latin1", 0, nul < 0 ? written : nul);
  }

  /** Steps into an object or array; false where it is nested too deeply. */
  open(): boolean {
    if (this.#depth >= NESTING_LIMIT) return false;
    this.#depth++;
    this.offset++;
    this.#skipSpace();
    return true;
  }

  /** Steps over the comma behind a member or an item. */
  comma(): boolean {
    this.#skipSpace();
    if (this.byte !== COMMA) return false;
    this.offset++;
    this.#skipSpace();
    return true;
  }

  /** Steps out of an object. */
  closeObject(): boolean {
    return this.#close(CLOSE_BRACE);
  }

  /** At the end of an object without members. */
  get isEmptyObject(): boolean {
    return this.byte === CLOSE_BRACE;
  }

  #close(byte: number): boolean {
    if (this.byte !== byte) return false;
    this.#depth--;
    this.offset++;
    return true;
  }

  #word(word: "null" | "true" | "false"): JsonValue | null {
    if (!this.#text.startsWith(word, this.offset)) return null;
    this.offset += word.length;
    return { type: word };
  }

  #number(): JsonValue | null {
    let end = this.offset;
    while (end < this.offset + NUMBER_SIZE && isNumberByte(this.#bytes[end]!)) end++;
    const read = readNumber(this.#text.slice(this.offset, end));
    if (read === null) return null;
    this.offset += read.length;
    return { type: "number", number: read.number };
  }

  #array(): JsonValue | null {
    if (!this.open()) return null;
    const items: JsonValue[] = [];
    if (this.byte !== CLOSE_BRACKET) {
      do {
        const item = this.value();
        if (item === null) return null;
        items.push(item);
      } while (this.comma());
    }
    return this.#close(CLOSE_BRACKET) ? { type: "array", items } : null;
  }

  #object(): JsonValue | null {
    if (!this.open()) return null;
    const members: JsonMember[] = [];
    if (!this.isEmptyObject) {
      do {
        const key = this.key();
        const value = key === null ? null : this.value();
        if (value === null) return null;
        members.push({ key: key!, value });
      } while (this.comma());
    }
    return this.closeObject() ? { type: "object", members } : null;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    const { length } = this.#text;
    let at = this.offset;
    while (bytes[at]! <= SPACE && at < length) at++;
    this.offset = at;
  }
}

let unescaped = Buffer.alloc(1 << 10);

/** Memory for an unescaped string, used again. What a character is named by is never shorter than its bytes. */
function atLeast(size: number): Buffer {
  if (size > unescaped.length) unescaped = Buffer.alloc(size * 2);
  return unescaped;
}

function isNumberByte(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

function readNumber(text: Bytes): { readonly number: number; readonly length: number } | null {
  const match = NUMBER.exec(text);
  return match === null ? null : { number: Number(match[0]), length: match[0].length };
}

/** By the byte behind the backslash, the byte that it stands for; 0 for no escape. */
const SIMPLE_ESCAPES = new Uint8Array(256);
for (const [letter, byte] of ["b\b", "f\f", "n\n", "r\r", "t\t", '""', "\\\\", "//"]) {
  SIMPLE_ESCAPES[letter!.charCodeAt(0)] = byte!.charCodeAt(0);
}
const LETTER_U = 0x75;

function readUnicode(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly codePoint: number; readonly length: number } | null {
  if (end - at < 6) return null;
  const first = readHex(bytes, at + 2);
  if (first >= 0xdc00 && first <= 0xdfff) return null;
  if (first < 0xd800 || first > 0xdbff) return { codePoint: first, length: 6 };
  if (end - at < 12 || bytes[at + 6] !== BACKSLASH || bytes[at + 7] !== LETTER_U) return null;
  const second = readHex(bytes, at + 8);
  if (second < 0xdc00 || second > 0xdfff) return null;
  return { codePoint: 0x10000 + (((first & 0x3ff) << 10) | (second & 0x3ff)), length: 12 };
}

/** Four hex digits; anything else counts as 0, so that `\uzzzz` is an escaped NUL. */
function readHex(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let digit = at; digit < at + 4; digit++) {
    const value = HEX_DIGITS[bytes[digit]!]!;
    if (value === NO_DIGIT) return 0;
    number = number * 16 + value;
  }
  return number;
}

const NO_DIGIT = 16;
/** By byte. */
const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

/** The number as the library's `valueint` holds it: saturated and cut. */
export function toInt(number: number): number {
  if (number >= INT_MAX) return INT_MAX;
  if (number <= INT_MIN) return INT_MIN;
  return Math.trunc(number);
}
