/**
 * Patterns in UTF or UCP mode, `(*UTF)` and `(*UCP)`: the part of the syntax that JavaScript's regular expressions can
 * say, translated. The rest is `unsupported`, and so is what might not end in reasonable time (an unlimited repeat
 * inside another).
 */
import type { Bytes } from "../../bytes.js";
import { ExpressionError } from "../expression.js";

/** A translated piece. */
interface Piece {
  readonly source: string;
  /** It holds a repeat without limit. */
  readonly unlimited: boolean;
  /** It holds a capturing group; JavaScript forgets captures between repeats. */
  readonly captures: boolean;
  /** It may match nothing; such rounds count differently in JavaScript. */
  readonly mayBeEmpty: boolean;
  /** Something in it looks ahead: repeated, V8's machine code misses matches of it. */
  readonly looksAhead: boolean;
  /** It matches a place and cannot be repeated. */
  readonly anchor?: boolean;
}

const HORIZONTAL = "\\t \\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000";
const VERTICAL = "\\n-\\r\\x85\\u2028\\u2029";
const POSIX: Readonly<Record<string, string>> = { alpha: "A-Za-z", digit: "0-9", alnum: "0-9A-Za-z" };
const POSIX_UCP: Readonly<Record<string, string>> = { alpha: "\\p{L}", digit: "\\p{Nd}", alnum: "\\p{L}\\p{N}" };
const CONTROLS: Readonly<Record<string, string>> = { n: "\\n", r: "\\r", t: "\\t", f: "\\f", a: "\\x07", e: "\\x1b" };
const ANCHORS: Readonly<Record<string, string>> = { A: "^", G: "^", z: "$", Z: "(?=\\n?$)" };
const GROUPS = /(?:\?(?:[:=!]|P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})'))?/y;
const QUANTIFIER = /(?:[*+?]|\{\d{1,5}(?:,\d{0,5})?\})/y;

export interface UnicodeMode {
  readonly utf: boolean;
  /** `\w` and its like go by Unicode's properties. */
  readonly ucp: boolean;
}

/** Translates a pattern of code points, without its start settings. @throws ExpressionError */
export function translateUnicode(pattern: Bytes, text: string, mode: UnicodeMode): RegExp {
  const caseless = text.startsWith("(?i)");
  const source = new Translator(pattern, caseless ? text.slice(4) : text, mode, caseless).translate();
  try {
    return new RegExp(source, caseless ? "giu" : "gu");
  } catch {
    throw new ExpressionError("unsupported", pattern, "pcre2: the pattern cannot be said in JavaScript");
  }
}

class Translator {
  readonly #pattern: Bytes;
  readonly #text: string;
  readonly #sets: Readonly<Record<string, string>>;
  readonly #mode: UnicodeMode;
  readonly #caseless: boolean;
  readonly #names = new Set<string>();
  #position = 0;

  constructor(pattern: Bytes, text: string, mode: UnicodeMode, caseless: boolean) {
    const { ucp } = mode;
    this.#pattern = pattern;
    this.#text = text;
    this.#mode = mode;
    this.#caseless = caseless;
    this.#sets = {
      d: ucp ? "\\p{Nd}" : "0-9",
      s: ucp ? `\\p{Z}${HORIZONTAL}${VERTICAL}` : "\\t-\\r ",
      w: ucp ? "\\p{L}\\p{N}_" : "0-9A-Za-z_",
      h: HORIZONTAL,
      v: VERTICAL,
    };
  }

  translate(): string {
    const { source } = this.#alternatives();
    if (this.#position < this.#text.length) this.#unsupported("unmatched closing parenthesis");
    return source;
  }

  #alternatives(): Piece {
    const branches = [this.#sequence()];
    while (this.#accept(/\|/y)) branches.push(this.#sequence());
    return join(branches, "|");
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#position < this.#text.length && !/[|)]/.test(this.#text[this.#position]!)) {
      pieces.push(this.#quantified(this.#item()));
    }
    return join(pieces, "");
  }

  #quantified(item: Piece): Piece {
    const quantifier = this.#accept(QUANTIFIER)?.[0];
    if (quantifier === undefined) return item;
    if (item.anchor) this.#refuse("quantifier follows nothing repeatable");
    if (this.#accept(/[+*{]/y)) this.#unsupported("possessive repeat");
    const lazy = this.#accept(/\?/y) ? "?" : "";
    const unlimited = quantifier === "*" || quantifier === "+" || quantifier.endsWith(",}");
    if (item.captures || item.mayBeEmpty || item.looksAhead || (unlimited && item.unlimited)) {
      this.#unsupported("repeat of a group that captures, looks ahead, may match nothing or repeats");
    }
    return {
      source: `${item.source}${quantifier}${lazy}`,
      unlimited: unlimited || item.unlimited,
      captures: false,
      looksAhead: false,
      mayBeEmpty: /^(?:[*?]|\{0+[,}])/.test(quantifier),
    };
  }

  #item(): Piece {
    const char = this.#next();
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return piece(this.#class());
      case ".":
        return piece("[^\\n]");
      case "^":
        return anchor("^");
      case "$":
        return anchor("(?=\\n?$)");
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        return this.#refuse("quantifier follows nothing repeatable");
      case "{":
        this.#position--;
        if (this.#accept(QUANTIFIER)) this.#refuse("quantifier follows nothing repeatable");
        return piece(literal(this.#next()));
      default:
        return piece(literal(char));
    }
  }

  #group(): Piece {
    if (this.#text[this.#position] === "*") this.#unsupported("verb");
    const head = this.#accept(GROUPS)!;
    if (head[0] === "" && this.#text[this.#position] === "?") this.#unsupported("special group");
    const inside = this.#alternatives();
    if (!this.#accept(/\)/y)) this.#unsupported("parenthesis that is not closed");
    const captures = head[0] === "" || (head[1] ?? head[2]) !== undefined;
    const name = head[1] ?? head[2];
    if (name !== undefined && this.#names.has(name)) this.#refuse(`two groups are named "${name}"`);
    if (name !== undefined) this.#names.add(name);
    return {
      source: `(${captures ? "" : head[0]}${inside.source})`,
      unlimited: inside.unlimited,
      captures: captures || inside.captures,
      mayBeEmpty: inside.mayBeEmpty || /[=!]$/.test(head[0]),
      looksAhead: inside.looksAhead || head[0].endsWith("="),
    };
  }

  #escape(): Piece {
    const word = `[${this.#sets.w}]`;
    if (this.#accept(/b/y)) return anchor(`(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`);
    if (this.#accept(/B/y)) return anchor(`(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`);
    const place = this.#accept(/[AGzZ]/y);
    if (place) return anchor(ANCHORS[place[0]]!);
    if (this.#accept(/N(?!\{)/y)) return piece("[^\\n]");
    return piece(`[${this.#classEscape()}]`);
  }

  /** A class escape or a character, as it stands inside a class. */
  #classEscape(): string {
    const code = this.#accept(/(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|N\{U\+([0-9A-Fa-f]{1,6})\})/y);
    if (code) {
      const digits = (code[1] ?? code[2] ?? code[3])!;
      const value = Number.parseInt(digits, 16);
      if (!this.#mode.utf && (code[3] || value > 255)) this.#refuse("character above one byte");
      if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) this.#refuse("no character");
      return `\\u{${digits}}`;
    }
    // No reference: a pattern has not so many groups.
    const octal = this.#accept(/[4-7][0-7]{2}/y);
    if (octal) {
      if (!this.#mode.utf) this.#refuse("character above one byte");
      return `\\u{${Number.parseInt(octal[0], 8).toString(16)}}`;
    }
    const property = this.#accept(/([pP])(?:\{(\^?)([A-Z][a-z&]?)\}|([CLMNPSZ]))/y);
    if (property) {
      // To JavaScript a property of letters means the other case too.
      if (this.#caseless) this.#unsupported("property where case does not count");
      const negated = (property[1] === "P") !== (property[2] === "^");
      return `\\${negated ? "P" : "p"}{${property[3] ?? property[4]}}`;
    }
    const char = this.#next();
    const set = this.#sets[char];
    if (set !== undefined) return set;
    const complement = this.#sets[char.toLowerCase()];
    if (complement !== undefined) return this.#complementOf(complement);
    if (CONTROLS[char] !== undefined) return CONTROLS[char];
    if (char === "" || /[0-9A-Za-z]/.test(char)) this.#unsupported(`escape "\\${char}"`);
    return literal(char);
  }

  /** JavaScript has no class inside a class without the v flag, so only a class of its own may be one. */
  #complementOf(set: string): string {
    return `^${set}`;
  }

  #class(): string {
    const negated = this.#accept(/\^/y) ? "^" : "";
    let inside = this.#accept(/\]/y) ? "\\]" : "";
    /** What came last stands for several characters: no range can begin with it. */
    let afterSet = false;
    for (;;) {
      if (afterSet && this.#accept(/-(?=[^\]])/y)) this.#refuse("invalid range in a class");
      const posix = this.#accept(/\[:([a-z]+):\]/y);
      if (posix) {
        inside += (this.#mode.ucp ? POSIX_UCP : POSIX)[posix[1]!] ?? this.#unsupported(`POSIX class "${posix[1]}"`);
        afterSet = true;
        continue;
      }
      const char = this.#next();
      if (char === "]") return `[${negated}${inside}]`;
      if (char === "") this.#unsupported("class that is not closed");
      const item = char === "\\" ? this.#classEscape() : char === "-" ? "-" : literal(char);
      if (item.startsWith("^")) this.#unsupported("negated class inside a class");
      inside += item;
      afterSet = char === "\\" && (/^\\p/i.test(item) || Object.values(this.#sets).includes(item));
    }
  }

  #next(): string {
    const code = this.#text.codePointAt(this.#position);
    if (code === undefined) return "";
    const char = String.fromCodePoint(code);
    this.#position += char.length;
    return char;
  }

  #accept(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text);
    if (found) this.#position = pattern.lastIndex;
    return found;
  }

  #refuse(reason: string): never {
    throw new ExpressionError("invalid", this.#pattern, `pcre2: ${reason}`);
  }

  #unsupported(construct: string): never {
    throw new ExpressionError("unsupported", this.#pattern, `pcre2: ${construct} is not evaluated in UTF or UCP mode`);
  }
}

function piece(source: string): Piece {
  return { source, unlimited: false, captures: false, mayBeEmpty: false, looksAhead: false };
}

function anchor(source: string): Piece {
  return { ...piece(source), mayBeEmpty: true, looksAhead: source.includes("(?="), anchor: true };
}

function join(pieces: readonly Piece[], separator: string): Piece {
  const empty = ({ mayBeEmpty }: Piece): boolean => mayBeEmpty;
  return {
    source: pieces.map(({ source }) => source).join(separator),
    unlimited: pieces.some(({ unlimited }) => unlimited),
    captures: pieces.some(({ captures }) => captures),
    looksAhead: pieces.some(({ looksAhead }) => looksAhead),
    mayBeEmpty: separator === "" ? pieces.every(empty) : pieces.some(empty),
  };
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\u{${char.codePointAt(0)!.toString(16)}}` : char;
}
