/**
 * A token of an OS_Regex pattern in one word, and the words of all patterns side by side: what a step asks of its token
 * stands in one place, because what is scattered over memory has left the processor's caches when a pattern's turn comes.
 */

/** All that there is to say of a token. */
export type Word = number;

/** Kinds of token. `END` stands behind the last one. */
export const END = 0;
export const MARK = 1;
export const CLASS = 2;
export const LITERAL = 3;

/** Quantifiers of a class. */
export const ONCE = 0;
export const PLUS = 1;
export const STAR = 2;

const QUANTIFIER = 2;
const NEAR_END = 4;
const FINISHES = 5;
const FINISHES_REPEATING = 6;
const VALUE = 7;
const SLOT = 16;

/** @param value number of a class, byte of a literal or a mark */
export function wordOf(kind: number, quantifier: number, value: number): Word {
  return kind | (quantifier << QUANTIFIER) | (value << VALUE);
}

export const withSlot = (word: Word, slot: number): Word => word | (slot << SLOT);

export const withNearEnd = (word: Word): Word => word | (1 << NEAR_END);

export const withFinish = (word: Word, repeating: boolean): Word =>
  word | (1 << (repeating ? FINISHES_REPEATING : FINISHES));

export const kindOf = (word: Word): number => word & 3;

export const quantifierOf = (word: Word): number => (word >> QUANTIFIER) & 3;

/** Of a literal: the byte, lower-cased; above 255 for one that never matches. */
export const byteOf = (word: Word): number => (word >> VALUE) & 0x1ff;

/** Of a class: where its 256 bytes begin in `CLASS_MAP`. */
export const rowOf = (word: Word): number => byteOf(word) << 8;

/** Of a mark: its capture slot; even slots open a group, odd ones close it. */
export const slotOf = (word: Word): number => word >>> SLOT;

/** Of a class: the real engine's "pattern ends one or two bytes from here". */
export const isNearEnd = (word: Word): boolean => ((word >> NEAR_END) & 1) === 1;

/** May the match end when the subject is used up at this token? */
export const finishes = (word: Word, repeating: boolean): boolean =>
  ((word >> (repeating ? FINISHES_REPEATING : FINISHES)) & 1) === 1;

/** Words in an array that other patterns have theirs in too. */
export interface Row {
  readonly words: Int32Array;
  readonly first: number;
}

const ARRAY_SIZE = 1 << 14;
let array = new Int32Array(ARRAY_SIZE);
let used = 0;

/** Lets the words stand behind those of the pattern before. */
export function store(words: readonly Word[]): Row {
  if (used + words.length > array.length) {
    array = new Int32Array(Math.max(ARRAY_SIZE, words.length));
    used = 0;
  }
  const first = used;
  array.set(words, first);
  used += words.length;
  return { words: array, first };
}
