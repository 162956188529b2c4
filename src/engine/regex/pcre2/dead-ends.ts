/**
 * Where the matching machine would turn back before it takes a byte. What it would do until then needs to be counted only,
 * because it counts against PCRE2's limit of steps.
 */
import type { Attempt } from "./attempt.js";
import { type CharSet, singleton, unite, WORD } from "./char-set.js";
import { TEMP } from "./frame.js";
import * as op from "./operations.js";
import type { Program } from "./program.js";

/** A place in the code from which nothing is found unless the next byte is of the set. */
export interface DeadEnd {
  readonly set: CharSet;
  /** Frames that are pushed until all is tried, the one at this place left out: by surroundings. */
  readonly steps: Steps;
  /** They are not the same everywhere. */
  readonly varies: boolean;
}

/** At the start of the subject or not, and at a word's boundary or not, as `surroundings` numbers them. */
type Steps = readonly [number, number, number, number];

const AT_BOUNDARY = 1;
const AT_START = 2;

/** Index of the steps that count at an offset. */
function surroundings(subject: Uint8Array, end: number, offset: number): number {
  const before = offset > 0 && WORD[subject[offset - 1]!] === 1;
  const behind = offset < end && WORD[subject[offset]!] === 1;
  return (before === behind ? 0 : AT_BOUNDARY) | (offset === 0 ? AT_START : 0);
}

const NO_BYTE: CharSet = new Uint8Array(256);
const NO_STEPS: Steps = [0, 0, 0, 0];
const AT_ONCE: DeadEnd = { set: NO_BYTE, steps: NO_STEPS, varies: false };
/** What is further away than so many instructions is not looked at. */
const FURTHEST = 200;

/** Frames that are pushed until all is tried at a dead end, the one at this place left out. */
export function stepsAt({ steps, varies }: DeadEnd, subject: Uint8Array, end: number, offset: number): number {
  return steps[varies ? surroundings(subject, end, offset) : 0]!;
}

/**
 * Of a lazy repeat that has come to a dead end, takes byte after byte as long as it is at one again.
 * @returns frames that are pushed meanwhile
 */
export function passDeadEnds(run: Attempt, deadEnd: DeadEnd): number {
  const { code, sets, subject, end, frames, frame, pc } = run;
  const taken = code[pc + 1]!;
  let left = code[pc + 3]! - frames[frame + TEMP]!;
  let { offset } = run;
  let steps = 0;
  while (left > 0 && offset < end && sets[taken + subject[offset]!] !== 0) {
    const next = offset + 1;
    if (next < end && deadEnd.set[subject[next]!] !== 0) break;
    steps += 1 + stepsAt(deadEnd, subject, end, next);
    offset = next;
    left--;
  }
  frames[frame + TEMP] = code[pc + 3]! - left;
  run.offset = offset;
  return steps;
}

/** The dead ends of one pattern, each found when it is first asked for. */
export class DeadEnds {
  /** By place in the code; `undefined` where none was asked for, null where none was found. */
  readonly #known: (DeadEnd | null | undefined)[];
  /** Instructions on the way that is looked at. */
  #distance = 0;
  readonly #code: Int32Array;
  readonly #sets: Uint8Array;

  constructor({ code, sets, hasThen, settings }: Program) {
    this.#code = code;
    this.#sets = sets;
    // What is called comes back to where it was called from, and (*THEN) to places of its own. A limit of frames in one
    // another could be hit on the way.
    const limited = settings.depthLimit < settings.matchLimit;
    const unsteady = hasThen || limited || operationsOf(code).includes(op.RECURSION);
    this.#known = new Array(code.length).fill(unsteady ? null : undefined);
  }

  at(pc: number): DeadEnd | null {
    const known = this.#known[pc];
    if (known !== undefined) return known;
    if (this.#distance === FURTHEST) return null;
    // A way that comes back here has taken no byte: it is no dead end.
    this.#known[pc] = null;
    this.#distance++;
    const found = this.#find(pc);
    this.#distance--;
    this.#known[pc] = found;
    return found;
  }

  #find(pc: number): DeadEnd | null {
    const code = this.#code;
    const next = pc + op.WIDTH;
    switch (code[pc]) {
      case op.CHAR:
        return unless(singleton(code[pc + 1]!));
      case op.CHAR_EITHER:
        return unless(union(singleton(code[pc + 1]!), singleton(code[pc + 2]!)));
      case op.SET:
        return unless(this.#set(pc));
      case op.REPEAT_GREEDY:
      case op.REPEAT_POSSESSIVE:
        return this.#repeat(pc, 0);
      case op.REPEAT_GREEDY_CLASS:
      case op.REPEAT_LAZY:
        return this.#repeat(pc, 1);
      case op.PLAIN_GROUP:
        return this.#branches(pc, false);
      case op.GROUP:
        return this.#branches(pc, true);
      case op.OPTIONAL:
        if (code[pc + 1] === op.SKIPPED) return this.at(code[pc + 2]!);
        return inTurn([this.at(next), this.at(code[pc + 2]!)], 1);
      case op.ALTERNATIVE:
        return this.at(code[pc + 1]!);
      case op.KET:
        return this.#ket(pc);
      case op.SUBJECT_START:
        return this.#where(next, (place) => (place & AT_START) !== 0);
      case op.WORD_BOUNDARY:
        return this.#where(next, (place) => (place & AT_BOUNDARY) !== 0);
      case op.NOT_WORD_BOUNDARY:
        return this.#where(next, (place) => (place & AT_BOUNDARY) === 0);
      case op.LINE_START:
      case op.SUBJECT_END_OR_NEWLINE:
      case op.SUBJECT_END:
      case op.LINE_END: {
        // Whether it holds makes no difference where nothing is counted behind it.
        const behind = this.at(next);
        return behind?.steps.every((steps) => steps === 0) ? behind : null;
      }
      case op.KEEP:
      case op.NOTHING:
        return this.at(next);
      case op.FAIL:
        return AT_ONCE;
      default:
        return null;
    }
  }

  /** @param own frames that it pushes to go on without a byte of its own */
  #repeat(pc: number, own: number): DeadEnd | null {
    const set = this.#set(pc);
    return this.#code[pc + 2]! > 0 ? unless(set) : inTurn([unless(set), this.at(pc + op.WIDTH)], own);
  }

  /** What follows is tried in some places only. */
  #where(pc: number, holds: (place: number) => boolean): DeadEnd | null {
    const behind = this.at(pc);
    return (
      behind &&
      deadEnd(
        behind.set,
        behind.steps.map((steps, place) => (holds(place) ? steps : 0)),
      )
    );
  }

  /** @param framed the last branch has a frame of its own too */
  #branches(pc: number, framed: boolean): DeadEnd | null {
    const code = this.#code;
    const branches: (DeadEnd | null)[] = [];
    let branch = pc;
    do {
      branches.push(this.at(branch + op.WIDTH));
      branch = code[branch + 1]!;
    } while (code[branch] === op.ALTERNATIVE);
    return inTurn(branches, branches.length - (framed ? 0 : 1));
  }

  #ket(pc: number): DeadEnd | null {
    const code = this.#code;
    const closing = code[pc + 2];
    const repeat = code[pc + 4];
    if (repeat === op.NOT_REPEATED) {
      return closing === op.CLOSE_PLAIN || closing === op.CLOSE_CAPTURE ? this.at(pc + op.WIDTH) : null;
    }
    return closing === op.CLOSE_PLAIN ? inTurn([this.at(code[pc + 1]!), this.at(pc + op.WIDTH)], 1) : null;
  }

  #set(pc: number): CharSet {
    const start = this.#code[pc + 1]!;
    return this.#sets.subarray(start, start + 256);
  }
}

function unless(set: CharSet): DeadEnd {
  return { set, steps: NO_STEPS, varies: false };
}

function deadEnd(set: CharSet, steps: readonly number[]): DeadEnd {
  const [first, second, third, fourth] = steps as Steps;
  return { set, steps: [first, second, third, fourth], varies: steps.some((each) => each !== first) };
}

/** All of them are tried. @param frames how many of them have a frame of their own */
function inTurn(ways: readonly (DeadEnd | null)[], frames: number): DeadEnd | null {
  let { set } = AT_ONCE;
  const sum = NO_STEPS.map(() => frames);
  for (const way of ways) {
    if (way === null) return null;
    set = union(set, way.set);
    way.steps.forEach((steps, place) => {
      sum[place]! += steps;
    });
  }
  return deadEnd(set, sum);
}

function union(left: CharSet, right: CharSet): CharSet {
  if (left === NO_BYTE) return right;
  const set = left.slice();
  unite(set, right);
  return set;
}

function operationsOf(code: Int32Array): Int32Array {
  return code.filter((_value, index) => index % op.WIDTH === 0);
}
