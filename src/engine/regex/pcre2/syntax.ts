/** The parsed form of a PCRE2 pattern: a tree in which options, escapes and comments are already resolved. */
import type { CharSet } from "./char-set.js";

/** What matches one character and can be looked up by type; names as PCRE2 writes them, `any` is `.`. */
export type CharType =
  | "\\D"
  | "\\d"
  | "\\S"
  | "\\s"
  | "\\W"
  | "\\w"
  | "any"
  | "allany"
  | "\\R"
  | "\\H"
  | "\\h"
  | "\\V"
  | "\\v"
  | "\\X"
  | "property";

export type Anchor = "^" | "^m" | "$" | "$m" | "\\A" | "\\G" | "\\Z" | "\\z" | "\\b" | "\\B";

/** A single-character item. */
export type CharNode =
  | { readonly type: "char"; readonly byte: number; readonly caseless: boolean }
  | { readonly type: "not"; readonly byte: number; readonly caseless: boolean }
  /** `extended`: it holds a Unicode property, which PCRE2's optimizer leaves alone. */
  | { readonly type: "class"; readonly set: CharSet; readonly extended: boolean }
  | { readonly type: "type"; readonly code: CharType; readonly set: CharSet };

/** A single character. */
export function isChar(node: Node): node is CharNode {
  return node.type === "char" || node.type === "not" || node.type === "class" || node.type === "type";
}

/** A group by its number or by a name, which may stand for several groups. */
export type GroupRef = number | string;

export type Condition =
  | { readonly type: "group"; readonly ref: GroupRef }
  /** `R`, `R1`, `R&name`; number 0 is any recursion. A name `R1` that exists as a group's name means the group. */
  | { readonly type: "recursion"; readonly ref: GroupRef }
  | { readonly type: "recursion-or-group"; readonly name: string }
  | { readonly type: "define" }
  | { readonly type: "constant"; readonly value: boolean }
  /** The group's first branch begins with the assertion, perhaps behind callouts. */
  | { readonly type: "assertion" };

export type GroupKind =
  | "plain"
  | "capture"
  | "atomic"
  | "lookahead"
  | "negative-lookahead"
  | "nonatomic-lookahead"
  | "lookbehind"
  | "negative-lookbehind"
  | "nonatomic-lookbehind"
  | "conditional";

export interface GroupNode {
  readonly type: "group";
  readonly kind: GroupKind;
  /** Of a capturing group, else 0. */
  readonly number: number;
  /** Of a conditional group. */
  readonly condition: Condition | null;
  readonly branches: Node[][];
  /** Fixed length of each branch of a lookbehind, set after parsing. */
  readonly lengths: number[];
}

export type VerbName = "ACCEPT" | "FAIL" | "COMMIT" | "PRUNE" | "SKIP" | "THEN" | "MARK";

export type Node =
  | CharNode
  | GroupNode
  | { readonly type: "anchor"; readonly anchor: Anchor }
  | { readonly type: "keep" }
  | { readonly type: "backreference"; readonly ref: GroupRef; readonly caseless: boolean }
  | { readonly type: "recursion"; readonly ref: GroupRef }
  | { readonly type: "verb"; readonly name: VerbName; readonly argument: string | null }
  | { readonly type: "callout"; readonly size: number }
  | RepeatNode;

export interface RepeatNode {
  readonly type: "repeat";
  readonly item: Node;
  readonly min: number;
  /** `UNLIMITED` for no maximum. */
  readonly max: number;
  readonly mode: RepeatMode;
}

export type RepeatMode = "greedy" | "lazy" | "possessive";

/** One more than the largest count that can be written. */
export const UNLIMITED = 65_536;

export interface NamedGroup {
  readonly name: string;
  readonly number: number;
}

/** A whole pattern. */
export interface Parsed {
  readonly root: GroupNode;
  /** The highest group number. */
  readonly groupCount: number;
  /** In order of appearance; a name given twice to one number is listed once. */
  readonly names: readonly NamedGroup[];
  /** Names that stand for more than one number. */
  readonly duplicateNames: ReadonlySet<string>;
  /** `(?|` occurs, so that a number may belong to several groups. */
  readonly numbersMayRepeat: boolean;
}

/** What `(*…)` items at the very start set. */
export interface StartSettings {
  readonly newline: number;
  readonly notEmpty: boolean;
  readonly notEmptyAtStart: boolean;
  readonly autoPossess: boolean;
  readonly dotStarAnchor: boolean;
  readonly startOptimize: boolean;
  readonly matchLimit: number;
  readonly depthLimit: number;
  /** In kibibytes; infinite where the pattern sets none. */
  readonly heapLimit: number;
  /** `\R` matches CR, LF and CRLF only. */
  readonly narrowNewlineSequence: boolean;
}
