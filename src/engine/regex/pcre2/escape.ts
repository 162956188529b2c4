/** Escape sequences: what stands behind a backslash. */
import type { Scanner } from "./scanner.js";
import { isDigit } from "./scanner.js";

/**
 * A data character, a reference to a group by number, or a letter with a meaning of its own
 * (`g` and `k` still have their name to come).
 */
export type Escape =
  | { readonly type: "byte"; readonly byte: number }
  | { readonly type: "reference"; readonly number: number }
  | { readonly type: "letter"; readonly letter: string };

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };
const LETTERS = "ABCDEGHKNPQRSVWXZbdhkpsvwz";

/** Reads an escape; the position is behind the backslash. `groupCount` is the number of groups opened so far. */
export function readEscape(scanner: Scanner, groupCount: number, inClass: boolean): Escape {
  if (scanner.atEnd) scanner.refuse("backslash at the end");
  const char = scanner.next();
  const control = CONTROLS[char];
  if (control !== undefined) return { type: "byte", byte: control };
  if (LETTERS.includes(char)) {
    if (char === "N" && scanner.peek() === "{") checkBraceAfterN(scanner);
    return { type: "letter", letter: char };
  }
  if (isDigit(char)) return readDigitEscape(scanner, char, groupCount, inClass);
  switch (char) {
    case "g":
      return inClass ? { type: "byte", byte: 0x67 } : readGroupReference(scanner, groupCount);
    case "o":
      return { type: "byte", byte: readBraced(scanner, 8, "\\o") };
    case "x":
      return { type: "byte", byte: scanner.peek() === "{" ? readBraced(scanner, 16, "\\x") : readHexDigits(scanner) };
    case "c":
      return { type: "byte", byte: readControl(scanner) };
    default:
      if (/[A-Za-z]/.test(char)) scanner.refuse(`unknown escape "\\${char}"`);
      return { type: "byte", byte: char.charCodeAt(0) };
  }
}

/** `\N{` must be a repeat; a character by its Unicode name or number needs UTF. */
function checkBraceAfterN(scanner: Scanner): void {
  const start = scanner.position;
  scanner.position++;
  if (!scanner.readRepeatCounts()) scanner.refuse("\\N{…} names no character here");
  scanner.position = start;
}

/** `\1` to `\9`, and higher numbers that exist, are references; the rest are octal, or the digits 8 and 9 themselves. */
function readDigitEscape(scanner: Scanner, first: string, groupCount: number, inClass: boolean): Escape {
  const start = scanner.position;
  if (!inClass && first !== "0") {
    while (isDigit(scanner.peek())) scanner.position++;
    const number = Number(scanner.text.slice(start - 1, scanner.position));
    if (number < 214_748_364 && (number < 10 || first >= "8" || number <= groupCount)) {
      if (number > 65_535) scanner.refuse("group number too big");
      return { type: "reference", number };
    }
    scanner.position = start;
  }
  if (first >= "8") return { type: "byte", byte: first.charCodeAt(0) };
  let value = Number(first);
  for (let i = 0; i < 2 && /[0-7]/.test(scanner.peek()); i++) value = value * 8 + Number(scanner.next());
  if (value > 255) scanner.refuse("octal value above \\377");
  return { type: "byte", byte: value };
}

function readGroupReference(scanner: Scanner, groupCount: number): Escape {
  const char = scanner.peek();
  if (char === "<" || char === "'") return { type: "letter", letter: "g" };
  const braced = char === "{";
  const start = scanner.position;
  if (braced) scanner.position++;
  const number = scanner.readGroupNumber(groupCount);
  if (number === null) {
    scanner.position = start;
    if (!braced) scanner.refuse("\\g without a number or a name");
    return { type: "letter", letter: "k" };
  }
  if (braced) scanner.expect("}", "\\g{…} not closed");
  if (number === 0) scanner.refuse("reference to group 0");
  return { type: "reference", number };
}

function readBraced(scanner: Scanner, radix: 8 | 16, name: string): number {
  scanner.expect("{", `${name} without "{"`);
  const end = scanner.text.indexOf("}", scanner.position);
  const digits = end < 0 ? "" : scanner.text.slice(scanner.position, end);
  const wellFormed = radix === 8 ? /^[0-7]+$/ : /^[0-9A-Fa-f]+$/;
  if (!wellFormed.test(digits)) scanner.refuse(`malformed ${name}{…}`);
  const value = Number.parseInt(digits, radix);
  if (value > 255) scanner.refuse(`${name}{${digits}} is above one byte`);
  scanner.position = end + 1;
  return value;
}

function readHexDigits(scanner: Scanner): number {
  const digits = /^[0-9A-Fa-f]{0,2}/.exec(scanner.text.slice(scanner.position, scanner.position + 2))![0];
  scanner.position += digits.length;
  return digits === "" ? 0 : Number.parseInt(digits, 16);
}

function readControl(scanner: Scanner): number {
  const char = scanner.next().toUpperCase();
  if (!/^[ -~]$/.test(char)) scanner.refuse("\\c needs a printable ASCII character");
  return char.charCodeAt(0) ^ 0x40;
}
