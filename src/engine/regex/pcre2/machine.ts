/**
 * The matching machine: PCRE2's interpreter (`pcre2_match.c`), backtracking with a stack of frames of its own.
 *
 * Every frame that is pushed counts as a step. At 10,000,000 steps from one start the real engine gives up, and its
 * caller takes that for "no match"; so it is here, at the same step. That bounds any pattern on any subject.
 */
import { Attempt } from "./attempt.js";
import { DeadEnds, passDeadEnds, stepsAt } from "./dead-ends.js";
import { execute } from "./execute.js";
import { BACK_TO_LAZY, CAPTURES, FOUND, GIVE_UP, GO_ON, MATCH, MATCH_START, NO_MATCH, RETURN, TOP } from "./frame.js";
import type { Program } from "./program.js";
import { resume } from "./resume.js";

/** A pattern that is tried less often than this is matched without finding its dead ends. */
const MANY_ATTEMPTS = 100;

/** What the last successful attempt found. */
export class Machine {
  /** Offsets of start and end, then of the groups; `UNSET` for groups not set. */
  readonly captures: Int32Array;
  /** Highest group set. */
  highest = 0;
  /** How often a limit was hit. */
  giveUps = 0;
  /** Of all attempts that did not give up. */
  steps = 0;
  /** Steps from one start. */
  matchLimit: number;
  readonly #run: Attempt;
  readonly #depthLimit: number;
  /** Null until there is reason to look for them. */
  #deadEnds: DeadEnds | null = null;
  #attempts = 0;
  readonly #manyAttempts: number;

  /** @param manyAttempts after so many its dead ends are found */
  constructor(program: Program, manyAttempts = MANY_ATTEMPTS) {
    this.#manyAttempts = manyAttempts;
    this.matchLimit = program.settings.matchLimit;
    this.captures = new Int32Array(2 * program.groupCount + 2);
    this.#run = new Attempt(program);
    this.#depthLimit = program.settings.depthLimit;
  }

  /** After `SKIP`: the offset to go on from. */
  get skipOffset(): number {
    return this.#run.skipOffset;
  }

  /** `(*SKIP:name)` verbs that the last attempt met. */
  get namedSkips(): number {
    return this.#run.namedSkips;
  }

  /** How many of the first of them are to be ignored. */
  set ignoredSkips(count: number) {
    this.#run.ignoredSkips = count;
  }

  /** Attempts a match that starts at an offset. */
  attempt(subject: Uint8Array, end: number, start: number): number {
    const run = this.#run;
    if (this.#attempts++ === this.#manyAttempts) this.#deadEnds = new DeadEnds(run.program);
    run.begin(subject, end, start);
    const result = this.#try(subject, end);
    run.release();
    return result;
  }

  #try(subject: Uint8Array, end: number): number {
    const { matchLimit } = this;
    const run = this.#run;
    const deadEnds = this.#deadEnds;
    if (matchLimit < 1 || this.#depthLimit < 1) return GIVE_UP;
    const deepest = (this.#depthLimit - 1) * run.frameSize;
    let steps = 1;
    /** Where in the code the next frame goes on, or `GO_ON`. */
    let ahead = GO_ON;
    for (;;) {
      let result = NO_MATCH;
      /** The frame that is about to be pushed would find nothing: it is counted, with those that it would push. */
      let stillborn = false;
      if (ahead >= 0) {
        if (steps++ >= matchLimit || run.frame >= deepest) return GIVE_UP;
        const deadEnd = deadEnds === null ? null : deadEnds.at(ahead);
        if (deadEnd !== null && (run.offset >= end || deadEnd.set[subject[run.offset]!] === 0)) {
          steps += stepsAt(deadEnd, subject, end, run.offset);
          if (run.frames[run.frame + RETURN] === BACK_TO_LAZY) steps += passDeadEnds(run, deadEnd);
          if (steps > matchLimit) return GIVE_UP;
          run.groupFrame = 0;
          stillborn = true;
        } else if (!run.push(ahead)) return GIVE_UP;
      }
      if (!stillborn) {
        result = execute(run);
        if (result >= 0) {
          ahead = result;
          continue;
        }
        if (result === FOUND) {
          this.steps += steps;
          this.#keepResult();
          return MATCH;
        }
        if (result === GIVE_UP) return GIVE_UP;
      }
      // Return from frame to frame until one has something else to try.
      for (;;) {
        if (stillborn) stillborn = false;
        else if (run.frame > 0) run.pop();
        else {
          this.steps += steps;
          return result;
        }
        ahead = resume(run, result);
        if (ahead >= GO_ON) break;
        result = ahead;
      }
    }
  }

  /** Copies offsets out of the stack; captures above the highest one set do not count. */
  #keepResult(): void {
    const { frames, frame, offset } = this.#run;
    const top = frames[frame + TOP]!;
    this.captures[0] = frames[frame + MATCH_START]!;
    this.captures[1] = offset;
    for (let i = 0; i < top; i++) this.captures[i + 2] = frames[frame + CAPTURES + i]!;
    this.highest = top / 2;
  }
}
