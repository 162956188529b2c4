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
  const parser = new Parser(text, start);
  const value = parser.parse();
  return value === null ? null : { value, end: parser.offset };
}

class Parser {
  offset: number;
  readonly #text: Bytes;
  #depth = 0;

  constructor(text: Bytes, start: number) {
    this.#text = text;
    this.offset = text.startsWith("\xef\xbb\xbf", start) && text.length - start > 3 ? start + 3 : start;
  }

  parse(): JsonValue | null {
    this.#skipSpace();
    return this.#value();
  }

  #value(): JsonValue | null {
    const text = this.#text;
    switch (text[this.offset]) {
      case '"': {
        const string = this.#string();
        return string === null ? null : { type: "string", text: string };
      }
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case "n":
        return this.#word("null");
      case "t":
        return this.#word("true");
      case "f":
        return this.#word("false");
      default: {
        const code = text.charCodeAt(this.offset);
        return code === 45 || (code >= 48 && code <= 57) ? this.#number() : null;
      }
    }
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
    if (this.#depth >= NESTING_LIMIT) return null;
    this.#depth++;
    const items: JsonValue[] = [];
    this.offset++;
    this.#skipSpace();
    if (this.#text[this.offset] !== "]") {
      for (;;) {
        const item = this.#value();
        if (item === null) return null;
        items.push(item);
        this.#skipSpace();
        if (this.#text[this.offset] !== ",") break;
        this.offset++;
        this.#skipSpace();
      }
      if (this.#text[this.offset] !== "]") return null;
    }
    this.#depth--;
    this.offset++;
    return { type: "array", items };
  }

  #object(): JsonValue | null {
    if (this.#depth >= NESTING_LIMIT) return null;
    this.#depth++;
    const members: JsonMember[] = [];
    this.offset++;
    this.#skipSpace();
    if (this.#text[this.offset] !== "}") {
      for (;;) {
        const key = this.#string();
        if (key === null) return null;
        this.#skipSpace();
        if (this.#text[this.offset] !== ":") return null;
        this.offset++;
        this.#skipSpace();
        const value = this.#value();
        if (value === null) return null;
        members.push({ key, value });
        this.#skipSpace();
        if (this.#text[this.offset] !== ",") break;
        this.offset++;
        this.#skipSpace();
      }
      if (this.#text[this.offset] !== "}") return null;
    }
    this.#depth--;
    this.offset++;
    return { type: "object", members };
  }

  #string(): Bytes | null {
    const text = this.#text;
    if (text[this.offset] !== '"') return null;
    const start = this.offset + 1;
    let end = text.indexOf('"', start);
    if (end === -1) return null;
    const escapeAt = text.indexOf("\\", start);
    if (escapeAt === -1 || escapeAt > end) {
      this.offset = end + 1;
      return text.slice(start, end);
    }
    end = escapeAt;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length) return null;
    this.offset = end + 1;
    return unescapeString(text.slice(start, end));
  }

  #skipSpace(): void {
    while (this.offset < this.#text.length && this.#text.charCodeAt(this.offset) <= 32) this.offset++;
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

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
  "/": "/",
};

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
    const letter = raw[next + 1]!;
    if (letter === "u") {
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
