/**
 * The compiled form of a pattern, instruction by instruction as PCRE2 lays it out. Only so do the optimizations that
 * it makes, and the number of steps that it counts against its limit, come out the same.
 */
import type { Anchor, CharNode, RepeatMode } from "./syntax.js";

/** How a bracketed group behaves; `plain` and `capture` as in the tree, `assertion` kinds by what they look at. */
export type BracketKind =
  | "plain"
  | "capture"
  | "atomic"
  | "conditional"
  | "lookahead"
  | "negative-lookahead"
  | "nonatomic-lookahead"
  | "lookbehind"
  | "negative-lookbehind"
  | "nonatomic-lookbehind";

export interface Bracket {
  readonly op: "bracket";
  kind: BracketKind;
  readonly number: number;
  /** It is repeated without limit and may match nothing. */
  mayBeEmpty: boolean;
  /** It is repeated possessively. */
  possessive: boolean;
  /** Distance to the next `alternative` or `ket` of this group. */
  link: number;
}

export interface Alternative {
  readonly op: "alternative";
  link: number;
}

export interface Ket {
  readonly op: "ket";
  repeat: RepeatMode | "none";
  /** Distance back to the bracket. */
  link: number;
}

/** The test of a conditional group; assertions are instructions of their own. */
export interface ConditionTest {
  readonly op: "condition";
  readonly test: "groups" | "recursions" | "true" | "false";
  /** Groups that may be set, or whose recursion may be under way; `ANY_RECURSION` stands for all. */
  readonly groups: readonly number[];
}

export const ANY_RECURSION = -1;

export interface Backreference {
  readonly op: "backreference";
  /** The first of these that is set counts. */
  readonly groups: readonly number[];
  readonly byDuplicateName: boolean;
  readonly caseless: boolean;
  readonly min: number;
  readonly max: number;
  /** Null when it is not repeated. */
  readonly mode: RepeatMode | null;
}

/** A repeated single character. */
export interface CharRepeat {
  readonly op: "repeat";
  readonly item: CharNode;
  readonly min: number;
  readonly max: number;
  mode: RepeatMode;
}

export type Verb = "MARK" | "COMMIT" | "PRUNE" | "SKIP" | "THEN" | "FAIL" | "ACCEPT" | "ASSERT_ACCEPT";

export type Instruction =
  | Bracket
  | Alternative
  | Ket
  | ConditionTest
  | Backreference
  | CharRepeat
  | { readonly op: "item"; readonly item: CharNode }
  | { readonly op: "recursion"; readonly number: number }
  | { readonly op: "reverse"; readonly length: number }
  /** Before a group that may be left out; `skip`: it is only there to be called. */
  | { readonly op: "zero"; mode: RepeatMode | "skip" }
  | { readonly op: "anchor"; readonly anchor: Anchor }
  | { readonly op: "keep" }
  | { readonly op: "verb"; readonly verb: Verb; readonly argument: string | null }
  /** Ends a capture early, for `(*ACCEPT)`. */
  | { readonly op: "close"; readonly number: number }
  | { readonly op: "callout"; readonly size: number }
  | { readonly op: "end" };

export type Code = Instruction[];

export function isAssertion(kind: BracketKind): boolean {
  return kind.endsWith("lookahead") || kind.endsWith("lookbehind");
}

/** Index of the ket that closes the group at `index` (a bracket or an alternative). */
export function ketOf(code: readonly Instruction[], index: number): number {
  let at = index;
  for (;;) {
    const instruction = code[at]!;
    if (instruction.op !== "bracket" && instruction.op !== "alternative") return at;
    at += instruction.link;
  }
}

/** Index of the bracket that the ket at `index` closes. */
export function bracketOf(code: readonly Instruction[], index: number): number {
  return index - (code[index] as Ket).link;
}

/** Largest compiled pattern: two-byte links allow no more. */
export const MAX_CODE_SIZE = 65_536;

/** Bytes that PCRE2 would need for the instruction. */
export function sizeOf(instruction: Instruction): number {
  switch (instruction.op) {
    case "bracket":
      return instruction.kind === "capture" ? 5 : 3;
    case "alternative":
    case "ket":
    case "recursion":
    case "reverse":
    case "close":
      return 3;
    case "condition":
      return instruction.test === "true" || instruction.test === "false" ? 1 : instruction.groups.length > 1 ? 5 : 3;
    case "backreference":
      return (instruction.byDuplicateName ? 5 : 3) + (instruction.mode === null ? 0 : repeatSize(instruction, true));
    case "item":
      return itemSize(instruction.item);
    case "repeat":
      if (instruction.item.type === "class") return itemSize(instruction.item) + repeatSize(instruction, true);
      return itemSize(instruction.item) + repeatSize(instruction, false) - (instruction.item.type === "type" ? 0 : 1);
    case "verb":
      return instruction.argument === null ? 1 : 3 + instruction.argument.length;
    case "callout":
      return instruction.size;
    default:
      return 1;
  }
}

function itemSize(item: CharNode): number {
  if (item.type === "class") return item.extended ? 41 : 33;
  if (item.type === "type") return item.code === "property" ? 3 : 1;
  return 2;
}

function repeatSize({ min, max }: { min: number; max: number }, behind: boolean): number {
  const simple = (min === 0 && (max === 1 || max > 65_535)) || (min === 1 && max > 65_535);
  if (behind) return simple ? 1 : 5;
  return simple ? 1 : 3;
}
