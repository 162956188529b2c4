/** A lower bound of the length of a match. PCRE2 attempts none where less of the subject is left. */
import type { Generated } from "./generator.js";
import type { Backreference, Bracket, Code } from "./instruction.js";
import { isAssertion, ketOf } from "./instruction.js";
import type { Parsed } from "./syntax.js";

const MAX_LENGTH = 65_535;
/** Groups looked into before PCRE2 gives up. */
const MAX_GROUPS = 1000;
/** Highest group referred back to with which PCRE2 still tries. */
const MAX_BACKREFERENCE = 128;

/** The bound; 0 when none is found. */
export function minLength(generated: Generated, parsed: Parsed): number {
  if (generated.mayBeEmpty || generated.hasAccept || generated.highestBackreference > MAX_BACKREFERENCE) return 0;
  return Math.max(0, new MinLength(generated.code, parsed.numbersMayRepeat).group(0, []));
}

class MinLength {
  readonly #code: Code;
  readonly #numbersMayRepeat: boolean;
  readonly #backreferences = new Map<number, number>();
  #groups = 0;

  constructor(code: Code, numbersMayRepeat: boolean) {
    this.#code = code;
    this.#numbersMayRepeat = numbersMayRepeat;
  }

  /**
   * The shortest branch; -1 when it is too complicated to tell.
   * @param calls brackets of the groups that are being called
   */
  group(start: number, calls: readonly number[]): number {
    const code = this.#code;
    const opening = code[start] as Bracket;
    if (opening.mayBeEmpty) return 0;
    if (this.#groups++ > MAX_GROUPS) return -1;
    let shortest = -1;
    let branch = start;
    do {
      const next = branch + (code[branch] as Bracket).link;
      const scan = new BranchScan(this, code, calls, this.#numbersMayRepeat);
      const length = scan.run(branch + 1, next);
      if (length < 0) return -1;
      if (shortest < 0 || (!scan.recursive && length < shortest)) shortest = length;
      branch = next;
    } while (code[branch]!.op === "alternative" && shortest !== 0);
    return shortest;
  }

  /** Length of a group that is referred back to; kept, right or wrong, for the next reference. */
  referred(number: number, from: number, calls: readonly number[]): { length: number; recursive: boolean } {
    const known = this.#backreferences.get(number);
    if (known !== undefined) return { length: known, recursive: false };
    const start = this.#find(number, 0);
    const unique = !this.#numbersMayRepeat || this.#find(number, ketOf(this.#code, start)) < 0;
    const found = unique ? this.called(start, from, calls) : { length: 0, recursive: false };
    if (found.length >= 0) this.#backreferences.set(number, found.length);
    return found;
  }

  /** Length of a group that is called from an index; a call from within itself counts nothing. */
  called(start: number, from: number, calls: readonly number[]): { length: number; recursive: boolean } {
    if ((from > start && from < ketOf(this.#code, start)) || calls.includes(start)) {
      return { length: 0, recursive: true };
    }
    return { length: this.group(start, [...calls, start]), recursive: false };
  }

  #find(number: number, from: number): number {
    return findCapture(this.#code, number, from);
  }
}

/** Index of the first bracket with a number, from an index on; -1 when there is none. Number 0 is the whole pattern. */
export function findCapture(code: Code, number: number, from = 0): number {
  if (number === 0) return 0;
  for (let at = from; at < code.length; at++) {
    const instruction = code[at]!;
    if (instruction.op === "bracket" && instruction.kind === "capture" && instruction.number === number) return at;
  }
  return -1;
}

/** One branch, from left to right. */
class BranchScan {
  recursive = false;
  readonly #lengths: MinLength;
  readonly #code: Code;
  readonly #calls: readonly number[];
  readonly #numbersMayRepeat: boolean;
  #length = 0;
  /** Lengths of the last capturing group and the last call, because copies of them follow each other. */
  #lastCapture = { number: -1, length: 0 };
  #lastCall = { number: -1, length: 0 };

  constructor(lengths: MinLength, code: Code, calls: readonly number[], numbersMayRepeat: boolean) {
    this.#lengths = lengths;
    this.#code = code;
    this.#calls = calls;
    this.#numbersMayRepeat = numbersMayRepeat;
  }

  run(start: number, end: number): number {
    let at = start;
    while (at < end && this.#length < MAX_LENGTH) {
      const instruction = this.#code[at]!;
      let length = 0;
      let next = at + 1;
      if (instruction.op === "item") {
        length = 1;
      } else if (instruction.op === "repeat") {
        length = instruction.min;
      } else if (instruction.op === "zero") {
        next = ketOf(this.#code, at + 1) + 1;
      } else if (instruction.op === "bracket") {
        next = ketOf(this.#code, at) + 1;
        if (isAroundCall(this.#code, at)) length = this.#call(at + 1);
        else length = this.#bracket(at, instruction);
      } else if (instruction.op === "backreference") {
        length = this.#backreference(at, instruction);
      } else if (instruction.op === "recursion") {
        length = this.#call(at);
      }
      if (length < 0) return -1;
      this.#length = Math.min(MAX_LENGTH, this.#length + length);
      at = next;
    }
    return this.#length;
  }

  #bracket(at: number, bracket: Bracket): number {
    if (isAssertion(bracket.kind)) return 0;
    if (bracket.kind === "conditional" && this.#code[at + bracket.link]!.op !== "alternative") return 0;
    if (bracket.kind !== "capture") return this.#lengths.group(at, this.#calls);
    if (this.#numbersMayRepeat || bracket.number !== this.#lastCapture.number) {
      this.#lastCapture = { number: bracket.number, length: this.#lengths.group(at, this.#calls) };
    }
    return this.#lastCapture.length;
  }

  #call(at: number): number {
    const instruction = this.#code[at]!;
    if (instruction.op !== "recursion") return 0;
    if (instruction.number === this.#lastCall.number) return this.#lastCall.length;
    const start = findCapture(this.#code, instruction.number);
    const found = this.#lengths.called(start, at, this.#calls);
    if (found.recursive) {
      this.recursive = true;
      return 0;
    }
    if (found.length >= 0) this.#lastCall = { number: instruction.number, length: found.length };
    return found.length;
  }

  #backreference(at: number, { groups, byDuplicateName, min }: Backreference): number {
    if (byDuplicateName && this.#numbersMayRepeat) return 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (const number of groups) {
      const found = this.#lengths.referred(number, at, this.#calls);
      if (found.length < 0) return -1;
      if (found.recursive) this.recursive = true;
      shortest = Math.min(shortest, found.length);
      if (shortest === 0) break;
    }
    return min * shortest;
  }
}

/** The brackets that a repeated call is wrapped in; what they hold counts at the level around them. */
function isAroundCall(code: Code, at: number): boolean {
  const bracket = code[at] as Bracket;
  if (bracket.kind !== "plain" || bracket.mayBeEmpty || bracket.possessive) return false;
  return code[at + 1]!.op === "recursion" && code[at + 2]!.op === "ket";
}
