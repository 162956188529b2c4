/**
 * Auto-possessification: a repeat need not be tried with fewer characters where what follows cannot match one of its
 * characters. It changes how many steps are counted against the match limit, so the cases in which PCRE2 sees it (and
 * those which it does not see) are kept. It changes a match only where the table errs: `\S` and `\h` have the byte A0 in
 * common, `\S` and `\v` the byte 85.
 */
import { complement, DIGIT, disjoint, otherCase, SPACE, WORD } from "./char-set.js";
import type { CharRepeat, Code } from "./instruction.js";
import { bracketOf, ketOf } from "./instruction.js";
import type { Anchor, CharNode, CharType } from "./syntax.js";

/** Comparisons made for one pattern before PCRE2 leaves the rest of it alone. */
const MAX_COMPARISONS = 1000;

/** Columns of the table below. */
const COLUMNS = ["\\D", "\\d", "\\S", "\\s", "\\W", "\\w", "any", "allany", "\\R", "\\H", "\\h", "\\V", "\\v", "\\X"];
const ANCHOR_COLUMNS = ["\\Z", "\\z", "$", "$m"];

/** May a repeat of the row's type be possessive before the column's? (`allany`, and `.` are apart from each other.) */
const TABLE: Readonly<Partial<Record<CharType, string>>> = {
  //       \D \d \S \s \W \w  .  .+ \R \H \h \V \v \X  \Z \z $ $m
  "\\D": "010000000000000100",
  "\\d": "100110001010101111",
  "\\S": "000100001010101111",
  "\\s": "011001000000000100",
  "\\W": "010001000000000100",
  "\\w": "000110001010101111",
  any: "000000001000000100",
  allany: "000000000000000100",
  "\\R": "010101100010000100",
  "\\H": "000000000010000100",
  "\\h": "011001001100100100",
  "\\V": "000000001000100100",
  "\\v": "011001000011000100",
  "\\X": "000000000000000100",
};

/** What a repeat is compared with: something that matches a character, or asserts the end. */
type Follower =
  | { readonly kind: "item"; readonly item: CharNode; readonly mayBeEmpty: boolean }
  | { readonly kind: "anchor"; readonly anchor: Anchor; readonly mayBeEmpty: false };

/** Makes repeats of single characters possessive, in place, where PCRE2 does. */
export function autoPossess(code: Code, hasRecursion: boolean): void {
  const comparison = new Comparison(code, hasRecursion);
  code.forEach((instruction, index) => {
    if (instruction.op !== "repeat" || instruction.mode === "possessive") return;
    if (instruction.item.type !== "class" && instruction.min === instruction.max) return;
    if (comparison.canPossess(index)) instruction.mode = "possessive";
  });
}

class Comparison {
  readonly #code: Code;
  readonly #hasRecursion: boolean;
  #left = MAX_COMPARISONS;

  constructor(code: Code, hasRecursion: boolean) {
    this.#code = code;
    this.#hasRecursion = hasRecursion;
  }

  canPossess(index: number): boolean {
    const repeat = this.#code[index] as CharRepeat;
    return this.#compare(index + 1, repeat.item, repeat.mode === "greedy");
  }

  #compare(start: number, base: CharNode, greedy: boolean): boolean {
    if (--this.#left <= 0) return false;
    const code = this.#code;
    let at = start;
    let enteredGroup = false;
    for (;;) {
      if (code[at]!.op === "alternative") at = ketOf(code, at);
      const instruction = code[at]!;
      switch (instruction.op) {
        case "callout":
          at++;
          continue;
        case "end":
          return greedy;
        case "ket": {
          if (instruction.repeat === "greedy" || instruction.repeat === "lazy" || !greedy) return false;
          const verdict = this.#atKet(at, enteredGroup);
          if (verdict !== null) return verdict;
          at++;
          continue;
        }
        case "bracket": {
          if (!isPlainGroup(instruction)) return false;
          let next = at + instruction.link;
          at++;
          for (let alternative = code[next]!; alternative.op === "alternative"; alternative = code[next]!) {
            if (!this.#compare(at, base, greedy)) return false;
            at = next + 1;
            next += alternative.link;
          }
          enteredGroup = true;
          continue;
        }
        case "zero": {
          if (instruction.mode === "skip" || instruction.mode === "possessive") return false;
          const group = code[at + 1]!;
          if (group.op !== "bracket" || !isPlainGroup(group)) return false;
          if (!this.#compare(ketOf(code, at + 1) + 1, base, greedy)) return false;
          at++;
          continue;
        }
        default: {
          const follower = followerOf(code[at]!);
          if (!follower || !cannotMeet(base, follower)) return false;
          if (!follower.mayBeEmpty) return true;
          at++;
        }
      }
    }
  }

  /** At the end of a group: a verdict, or null when what follows the group decides. */
  #atKet(at: number, enteredGroup: boolean): boolean | null {
    const opening = this.#code[bracketOf(this.#code, at)]!;
    if (opening.op !== "bracket") return false;
    switch (opening.kind) {
      case "capture":
        return this.#hasRecursion ? false : null;
      case "lookahead":
      case "negative-lookahead":
      case "lookbehind":
      case "negative-lookbehind":
      case "atomic":
        return !enteredGroup;
      case "nonatomic-lookahead":
      case "nonatomic-lookbehind":
        return false;
      default:
        return null;
    }
  }
}

function isPlainGroup(bracket: { kind: string; mayBeEmpty: boolean; possessive: boolean }): boolean {
  if (bracket.mayBeEmpty || bracket.possessive) return false;
  return bracket.kind === "plain" || bracket.kind === "capture" || bracket.kind === "atomic";
}

function followerOf(instruction: Code[number]): Follower | null {
  if (instruction.op === "item") return { kind: "item", item: instruction.item, mayBeEmpty: false };
  if (instruction.op === "repeat") {
    const { item, min } = instruction;
    return { kind: "item", item, mayBeEmpty: min === 0 };
  }
  if (instruction.op === "anchor" && ANCHOR_COLUMNS.includes(instruction.anchor)) {
    return { kind: "anchor", anchor: instruction.anchor, mayBeEmpty: false };
  }
  return null;
}

/** Is it plain to PCRE2 that no character of the repeat can be matched by what follows? */
function cannotMeet(base: CharNode, follower: Follower): boolean {
  if (base.type === "char") return charsOf(base).every((byte) => excludes(follower, byte));
  if (follower.kind === "item" && follower.item.type === "char") {
    const other: Follower = { kind: "item", item: base, mayBeEmpty: false };
    return charsOf(follower.item).every((byte) => excludes(other, byte));
  }
  if (follower.kind === "item" && (base.type === "class" || follower.item.type === "class")) {
    return classesDisjoint(base, follower.item);
  }
  if (base.type !== "type" || (follower.kind === "item" && follower.item.type !== "type")) return false;
  const column =
    follower.kind === "anchor"
      ? COLUMNS.length + ANCHOR_COLUMNS.indexOf(follower.anchor)
      : COLUMNS.indexOf((follower.item as CharNode & { type: "type" }).code);
  return column >= 0 && TABLE[base.code]?.[column] === "1";
}

function charsOf(item: CharNode & { type: "char" | "not" }): number[] {
  const other = item.caseless ? otherCase(item.byte) : item.byte;
  return other === item.byte ? [item.byte] : [item.byte, other];
}

/** Can the follower not match this byte? */
function excludes(follower: Follower, byte: number): boolean {
  if (follower.kind === "anchor") {
    if (follower.anchor === "\\z") return true;
    if (follower.anchor === "$m") return false;
    return !(byte >= 10 && byte <= 13) && byte !== 0x85;
  }
  const { item } = follower;
  switch (item.type) {
    case "char":
      return !charsOf(item).includes(byte);
    case "not":
      return charsOf(item).includes(byte);
    case "class":
      return item.set[byte] === 0;
    case "type":
      return typeExcludes(item.code, item.set, byte);
  }
}

function typeExcludes(code: CharType, set: Uint8Array, byte: number): boolean {
  switch (code) {
    case "any":
    case "allany":
    case "\\X":
      return false;
    case "\\R":
      return !(byte >= 10 && byte <= 13) && byte !== 0x85;
    default:
      return set[byte] === 0;
  }
}

/** PCRE2 compares a class with another class, and with digits, spaces and word characters. */
function classesDisjoint(base: CharNode, follower: CharNode): boolean {
  const left = comparable(base);
  const right = comparable(follower);
  return left !== null && right !== null && disjoint(left, right);
}

function comparable(item: CharNode): Uint8Array | null {
  if (item.type === "class") return item.extended ? null : item.set;
  if (item.type !== "type") return null;
  switch (item.code) {
    case "\\d":
      return DIGIT;
    case "\\D":
      return complement(DIGIT);
    case "\\s":
      return SPACE;
    case "\\S":
      return complement(SPACE);
    case "\\w":
      return WORD;
    case "\\W":
      return complement(WORD);
    default:
      return null;
  }
}
