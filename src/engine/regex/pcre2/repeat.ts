/** Quantifiers: how a repeated item is laid out in code. */
import type { Bracket, Code, Instruction } from "./instruction.js";
import { bracketOf, isAssertion } from "./instruction.js";
import type { CharNode, RepeatMode } from "./syntax.js";
import { UNLIMITED } from "./syntax.js";

export interface Quantifier {
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
}

const ONE = { min: 1, max: 1 };

function isOnce({ min, max }: { min: number; max: number }): boolean {
  return min === ONE.min && max === ONE.max;
}

/** Lays out a repeated single character, the last instruction of the code. */
export function repeatItem(code: Code, item: CharNode, { min, max, mode }: Quantifier): void {
  if (isOnce({ min, max })) return;
  code.pop();
  if (max === 0) return;
  if (item.type === "class" || min === 0 || (min === 1 && max === UNLIMITED)) {
    code.push({ op: "repeat", item, min, max, mode });
    return;
  }
  // A fixed part, and a part that varies. PCRE2 has no possessive form of a type that is followed by its repeat.
  const start = code.length;
  if (min === 1) code.push({ op: "item", item });
  else code.push({ op: "repeat", item, min, max: min, mode: "greedy" });
  if (max === min) return;
  const rest = max === UNLIMITED ? UNLIMITED : max - min;
  code.push({ op: "repeat", item, min: 0, max: rest, mode });
  if (mode === "possessive" && min === 1 && item.type === "type") wrapAtomic(code, start);
}

/** Lays out a repeated backreference, the last instruction of the code. */
export function repeatBackreference(code: Code, quantifier: Quantifier): void {
  if (isOnce(quantifier)) return;
  const reference = code.pop()!;
  if (quantifier.max === 0 || reference.op !== "backreference") return;
  const { min, max, mode } = quantifier;
  code.push({ ...reference, min, max, mode: mode === "possessive" ? "greedy" : mode });
  if (mode === "possessive") wrapAtomic(code, code.length - 1);
}

/** Lays out a repeated call of a group, the last instruction of the code: copies, the last in brackets of its own. */
export function repeatRecursion(code: Code, { min, max, mode }: Quantifier, allow: SizeCheck): void {
  const start = code.length - 1;
  if (isOnce({ min, max }) && mode !== "possessive") return;
  let quantifier = { min, max, mode };
  if (min > 0 && !(min === 1 && max === UNLIMITED)) {
    const copies = min === max ? min - 1 : min;
    copyTail(code, start, copies, allow);
    if (min === max) {
      if (mode === "possessive") wrapAtomic(code, start);
      return;
    }
    quantifier = { min: 0, max: max === UNLIMITED ? max : max - min, mode };
  }
  const wrapped = code.length - 1;
  code.splice(wrapped, 0, bracket("plain", 2));
  code.push({ op: "ket", repeat: "none", link: 2 });
  repeatBracket(code, wrapped, quantifier, true, allow, start);
}

/** Refuses when that many copies of the instructions from an index on would make the pattern too large. */
export type SizeCheck = (start: number, copies: number) => void;

/**
 * Lays out a repeated group: the code from `start` on.
 * @param mayBeEmpty the group can match nothing
 * @param first where the whole repeated item starts, for a possessive quantifier
 */
export function repeatBracket(
  code: Code,
  start: number,
  { min, max, mode }: Quantifier,
  mayBeEmpty: boolean,
  allow: SizeCheck,
  first = start,
): void {
  const { kind } = code[start] as Bracket;
  if ((isOnce({ min, max }) && mode !== "possessive") || isNeverEntered(code, start)) return;
  const laziness = mode === "lazy" ? "lazy" : "greedy";
  const limit = isAssertion(kind) && max === UNLIMITED ? min + 1 : max;
  const nested: number[] = [];
  let group = start;
  let optional: Instruction | null = null;
  let more = limit;

  if (min === 0) {
    if (limit === 0) {
      code.splice(start, 0, { op: "zero", mode: "skip" });
      return;
    }
    optional = { op: "zero", mode: laziness };
    if (limit === 1 || limit === UNLIMITED) {
      code.splice(start, 0, optional);
    } else {
      code.splice(start, 0, optional, bracket("plain", 0));
      nested.push(start + 1);
    }
    group = start + (nested.length > 0 ? 2 : 1);
    if (limit !== UNLIMITED) more = limit - 1;
  } else {
    copyTail(code, start, min - 1, allow);
    if (limit !== UNLIMITED) more = limit - min;
  }

  if (more !== UNLIMITED) {
    const end = code.length;
    const size = min === 0 ? end - group : (end - start) / min;
    allow(end - size, more);
    for (let copy = more; copy >= 1; copy--) {
      code.push({ op: "zero", mode: laziness });
      if (copy > 1) {
        nested.push(code.length);
        code.push(bracket("plain", 0));
      }
      for (let i = 0; i < size; i++) code.push({ ...code[group + i]! });
    }
    while (nested.length > 0) closeNested(code, nested.pop()!);
    if (mode === "possessive") wrapAtomic(code, first);
    return;
  }
  repeatUnlimited(code, { mode, min, mayBeEmpty, optional, first });
}

interface UnlimitedRepeat {
  readonly mode: RepeatMode;
  readonly min: number;
  readonly mayBeEmpty: boolean;
  readonly optional: Instruction | null;
  readonly first: number;
}

/** Makes the last copy of a group repeat at its ket. */
function repeatUnlimited(code: Code, { mode, min, mayBeEmpty, optional, first }: UnlimitedRepeat): void {
  const ketIndex = code.length - 1;
  const ket = code[ketIndex]!;
  const open = bracketOf(code, ketIndex);
  const opening = code[open] as Bracket;
  if (ket.op !== "ket") return;
  // (?>…)++ is the same as (?:…)++.
  if (opening.kind === "atomic" && mode === "possessive") opening.kind = "plain";
  if (opening.kind === "atomic") {
    ket.repeat = mode;
    return;
  }
  const oneBranch = open + opening.link === ketIndex;
  opening.mayBeEmpty = mayBeEmpty || (opening.kind === "conditional" && oneBranch);
  if (mode !== "possessive") {
    ket.repeat = mode;
    return;
  }
  if (opening.kind === "conditional") {
    code.splice(open, 0, {
      ...bracket("plain", ketIndex - open + 2),
      mayBeEmpty: opening.mayBeEmpty,
      possessive: true,
    });
    code.push({ op: "ket", repeat: "possessive", link: ketIndex - open + 2 });
  } else {
    opening.possessive = true;
    ket.repeat = "possessive";
  }
  if (optional?.op === "zero") optional.mode = "possessive";
  if (min >= 2) wrapAtomic(code, first);
}

/** A conditional group whose condition is always false and which has no other branch. */
function isNeverEntered(code: Code, start: number): boolean {
  const open = code[start]!;
  const test = code[start + 1];
  if (open.op !== "bracket" || open.kind !== "conditional" || test?.op !== "condition") return false;
  return test.test === "false" && code[start + open.link]!.op === "ket";
}

function copyTail(code: Code, start: number, copies: number, allow: SizeCheck): void {
  const end = code.length;
  allow(start, copies);
  for (let copy = 0; copy < copies; copy++) {
    for (let i = start; i < end; i++) code.push({ ...code[i]! });
  }
}

function closeNested(code: Code, open: number): void {
  const link = code.length - open;
  (code[open] as Bracket).link = link;
  code.push({ op: "ket", repeat: "none", link });
}

function wrapAtomic(code: Code, start: number): void {
  const link = code.length - start + 1;
  code.splice(start, 0, bracket("atomic", link));
  code.push({ op: "ket", repeat: "none", link });
}

function bracket(kind: Bracket["kind"], link: number): Bracket {
  return { op: "bracket", kind, number: 0, mayBeEmpty: false, possessive: false, link };
}
