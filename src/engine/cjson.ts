/**
 * JSON as the real engine's library (cJSON 1.7.15) reads it, on bytes. It differs from the standard: any byte
 * up to 0x20 is white space, control characters may stand in strings, numbers are read as far as `strtod` gets within
 * 63 bytes, text behind the value is ignored, keys may repeat.
 */
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
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Reads JSON from left to right. What a method does not find, it answers with null or false; then the text is malformed. */
export class JsonScanner {
  offset: number;
  /** A string was read that names a character by number: it may hold bytes above 127 that the text has not. */
  namedCharacters = false;
  readonly #text: Bytes;
  #depth = 0;
  /** Of the next backslash; behind the text when there is none. Most texts have none, and need not be searched again. */
  #backslash = -1;

  constructor(text: Bytes, start: number) {
    this.#text = text;
    this.offset = text.startsWith("\xef\xbb\xbf", start) && text.length - start > 3 ? start + 3 : start;
    this.#skipSpace();
  }

  /** The byte at the offset; NaN at the end. */
  get byte(): number {
    return this.#text.charCodeAt(this.offset);
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

  /** Steps over a key and its colon, if they stand here as expected. */
  skipKey(written: Bytes): boolean {
    // Cheaper than `startsWith`.
    const end = this.offset + written.length;
    if (this.#text.slice(this.offset, end) !== written) return false;
    this.offset = end;
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
    const text = this.#text;
    if (text.charCodeAt(this.offset) !== QUOTE) return null;
    const start = this.offset + 1;
    let end = text.indexOf('"', start);
    if (end === -1) return null;
    if (this.#backslash < start) {
      const next = text.indexOf("\\", start);
      this.#backslash = next === -1 ? text.length : next;
    }
    if (this.#backslash > end) {
      this.offset = end + 1;
      return text.slice(start, end);
    }
    end = this.#backslash;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length) return null;
    this.offset = end + 1;
    const raw = text.slice(start, end);
    if (raw.includes("\\u")) this.namedCharacters = true;
    return unescapeString(raw);
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
    while (end < this.offset + NUMBER_SIZE && isNumberByte(this.#text.charCodeAt(end))) end++;
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
    const text = this.#text;
    let at = this.offset;
    while (text.charCodeAt(at) <= SPACE) at++;
    this.offset = at;
  }
}

function isNumberByte(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

function readNumber(text: Bytes): { readonly number: number; readonly length: number } | null {
  const match = NUMBER.exec(text);
  return match === null ? null : { number: Number(match[0]), length: match[0].length };
}

/** By the byte behind the backslash, what it stands for; undefined for no escape. */
const SIMPLE_ESCAPES: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const at = 'bfnrt"\\/'.indexOf(String.fromCharCode(code));
  return at < 0 ? undefined : '\b\f\n\r\t"\\/'[at];
});
const LETTER_U = 0x75;

function unescapeString(raw: Bytes): Bytes | null {
  let out = "";
  let i = 0;
  while (i < raw.length) {
    const next = raw.indexOf("\\", i);
    if (next === -1) {
      out += raw.slice(i);
      break;
    }
    out += raw.slice(i, next);
    const letter = next + 1 < raw.length ? raw.charCodeAt(next + 1) : 0;
    if (letter === LETTER_U) {
      const read = readUnicode(raw, next);
      if (read === null) return null;
      out += read.bytes;
      i = next + read.length;
    } else {
      const simple = SIMPLE_ESCAPES[letter];
      if (simple === undefined) return null;
      out += simple;
      i = next + 2;
    }
  }
  // The library keeps C strings: an escaped NUL ends what anybody sees of it.
  const nul = out.indexOf("\0");
  return nul === -1 ? out : out.slice(0, nul);
}

function readUnicode(raw: Bytes, at: number): { readonly bytes: Bytes; readonly length: number } | null {
  if (raw.length - at < 6) return null;
  const first = readHex(raw, at + 2);
  if (first >= 0xdc00 && first <= 0xdfff) return null;
  if (first < 0xd800 || first > 0xdbff) return { bytes: encode(first), length: 6 };
  if (raw.length - at < 12 || !raw.startsWith("\\u", at + 6)) return null;
  const second = readHex(raw, at + 8);
  if (second < 0xdc00 || second > 0xdfff) return null;
  return { bytes: encode(0x10000 + (((first & 0x3ff) << 10) | (second & 0x3ff))), length: 12 };
}

/** Four hex digits; anything else counts as 0, so that `\uzzzz` is an escaped NUL. */
function readHex(raw: Bytes, at: number): number {
  const digits = raw.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0;
}

function encode(codePoint: number): Bytes {
  return Buffer.from(String.fromCodePoint(codePoint), "utf8").toString("latin1");
}

/** The number as the library's `valueint` holds it: saturated and cut. */
export function toInt(number: number): number {
  if (number >= INT_MAX) return INT_MAX;
  if (number <= INT_MIN) return INT_MIN;
  return Math.trunc(number);
}
