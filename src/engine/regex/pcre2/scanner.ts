/** Reading position in a pattern, and what several parts of the syntax read from it. */
import type { Bytes } from "../../bytes.js";
import { ExpressionError } from "../expression.js";
import { UNLIMITED } from "./syntax.js";

/** Largest repeat count and largest group number. */
const MAX_NUMBER = 65_535;
const MAX_NAME_LENGTH = 32;
const WORD_CHARACTER = /[0-9A-Za-z_]/;

export class Scanner {
  readonly text: Bytes;
  position = 0;

  constructor(text: Bytes) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Bytes from the position to the end. */
  get left(): number {
    return this.text.length - this.position;
  }

  /** The character at an offset from the position; empty behind the end. */
  peek(offset = 0): string {
    return this.text[this.position + offset] ?? "";
  }

  next(): string {
    return this.text[this.position++] ?? "";
  }

  /** Steps over the text if it comes next. */
  accept(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  expect(text: string, otherwise: string): void {
    if (!this.accept(text)) this.refuse(otherwise);
  }

  refuse(reason: string): never {
    throw new ExpressionError("invalid", this.text, `pcre2: ${reason} at offset ${this.position}`);
  }

  unsupported(construct: string): never {
    throw new ExpressionError("unsupported", this.text, `pcre2: ${construct} is not evaluated`);
  }

  /** Reads the digits that come next, or gives null when there are none. */
  readDigits(maximum = MAX_NUMBER): number | null {
    if (!isDigit(this.peek())) return null;
    let value = 0;
    while (isDigit(this.peek())) {
      value = value * 10 + Number(this.next());
      if (value > maximum) this.refuse("number too big");
    }
    return value;
  }

  /**
   * Reads a group number that may be relative: `+1` is the next group to open, `-1` the last one opened.
   * Null when none comes next; then nothing is consumed.
   */
  readGroupNumber(groupCount: number): number | null {
    const sign = this.peek() === "+" ? 1 : this.peek() === "-" ? -1 : 0;
    if (!isDigit(this.peek(sign === 0 ? 0 : 1))) return null;
    if (sign !== 0) this.position++;
    const value = this.readDigits(sign > 0 ? MAX_NUMBER - groupCount : MAX_NUMBER)!;
    if (sign === 0) return value;
    if (value === 0) this.refuse("relative group number 0");
    if (sign > 0) return value + groupCount;
    if (value > groupCount) this.refuse("reference to a group that does not exist");
    return groupCount + 1 - value;
  }

  /** Reads `n}`, `n,}` or `n,m}` behind an opening brace; null, with nothing consumed, when that is not what comes. */
  readRepeatCounts(): { min: number; max: number } | null {
    const counts = /^[0-9]+(?:,[0-9]*)?\}/.exec(
      this.text.slice(this.position, this.text.indexOf("}", this.position) + 1),
    );
    if (!counts) return null;
    const min = this.readDigits()!;
    let max = min;
    if (this.accept(",")) max = this.readDigits() ?? UNLIMITED;
    if (max < min) this.refuse("repeat counts out of order");
    this.position++;
    return { min, max };
  }

  /** Reads a group's name up to and over its terminator. */
  readName(terminator: string): string {
    if (isDigit(this.peek())) this.refuse("group name starts with a digit");
    const name = this.readWord();
    if (name === "") this.refuse("group name expected");
    this.expect(terminator, "group name not terminated");
    return name;
  }

  /** Reads word characters, at most 32. */
  readWord(): string {
    const start = this.position;
    while (WORD_CHARACTER.test(this.peek())) this.position++;
    const word = this.text.slice(start, this.position);
    if (word.length > MAX_NAME_LENGTH) this.refuse("name too long");
    return word;
  }
}

export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}
