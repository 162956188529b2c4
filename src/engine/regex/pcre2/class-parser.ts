/** Character classes: what stands between `[` and `]`. */
import { type CharSet, complement, ESCAPE_SETS, otherCase, POSIX_CLASSES, posixClass, unite } from "./char-set.js";
import { readEscape } from "./escape.js";
import { readProperty } from "./property.js";
import type { Scanner } from "./scanner.js";
import type { CharNode } from "./syntax.js";

const BACKSPACE = 8;
const HYPHEN = 0x2d;

export interface ClassOptions {
  readonly caseless: boolean;
  /** `(?xx)`: blanks and tabs are skipped. */
  readonly skipBlanks: boolean;
  readonly groupCount: number;
}

/** Reads a class; the position is behind its `[`. */
export function parseClass(scanner: Scanner, options: ClassOptions): CharNode {
  if (posixEnd(scanner) !== null) scanner.refuse("POSIX class outside a class");
  return new ClassParser(scanner, options).parse();
}

class ClassParser {
  readonly #scanner: Scanner;
  readonly #options: ClassOptions;
  readonly #set = new Uint8Array(256);
  /** The bytes given one by one, null once anything else is in the class. */
  #literals: number[] | null = [];
  #extended = false;
  /** A byte that a following hyphen may make the start of a range. */
  #rangeStart: number | null = null;
  #rangeOpen = false;
  #quoted = false;

  constructor(scanner: Scanner, options: ClassOptions) {
    this.#scanner = scanner;
    this.#options = options;
  }

  parse(): CharNode {
    const negated = this.#readStart();
    let first = true;
    for (;;) {
      if (this.#scanner.atEnd) this.#scanner.refuse("class not closed");
      const char = this.#scanner.next();
      if (char === "]" && !first && !this.#quoted) break;
      first = false;
      this.#readItem(char);
    }
    if (this.#rangeOpen) this.#add(HYPHEN);
    return this.#result(negated);
  }

  /** Steps over `^`, and over `\E`, `\Q\E` and skipped blanks before and behind it. */
  #readStart(): boolean {
    const scanner = this.#scanner;
    let negated = false;
    for (;;) {
      if (scanner.accept("\\E") || scanner.accept("\\Q\\E")) continue;
      if (this.#options.skipBlanks && (scanner.accept(" ") || scanner.accept("\t"))) continue;
      if (negated || !scanner.accept("^")) return negated;
      negated = true;
    }
  }

  #readItem(char: string): void {
    const scanner = this.#scanner;
    if (this.#quoted) {
      if (char === "\\" && scanner.accept("E")) this.#quoted = false;
      else this.#readLiteral(char.charCodeAt(0));
    } else if (this.#options.skipBlanks && (char === " " || char === "\t")) {
      return;
    } else if (char === "[" && posixEnd(scanner) !== null) {
      this.#readPosixClass(posixEnd(scanner)!);
    } else if (char === "-" && this.#rangeStart !== null && !this.#rangeOpen) {
      this.#rangeOpen = true;
    } else if (char === "\\") {
      this.#readEscaped();
    } else {
      this.#readLiteral(char.charCodeAt(0));
    }
  }

  #readLiteral(byte: number): void {
    if (!this.#rangeOpen) {
      this.#rangeStart = byte;
      this.#add(byte);
      return;
    }
    const start = this.#rangeStart!;
    if (start > byte) this.#scanner.refuse("range out of order in a class");
    if (start < byte) this.#literals = null;
    for (let member = start; member <= byte; member++) this.#addToSet(member);
    this.#rangeStart = null;
    this.#rangeOpen = false;
  }

  #readEscaped() {
    const scanner = this.#scanner;
    if (scanner.accept("Q")) {
      this.#quoted = true;
      return;
    }
    if (scanner.accept("E")) return;
    const escaped = readEscape(scanner, this.#options.groupCount, true);
    if (escaped.type === "byte") return this.#readLiteral(escaped.byte);
    const letter = escaped.type === "letter" ? escaped.letter : "";
    if (letter === "b") return this.#readLiteral(BACKSPACE);
    if (letter === "p" || letter === "P") {
      this.#extended = true;
      return this.#addWhole(readProperty(scanner, letter === "P"));
    }
    this.#addWhole(ESCAPE_SETS[letter] ?? scanner.refuse(`escape "\\${letter}" inside a class`));
  }

  #readPosixClass(end: number): void {
    const scanner = this.#scanner;
    if (scanner.next() !== ":") scanner.refuse("collating elements are not supported");
    const negated = scanner.accept("^");
    const name = scanner.text.slice(scanner.position, end);
    if (!Object.hasOwn(POSIX_CLASSES, name)) scanner.refuse(`unknown POSIX class "${name}"`);
    scanner.position = end + 2;
    const set = posixClass(name, this.#options.caseless);
    this.#addWhole(negated ? complement(set) : set);
  }

  /** Adds a set that can neither end nor start a range. */
  #addWhole(set: CharSet): void {
    const scanner = this.#scanner;
    if (this.#rangeOpen) scanner.refuse("a class of characters ends a range");
    if (scanner.left > 1 && scanner.peek() === "-" && scanner.peek(1) !== "]") {
      scanner.refuse("a class of characters starts a range");
    }
    this.#rangeStart = null;
    this.#literals = null;
    unite(this.#set, set);
  }

  #add(byte: number): void {
    this.#literals?.push(byte);
    this.#addToSet(byte);
  }

  #addToSet(byte: number): void {
    this.#set[byte] = 1;
    if (this.#options.caseless) this.#set[otherCase(byte)] = 1;
  }

  /** A class of one character, or of a letter in both cases, is treated as that character. */
  #result(negated: boolean): CharNode {
    const { caseless } = this.#options;
    const [first, second] = this.#literals ?? [];
    if (first !== undefined && this.#literals!.length === 1) {
      return { type: negated ? "not" : "char", byte: first, caseless };
    }
    if (!negated && second !== undefined && this.#literals!.length === 2) {
      if (first !== second && second === otherCase(first!)) return { type: "char", byte: first!, caseless: true };
    }
    return { type: "class", set: negated ? complement(this.#set) : this.#set, extended: this.#extended };
  }
}

/**
 * With the position behind a `[`: where the `:]`, `.]` or `=]` stands that makes it a POSIX item, or null.
 */
function posixEnd(scanner: Scanner): number | null {
  const { text } = scanner;
  const terminator = scanner.peek();
  if (terminator !== ":" && terminator !== "." && terminator !== "=") return null;
  for (let i = scanner.position + 1; text.length - i >= 2; i++) {
    const char = text[i];
    const following = text[i + 1];
    if (char === "\\" && (following === "]" || following === "\\")) i++;
    else if ((char === "[" && following === terminator) || char === "]") return null;
    else if (char === terminator && following === "]") return i;
  }
  return null;
}
