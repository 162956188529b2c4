/**
 * Where a match can start at all: only at the subject's start, only at the start of a line, or only at a byte that a
 * lookahead asks for. The conditions are PCRE2's, conservative ones included.
 */
import { CASELESS, type CodeUnit, NO_UNIT } from "./code-unit.js";
import type { Generated } from "./generator.js";
import type { Bracket, Code, Instruction } from "./instruction.js";
import { ketOf } from "./instruction.js";

/** Every branch starts with an anchor of the whole, or with `.*` that matches newlines too. */
export function isAnchored(generated: Generated, dotStarAnchor: boolean): boolean {
  return new StartTest(generated, "subject", dotStarAnchor).holds(0, 0, 0, false);
}

/** Every branch starts with `^` or `.*`, so that a match starts at the start of a line. */
export function isLineStart(generated: Generated, dotStarAnchor: boolean): boolean {
  return new StartTest(generated, "line", dotStarAnchor).holds(0, 0, 0, false);
}

class StartTest {
  readonly #generated: Generated;
  readonly #code: Code;
  readonly #start: "subject" | "line";
  readonly #dotStarAnchor: boolean;

  constructor(generated: Generated, start: "subject" | "line", dotStarAnchor: boolean) {
    this.#generated = generated;
    this.#code = generated.code;
    this.#start = start;
    this.#dotStarAnchor = dotStarAnchor;
  }

  /**
   * @param brackets the capturing groups around, as bits
   * @param atomic depth of atomic groups
   */
  holds(group: number, brackets: number, atomic: number, inAssertion: boolean): boolean {
    let branch = group;
    do {
      if (!this.#branchHolds(branch, brackets, atomic, inAssertion)) return false;
      branch += (this.#code[branch] as Bracket).link;
    } while (this.#code[branch]!.op === "alternative");
    return true;
  }

  #branchHolds(branch: number, brackets: number, atomic: number, inAssertion: boolean): boolean {
    const code = this.#code;
    let at = firstSignificant(code, branch + 1, false);
    let instruction = code[at]!;
    if (this.#start === "line" && isConditional(instruction) && !instruction.mayBeEmpty) {
      const behind = this.#behindCondition(at, brackets, atomic);
      if (behind === null) return false;
      at = firstSignificant(code, behind, false);
      instruction = code[at]!;
    }
    if (instruction.op === "repeat") return this.#isDotStar(instruction, brackets, atomic, inAssertion);
    if (instruction.op === "anchor") return this.#isAnchor(instruction.anchor);
    if (instruction.op !== "bracket") return false;
    switch (instruction.kind) {
      case "plain":
        return this.holds(at, brackets, atomic, inAssertion);
      case "capture": {
        const { number } = instruction;
        return this.holds(at, brackets | (number < 32 ? 1 << number : 1), atomic, inAssertion);
      }
      case "lookahead":
      case "nonatomic-lookahead":
        return this.holds(at, brackets, atomic, true);
      case "atomic":
        return this.holds(at, brackets, atomic + 1, inAssertion);
      case "conditional":
        // Without a second branch it may match nothing.
        if (this.#start === "line" || code[at + instruction.link]!.op !== "alternative") return false;
        return this.holds(at, brackets, atomic, inAssertion);
      default:
        return false;
    }
  }

  /** For a line start, an assertion as a condition must hold too; gives what comes behind it. */
  #behindCondition(conditional: number, brackets: number, atomic: number): number | null {
    let at = conditional + 1;
    if (this.#code[at]!.op === "callout") at++;
    if (this.#code[at]!.op !== "bracket" || !this.holds(at, brackets, atomic, true)) return null;
    return ketOf(this.#code, at) + 1;
  }

  #isDotStar(repeat: Instruction & { op: "repeat" }, brackets: number, atomic: number, inAssertion: boolean): boolean {
    const { item, min, max } = repeat;
    if (min !== 0 || max <= 65_535 || item.type !== "type") return false;
    if (item.code !== (this.#start === "subject" ? "allany" : "any")) return false;
    const { backreferences, hasPruneOrSkip } = this.#generated;
    return (brackets & backreferences) === 0 && atomic === 0 && !hasPruneOrSkip && !inAssertion && this.#dotStarAnchor;
  }

  #isAnchor(anchor: string): boolean {
    if (this.#start === "line") return anchor === "^" || anchor === "^m";
    return anchor === "\\A" || anchor === "\\G" || anchor === "^";
  }
}

/** The byte that lookaheads at the start of all branches ask for. */
export function assertedFirst(code: Code, group = 0, assertions = 0): CodeUnit {
  let unit = NO_UNIT;
  let branch = group;
  do {
    const at = firstSignificant(code, branch + 1, true);
    const instruction = code[at]!;
    const found = assertedBy(code, at, instruction, assertions);
    if (!found) return NO_UNIT;
    if (unit === NO_UNIT) unit = found;
    else if (unit.byte !== found.byte) return NO_UNIT;
    else if (instruction.op === "bracket" && unit.flags !== found.flags) return NO_UNIT;
    branch += (code[branch] as Bracket).link;
  } while (code[branch]!.op === "alternative");
  return unit;
}

function assertedBy(code: Code, at: number, instruction: Instruction, assertions: number): CodeUnit | null {
  if (instruction.op === "bracket") {
    const { kind, mayBeEmpty } = instruction;
    const isLookahead = kind === "lookahead" || kind === "nonatomic-lookahead";
    if (!isLookahead && kind !== "plain" && kind !== "capture" && kind !== "atomic") return null;
    if (kind === "plain" && mayBeEmpty) return null;
    const found = assertedFirst(code, at, assertions + (isLookahead ? 1 : 0));
    return found === NO_UNIT ? null : found;
  }
  if (assertions === 0) return null;
  const isItem = instruction.op === "item" || (instruction.op === "repeat" && instruction.min > 0);
  if (!isItem || instruction.item.type !== "char") return null;
  return { byte: instruction.item.byte, flags: instruction.item.caseless ? CASELESS : 0 };
}

function isConditional(instruction: Instruction): instruction is Bracket {
  return instruction.op === "bracket" && instruction.kind === "conditional";
}

/** Steps over what does not bear on how a branch starts. */
function firstSignificant(code: Code, start: number, skipAssertions: boolean): number {
  let at = start;
  for (;;) {
    const instruction = code[at]!;
    switch (instruction.op) {
      case "bracket": {
        if (skipAssertions && isSkippedAssertion(instruction)) {
          at = ketOf(code, at) + 1;
          continue;
        }
        const test = code[at + 1]!;
        const isDefine = isConditional(instruction) && test.op === "condition" && test.test === "false";
        if (!isDefine || code[at + instruction.link]!.op !== "ket") return at;
        at += instruction.link + 1;
        continue;
      }
      case "anchor":
        if (!skipAssertions || (instruction.anchor !== "\\b" && instruction.anchor !== "\\B")) return at;
        at++;
        continue;
      case "zero":
        if (instruction.mode !== "skip") return at;
        // PCRE2 steps over the first branch only; what it then takes for the start can be the second one.
        at += 2 + (code[at + 1] as Bracket).link;
        continue;
      case "verb":
        if (instruction.argument === null) return at;
        at++;
        continue;
      case "callout":
      case "condition":
        at++;
        continue;
      default:
        return at;
    }
  }
}

function isSkippedAssertion({ kind }: Bracket): boolean {
  return kind === "negative-lookahead" || kind.endsWith("lookbehind");
}
