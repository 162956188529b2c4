/** Steps of the matching machine that stand on their own. */
import { LOWER } from "../ascii.js";
import { CAPTURES, TOP, UNSET } from "./frame.js";
import * as op from "./operations.js";

/** Where a conditional group goes on when its condition does not hold: its other branch, or its end. */
export function otherBranch(code: Int32Array, conditional: number): number {
  const next = code[conditional + 1]!;
  return code[next] === op.ALTERNATIVE ? next + op.WIDTH : next;
}

/** `(*THEN)` makes the next branch be tried, of the innermost group around it that has branches. */
export function thenStaysIn(code: Int32Array, branch: number, next: number, verbPc: number): boolean {
  return verbPc < next && (code[branch] === op.ALTERNATIVE || code[next] === op.ALTERNATIVE);
}

export function takeCaptures(frames: Int32Array, frame: number, from: number): void {
  const top = frames[from + TOP]!;
  for (let i = 0; i < top; i++) frames[frame + CAPTURES + i] = frames[from + CAPTURES + i]!;
  frames[frame + TOP] = top;
}

/** Slot of the first group in the list that is set, else of the last. */
export function referredSlot(groups: readonly number[], frames: Int32Array, frame: number): number {
  let slot = 0;
  for (const number of groups) {
    slot = 2 * number - 2;
    if (slot < frames[frame + TOP]! && frames[frame + CAPTURES + slot] !== UNSET) break;
  }
  return slot;
}

/** Offset behind a repetition of what a group has captured; -1 where there is none, or the group is unset. */
export function matchReference(
  frames: Int32Array,
  captured: number,
  slot: number,
  subject: Uint8Array,
  offset: number,
  end: number,
  caseless: boolean,
): number {
  const top = frames[captured - slot - CAPTURES + TOP]!;
  if (slot >= top || frames[captured] === UNSET) return -1;
  const from = frames[captured]!;
  const length = frames[captured + 1]! - from;
  if (length > end - offset) return -1;
  for (let i = 0; i < length; i++) {
    const left = subject[from + i]!;
    const right = subject[offset + i]!;
    if (left !== right && !(caseless && LOWER[left] === LOWER[right])) return -1;
  }
  return offset + length;
}

/** Offset behind a newline sequence (`\R`) or a grapheme cluster (`\X`), or -1. */
export function stepWide(kind: number, subject: Uint8Array, offset: number, end: number, narrow: boolean): number {
  if (offset >= end) return -1;
  if (kind === op.CLUSTER) {
    let next = offset + 1;
    while (next < end && isJoined(subject, next)) next++;
    return next;
  }
  const char = subject[offset]!;
  if (char === 13) return offset + (offset + 1 < end && subject[offset + 1] === 10 ? 2 : 1);
  if (char === 10) return offset + 1;
  if (narrow) return -1;
  return char === 11 || char === 12 || char === 0x85 ? offset + 1 : -1;
}

/** The offset in front of the newline sequence or grapheme cluster that ends here. */
export function stepWideBack(kind: number, subject: Uint8Array, offset: number, least: number): number {
  let before = offset - 1;
  if (kind === op.CLUSTER) while (before > least && isJoined(subject, before)) before--;
  else if (before > least && isCrLf(subject, before)) before--;
  return before;
}

/** Is the byte of one cluster with the one before it? Of all pairs of bytes that is CR LF, and two of `©` and `®`. */
function isJoined(subject: Uint8Array, offset: number): boolean {
  return isCrLf(subject, offset) || (isPictograph(subject[offset]!) && isPictograph(subject[offset - 1]!));
}

function isCrLf(subject: Uint8Array, offset: number): boolean {
  return subject[offset] === 10 && subject[offset - 1] === 13;
}

function isPictograph(char: number): boolean {
  return char === 0xa9 || char === 0xae;
}
