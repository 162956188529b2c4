/**
 * The matching machine: PCRE2's interpreter (`pcre2_match.c`), backtracking with a stack of frames of its own.
 *
 * Every frame that is pushed counts as a step. At 10,000,000 steps from one start the real engine gives up, and its
 * caller takes that for "no match"; so it is here, at the same step. That bounds any pattern on any subject.
 */
import { WORD } from "./char-set.js";
import { DeadEnds, surroundings } from "./dead-ends.js";
import {
  ACCEPTED,
  BACK,
  BACK_TO_ASSERTION,
  BACK_TO_CLASS,
  BACK_TO_CONDITION,
  BACK_TO_CONDITIONAL,
  BACK_TO_GREEDY,
  BACK_TO_GROUP,
  BACK_TO_KET,
  BACK_TO_LAZY,
  BACK_TO_LAZY_KET,
  BACK_TO_LAZY_OPTION,
  BACK_TO_LAZY_REFERENCE,
  BACK_TO_MARK,
  BACK_TO_NEGATIVE_ASSERTION,
  BACK_TO_OPTION,
  BACK_TO_PLAIN_GROUP,
  BACK_TO_POSSESSIVE_GROUP,
  BACK_TO_RECURSION,
  BACK_TO_REFERENCE,
  BACK_TO_VERB,
  BACK_TO_WIDE_GREEDY,
  BACK_TO_WIDE_LAZY,
  CAPTURE_FRAME,
  CAPTURES,
  COMMIT,
  CONDITION_FRAME,
  GIVE_UP,
  GROUP,
  GROUP_DONE,
  GROUP_FRAME,
  KEPT_FRAMES,
  KIND_MASK,
  LAST_GROUP,
  MARK,
  MATCH,
  MATCH_START,
  MAX_FRAMES,
  NO_MATCH,
  NUMBER_MASK,
  OFFSET,
  PC,
  PRUNE,
  RECURSION,
  RECURSION_FRAME,
  RETURN,
  SKIP,
  SKIP_TO_NAME,
  TEMP,
  THEN,
  TOP,
  UNSET,
} from "./frame.js";
import * as op from "./operations.js";
import type { Program } from "./program.js";
import { matchReference, otherBranch, referredSlot, stepWide, takeCaptures, thenStaysIn } from "./steps.js";

/** The stack, kept from one match to the next. */
let stack = new Int32Array(1 << 16);

/** A pattern that is tried less often than this is matched before its dead ends are found. */
const MANY_ATTEMPTS = 100;

/** What the last successful attempt found. */
export class Machine {
  /** Offsets of start and end, then of the groups; `UNSET` for groups not set. */
  readonly captures: Int32Array;
  /** Highest group set. */
  highest = 0;
  /** For `SKIP`: the offset to go on from. */
  skipOffset = 0;
  /** `(*SKIP:name)` verbs met, and how many of the first are to be ignored. */
  namedSkips = 0;
  ignoredSkips = 0;
  /** How often a limit was hit. */
  giveUps = 0;
  /** Steps from one start. */
  matchLimit: number;
  readonly #program: Program;
  readonly #frameSize: number;
  /** Null until there is reason to look for them. */
  #deadEnds: DeadEnds | null = null;
  #attempts = 0;

  constructor(program: Program) {
    this.#program = program;
    this.matchLimit = program.settings.matchLimit;
    this.#frameSize = CAPTURES + 2 * program.groupCount;
    this.captures = new Int32Array(2 * program.groupCount + 2);
  }

  /** Attempts a match that starts at an offset. */
  attempt(subject: Uint8Array, end: number, start: number): number {
    const { code, sets, groupLists, names, hasThen, settings } = this.#program;
    const { matchLimit } = this;
    const { newline, depthLimit, narrowNewlineSequence } = settings;
    const frameSize = this.#frameSize;
    if (++this.#attempts === MANY_ATTEMPTS) this.#deadEnds = new DeadEnds(this.#program);
    const deadEnds = this.#deadEnds;
    if (stack.length > KEPT_FRAMES) stack = new Int32Array(KEPT_FRAMES);
    let frames = stack;
    let steps = 0;
    let acceptFrame = 0;
    let verbPc = 0;
    let verbRecursion = UNSET;
    let skipName = -1;
    this.namedSkips = 0;

    let frame = 0;
    let pc = 0;
    let offset = start;
    /** Where the next frame starts; below 0 when no frame is to be pushed. */
    let target = -1;
    let groupFrame = 0;
    let result = NO_MATCH;

    frames.fill(UNSET, 0, frameSize);
    frames[MATCH_START] = start;
    frames[TOP] = 0;
    frames[GROUP] = 0;
    steps++;
    if (matchLimit < 1 || depthLimit < 1) return GIVE_UP;
    const deepest = depthLimit * frameSize;
    /** The frame that is about to be pushed would find nothing: it is counted, with those that it would push, not pushed. */
    let stillborn = false;

    main: for (;;) {
      if (target >= 0) {
        const next = frame + frameSize;
        if (steps++ >= matchLimit || next >= deepest) return GIVE_UP;
        const deadEnd = deadEnds === null ? null : deadEnds.at(target);
        if (deadEnd !== null && (offset >= end || deadEnd.set[subject[offset]!] === 0)) {
          steps += deadEnd.steps[deadEnd.varies ? surroundings(subject, end, offset) : 0]!;
          if (steps > matchLimit) return GIVE_UP;
          stillborn = true;
        }
      }
      if (stillborn) {
        groupFrame = 0;
      } else if (target >= 0) {
        const next = frame + frameSize;
        if (next + frameSize > frames.length) {
          if (frames.length >= MAX_FRAMES) return GIVE_UP;
          stack = new Int32Array(frames.length * 2);
          stack.set(frames);
          frames = stack;
        }
        frames[frame + PC] = pc;
        frames[frame + OFFSET] = offset;
        for (let i = OFFSET; i < frameSize; i++) frames[next + i] = frames[frame + i]!;
        frame = next;
        frames[frame + GROUP] = groupFrame;
        frames[frame + BACK] = frameSize;
        if (groupFrame !== 0) {
          frames[frame + LAST_GROUP] = frame;
          if ((groupFrame & KIND_MASK) === RECURSION_FRAME) frames[frame + RECURSION] = groupFrame & NUMBER_MASK;
          groupFrame = 0;
        }
        pc = target;
      }
      target = -1;

      result = NO_MATCH;
      run: while (!stillborn) {
        switch (code[pc]) {
          case op.CHAR:
            if (offset >= end || subject[offset] !== code[pc + 1]) break run;
            offset++;
            break;

          case op.CHAR_EITHER: {
            if (offset >= end) break run;
            const char = subject[offset];
            if (char !== code[pc + 1] && char !== code[pc + 2]) break run;
            offset++;
            break;
          }

          case op.SET:
            if (offset >= end || sets[code[pc + 1]! + subject[offset]!] === 0) break run;
            offset++;
            break;

          case op.NEWLINE_SEQUENCE:
          case op.CLUSTER: {
            const next = stepWide(code[pc]!, subject, offset, end, narrowNewlineSequence);
            if (next < 0) break run;
            offset = next;
            break;
          }

          case op.REPEAT_GREEDY:
          case op.REPEAT_GREEDY_CLASS:
          case op.REPEAT_LAZY:
          case op.REPEAT_POSSESSIVE: {
            const operation = code[pc];
            const set = code[pc + 1]!;
            const min = code[pc + 2]!;
            const max = code[pc + 3]!;
            if (end - offset < min) break run;
            const least = offset + min;
            while (offset < least) {
              if (sets[set + subject[offset]!] === 0) break run;
              offset++;
            }
            if (operation === op.REPEAT_LAZY) {
              frames[frame + TEMP] = min;
              frames[frame + RETURN] = BACK_TO_LAZY;
              target = pc + op.WIDTH;
              continue main;
            }
            const most = max - min < end - offset ? offset + (max - min) : end;
            while (offset < most && sets[set + subject[offset]!] === 1) offset++;
            if (operation === op.REPEAT_POSSESSIVE) break;
            if (operation === op.REPEAT_GREEDY) {
              if (offset === least) break;
              frames[frame + RETURN] = BACK_TO_GREEDY;
            } else {
              frames[frame + RETURN] = BACK_TO_CLASS;
            }
            frames[frame + TEMP] = least;
            target = pc + op.WIDTH;
            continue main;
          }

          case op.NEWLINE_REPEAT:
          case op.CLUSTER_REPEAT: {
            const kind = code[pc] === op.NEWLINE_REPEAT ? op.NEWLINE_SEQUENCE : op.CLUSTER;
            const mode = code[pc + 1];
            const min = code[pc + 2]!;
            const max = code[pc + 3]!;
            for (let count = 0; count < min; count++) {
              const next = stepWide(kind, subject, offset, end, narrowNewlineSequence);
              if (next < 0) break run;
              offset = next;
            }
            if (min === max) break;
            if (mode === op.LAZY) {
              frames[frame + TEMP] = min;
              frames[frame + RETURN] = BACK_TO_WIDE_LAZY;
              target = pc + op.WIDTH;
              continue main;
            }
            const least = offset;
            for (let count = min; count < max; count++) {
              const next = stepWide(kind, subject, offset, end, narrowNewlineSequence);
              if (next < 0) break;
              offset = next;
            }
            if (mode === op.POSSESSIVE || offset === least) break;
            frames[frame + TEMP] = least;
            frames[frame + RETURN] = BACK_TO_WIDE_GREEDY;
            target = pc + op.WIDTH;
            continue main;
          }

          case op.BACKREFERENCE: {
            const slot = referredSlot(groupLists[code[pc + 1]!]!, frames, frame);
            const next = matchReference(
              frames,
              frame + CAPTURES + slot,
              slot,
              subject,
              offset,
              end,
              code[pc + 2] === 1,
            );
            if (next < 0) break run;
            offset = next;
            break;
          }

          case op.BACKREFERENCE_REPEAT: {
            const slot = referredSlot(groupLists[code[pc + 1]!]!, frames, frame);
            const caseless = code[pc + 2] === 1;
            const min = code[pc + 3]!;
            const max = code[pc + 4]!;
            const mode = code[pc + 5];
            const captured = frame + CAPTURES + slot;
            if (slot < frames[frame + TOP]! && frames[captured] !== UNSET) {
              if (frames[captured] === frames[captured + 1]) break;
            } else if (min === 0) {
              break;
            }
            for (let count = 0; count < min; count++) {
              const next = matchReference(frames, captured, slot, subject, offset, end, caseless);
              if (next < 0) break run;
              offset = next;
            }
            if (min === max) break;
            frames[frame + TEMP + 1] = slot;
            if (mode === op.LAZY) {
              frames[frame + TEMP] = min;
              frames[frame + RETURN] = BACK_TO_LAZY_REFERENCE;
              target = pc + op.WIDTH;
              continue main;
            }
            frames[frame + TEMP] = offset;
            for (let count = min; count < max; count++) {
              const next = matchReference(frames, captured, slot, subject, offset, end, caseless);
              if (next < 0) break;
              offset = next;
            }
            frames[frame + RETURN] = BACK_TO_REFERENCE;
            target = pc + op.WIDTH;
            continue main;
          }

          case op.PLAIN_GROUP: {
            // Only the last branch needs no frame to come back to.
            const next = code[pc + 1]!;
            if (hasThen || frame === 0) {
              frames[frame + TEMP] = 0;
              frames[frame + RETURN] = BACK_TO_GROUP;
              target = pc + op.WIDTH;
              continue main;
            }
            if (code[next] === op.ALTERNATIVE) {
              frames[frame + RETURN] = BACK_TO_PLAIN_GROUP;
              target = pc + op.WIDTH;
              continue main;
            }
            break;
          }

          case op.GROUP: {
            const number = code[pc + 2]!;
            groupFrame = number > 0 ? CAPTURE_FRAME | number : GROUP_FRAME;
            frames[frame + TEMP] = groupFrame;
            frames[frame + RETURN] = BACK_TO_GROUP;
            target = pc + op.WIDTH;
            continue main;
          }

          case op.OPTIONAL:
            switch (code[pc + 1]) {
              case op.GREEDY:
                frames[frame + RETURN] = BACK_TO_OPTION;
                target = pc + op.WIDTH;
                continue main;
              case op.LAZY:
                frames[frame + RETURN] = BACK_TO_LAZY_OPTION;
                target = code[pc + 2]!;
                continue main;
              case op.SKIPPED:
                pc = code[pc + 2]!;
                continue run;
              default: {
                pc += op.WIDTH;
                const number = code[pc + 2]!;
                groupFrame = number > 0 ? CAPTURE_FRAME | number : GROUP_FRAME;
                frames[frame + TEMP] = groupFrame;
                frames[frame + TEMP + 1] = 1;
                frames[frame + TEMP + 2] = offset;
                frames[frame + TEMP + 3] = pc;
                frames[frame + RETURN] = BACK_TO_POSSESSIVE_GROUP;
                target = pc + op.WIDTH;
                continue main;
              }
            }

          case op.POSSESSIVE_GROUP: {
            const number = code[pc + 2]!;
            groupFrame = number > 0 ? CAPTURE_FRAME | number : GROUP_FRAME;
            frames[frame + TEMP] = groupFrame;
            frames[frame + TEMP + 1] = 0;
            frames[frame + TEMP + 2] = offset;
            frames[frame + TEMP + 3] = pc;
            frames[frame + RETURN] = BACK_TO_POSSESSIVE_GROUP;
            target = pc + op.WIDTH;
            continue main;
          }

          case op.ASSERTION:
          case op.NEGATIVE_ASSERTION:
            groupFrame = GROUP_FRAME;
            frames[frame + RETURN] = code[pc] === op.ASSERTION ? BACK_TO_ASSERTION : BACK_TO_NEGATIVE_ASSERTION;
            target = pc + op.WIDTH;
            continue main;

          case op.CONDITIONAL: {
            let test = pc + op.WIDTH;
            if (code[test] === op.NOTHING) test += op.WIDTH;
            let holds = false;
            switch (code[test]) {
              case op.CONSTANT_TEST:
                holds = code[test + 1] === 1;
                break;
              case op.FAIL:
                break;
              case op.GROUPS_TEST:
                for (const number of groupLists[code[test + 1]!]!) {
                  const slot = 2 * number - 2;
                  if (slot < frames[frame + TOP]! && frames[frame + CAPTURES + slot] !== UNSET) holds = true;
                }
                break;
              case op.RECURSIONS_TEST: {
                const current = frames[frame + RECURSION]!;
                if (current === UNSET) break;
                for (const number of groupLists[code[test + 1]!]!) if (number < 0 || number === current) holds = true;
                break;
              }
              default:
                // An assertion.
                frames[frame + TEMP] = test;
                frames[frame + TEMP + 1] = code[test] === op.ASSERTION ? 1 : 0;
                frames[frame + TEMP + 2] = test;
                groupFrame = CONDITION_FRAME;
                frames[frame + RETURN] = BACK_TO_CONDITION;
                target = test + op.WIDTH;
                continue main;
            }
            const next = holds ? test + op.WIDTH : otherBranch(code, pc);
            if (code[pc + 2] === 1) {
              groupFrame = GROUP_FRAME;
              frames[frame + RETURN] = BACK_TO_CONDITIONAL;
              target = next;
              continue main;
            }
            pc = next;
            continue run;
          }

          case op.ALTERNATIVE:
            do pc = code[pc + 1]!;
            while (code[pc] === op.ALTERNATIVE);
            continue run;

          case op.KET: {
            const open = code[pc + 1]!;
            const closing = code[pc + 2];
            let opener = -1;
            if (closing !== op.CLOSE_PLAIN) {
              const group = frames[frame + LAST_GROUP]!;
              opener = group - frameSize;
              frames[frame + LAST_GROUP] = frames[opener + LAST_GROUP]!;
              if ((frames[group + GROUP]! & KIND_MASK) === CONDITION_FRAME) {
                const top = frames[frame + TOP]!;
                for (let i = 0; i < top; i++) frames[opener + CAPTURES + i] = frames[frame + CAPTURES + i]!;
                frames[opener + TOP] = top;
                frames[opener + MARK] = frames[frame + MARK]!;
                frames[frame + BACK] = frame - opener;
                result = MATCH;
                break run;
              }
            }
            switch (closing) {
              case op.CLOSE_NONATOMIC:
                offset = frames[opener + OFFSET]!;
                break;
              case op.CLOSE_ASSERTION:
              case op.CLOSE_ATOMIC: {
                if (closing === op.CLOSE_ASSERTION) offset = frames[opener + OFFSET]!;
                // A failure from here on leaves the whole group.
                frames[frame + BACK] = frame - opener;
                let branch = frames[opener + PC]!;
                while (code[code[branch + 1]!] === op.ALTERNATIVE) branch = code[branch + 1]!;
                frames[opener + PC] = branch;
                break;
              }
              case op.CLOSE_NEGATIVE:
                result = MATCH;
                break run;
              case op.CLOSE_CAPTURE: {
                const number = code[pc + 3]!;
                if (frames[frame + RECURSION] === number) {
                  const top = frames[opener + TOP]!;
                  for (let i = 0; i < top; i++) frames[frame + CAPTURES + i] = frames[opener + CAPTURES + i]!;
                  frames[frame + TOP] = top;
                  frames[frame + RECURSION] = frames[opener + RECURSION]!;
                  pc = frames[opener + PC]! + op.WIDTH;
                  continue run;
                }
                const slot = 2 * number - 2;
                frames[frame + CAPTURES + slot] = frames[opener + OFFSET]!;
                frames[frame + CAPTURES + slot + 1] = offset;
                if (slot >= frames[frame + TOP]!) frames[frame + TOP] = slot + 2;
                break;
              }
              default:
                break;
            }
            const repeat = code[pc + 4];
            if (repeat === op.POSSESSIVE) {
              frames[frame + OFFSET] = offset;
              for (let i = OFFSET; i < frameSize; i++) frames[opener + i] = frames[frame + i]!;
              result = GROUP_DONE;
              break run;
            }
            // A group that has matched nothing is not repeated.
            if (repeat !== op.NOT_REPEATED && (opener < 0 || offset !== frames[opener + OFFSET])) {
              if (repeat === op.LAZY) {
                frames[frame + RETURN] = BACK_TO_LAZY_KET;
                target = pc + op.WIDTH;
              } else {
                frames[frame + RETURN] = BACK_TO_KET;
                target = open;
              }
              continue main;
            }
            break;
          }

          case op.RECURSION: {
            const number = code[pc + 2]!;
            if (frames[frame + RECURSION] !== UNSET) {
              let group = frames[frame + LAST_GROUP]!;
              while (group !== UNSET) {
                const caller = group - frameSize;
                if (frames[group + GROUP] === (RECURSION_FRAME | number)) {
                  if (offset === frames[caller + OFFSET]) return GIVE_UP;
                  break;
                }
                group = frames[caller + LAST_GROUP]!;
              }
            }
            frames[frame + TEMP] = code[pc + 1]!;
            frames[frame + TEMP + 1] = RECURSION_FRAME | number;
            groupFrame = RECURSION_FRAME | number;
            frames[frame + RETURN] = BACK_TO_RECURSION;
            target = code[pc + 1]! + op.WIDTH;
            continue main;
          }

          case op.REVERSE:
            if (code[pc + 1]! > offset) break run;
            offset -= code[pc + 1]!;
            break;

          case op.SUBJECT_START:
            if (offset !== 0) break run;
            break;

          case op.LINE_START:
            if (offset !== 0 && (offset === end || subject[offset - 1] !== newline)) break run;
            break;

          case op.SUBJECT_END_OR_NEWLINE:
            if (offset < end && (offset !== end - 1 || subject[offset] !== newline)) break run;
            break;

          case op.SUBJECT_END:
            if (offset < end) break run;
            break;

          case op.LINE_END:
            if (offset < end && subject[offset] !== newline) break run;
            break;

          case op.WORD_BOUNDARY:
          case op.NOT_WORD_BOUNDARY: {
            const before = offset > 0 && WORD[subject[offset - 1]!] === 1;
            const behind = offset < end && WORD[subject[offset]!] === 1;
            if ((before !== behind) !== (code[pc] === op.WORD_BOUNDARY)) break run;
            break;
          }

          case op.KEEP:
            frames[frame + MATCH_START] = offset;
            break;

          case op.FAIL:
            break run;

          case op.MARK:
            frames[frame + MARK] = code[pc + 1]!;
            frames[frame + RETURN] = BACK_TO_MARK;
            target = pc + op.WIDTH;
            continue main;

          case op.SKIP:
            if (code[pc + 1]! >= 0) {
              this.namedSkips++;
              if (this.namedSkips <= this.ignoredSkips) break;
            }
            frames[frame + RETURN] = BACK_TO_VERB;
            target = pc + op.WIDTH;
            continue main;

          case op.COMMIT:
          case op.PRUNE:
          case op.THEN:
            if (code[pc + 1]! >= 0) frames[frame + MARK] = code[pc + 1]!;
            frames[frame + RETURN] = BACK_TO_VERB;
            target = pc + op.WIDTH;
            continue main;

          case op.CLOSE:
            if (frames[frame + RECURSION] === UNSET) {
              const number = code[pc + 1]!;
              let group = frames[frame + LAST_GROUP]!;
              while (frames[group + GROUP] !== (CAPTURE_FRAME | number)) {
                group = frames[group - frameSize + LAST_GROUP]!;
              }
              const slot = 2 * number - 2;
              frames[frame + CAPTURES + slot] = frames[group - frameSize + OFFSET]!;
              frames[frame + CAPTURES + slot + 1] = offset;
              if (slot >= frames[frame + TOP]!) frames[frame + TOP] = slot + 2;
            }
            break;

          case op.NOTHING:
            break;

          case op.ASSERT_ACCEPT:
            acceptFrame = frame;
            result = ACCEPTED;
            break run;

          case op.END:
          case op.ACCEPT:
            if (frames[frame + RECURSION] !== UNSET) {
              // The call ends here, with no way back into it.
              let group = frames[frame + LAST_GROUP]!;
              while ((frames[group + GROUP]! & KIND_MASK) !== RECURSION_FRAME) {
                group = frames[group - frameSize + LAST_GROUP]!;
              }
              const caller = group - frameSize;
              frames[caller + MARK] = frames[frame + MARK]!;
              frames[caller + MATCH_START] = frames[frame + MATCH_START]!;
              frame = caller;
              pc = frames[frame + PC]! + op.WIDTH;
              continue run;
            }
            if (offset === frames[frame + MATCH_START]) {
              if (settings.notEmpty || (settings.notEmptyAtStart && offset === 0)) break run;
            }
            this.#keepResult(frames, frame, offset);
            return MATCH;

          default:
            return GIVE_UP;
        }
        pc += op.WIDTH;
      }

      // Return from frame to frame until one has something else to try.
      for (;;) {
        if (stillborn) {
          stillborn = false;
        } else {
          if (frame === 0) return result;
          frame -= frames[frame + BACK]!;
          pc = frames[frame + PC]!;
          offset = frames[frame + OFFSET]!;
        }
        switch (frames[frame + RETURN]) {
          case BACK_TO_GREEDY:
            if (result !== NO_MATCH) continue;
            pc += op.WIDTH;
            offset--;
            if (offset === frames[frame + TEMP]) continue main;
            target = pc;
            pc -= op.WIDTH;
            continue main;

          case BACK_TO_CLASS:
            if (result !== NO_MATCH) continue;
            offset--;
            if (offset < frames[frame + TEMP]!) continue;
            target = pc + op.WIDTH;
            continue main;

          case BACK_TO_LAZY:
            if (result !== NO_MATCH) continue;
            if (frames[frame + TEMP]! >= code[pc + 3]!) continue;
            frames[frame + TEMP]!++;
            if (offset >= end || sets[code[pc + 1]! + subject[offset]!] === 0) continue;
            offset++;
            target = pc + op.WIDTH;
            continue main;

          case BACK_TO_WIDE_GREEDY:
            if (result !== NO_MATCH) continue;
            offset--;
            if (offset > frames[frame + TEMP]! && subject[offset] === 10 && subject[offset - 1] === 13) offset--;
            if (offset === frames[frame + TEMP]) {
              pc += op.WIDTH;
              continue main;
            }
            target = pc + op.WIDTH;
            continue main;

          case BACK_TO_WIDE_LAZY: {
            if (result !== NO_MATCH) continue;
            if (frames[frame + TEMP]! >= code[pc + 3]!) continue;
            frames[frame + TEMP]!++;
            const kind = code[pc] === op.NEWLINE_REPEAT ? op.NEWLINE_SEQUENCE : op.CLUSTER;
            const next = stepWide(kind, subject, offset, end, narrowNewlineSequence);
            if (next < 0) continue;
            offset = next;
            target = pc + op.WIDTH;
            continue main;
          }

          case BACK_TO_REFERENCE: {
            if (result !== NO_MATCH) continue;
            const captured = frame + CAPTURES + frames[frame + TEMP + 1]!;
            offset -= frames[captured + 1]! - frames[captured]!;
            if (offset < frames[frame + TEMP]!) continue;
            target = pc + op.WIDTH;
            continue main;
          }

          case BACK_TO_LAZY_REFERENCE: {
            if (result !== NO_MATCH) continue;
            if (frames[frame + TEMP]! >= code[pc + 4]!) continue;
            frames[frame + TEMP]!++;
            const slot = frames[frame + TEMP + 1]!;
            const next = matchReference(
              frames,
              frame + CAPTURES + slot,
              slot,
              subject,
              offset,
              end,
              code[pc + 2] === 1,
            );
            if (next < 0) continue;
            offset = next;
            target = pc + op.WIDTH;
            continue main;
          }

          case BACK_TO_PLAIN_GROUP: {
            if (result !== NO_MATCH) continue;
            pc = code[pc + 1]!;
            if (code[code[pc + 1]!] === op.ALTERNATIVE) target = pc + op.WIDTH;
            else pc += op.WIDTH;
            continue main;
          }

          case BACK_TO_GROUP: {
            const next = code[pc + 1]!;
            if (result === THEN && thenStaysIn(code, pc, next, verbPc)) result = NO_MATCH;
            if (result !== NO_MATCH) continue;
            pc = next;
            if (code[pc] !== op.ALTERNATIVE) continue;
            groupFrame = frames[frame + TEMP]!;
            target = pc + op.WIDTH;
            continue main;
          }

          case BACK_TO_POSSESSIVE_GROUP: {
            if (result === GROUP_DONE) {
              const start = frames[frame + TEMP + 2]!;
              frames[frame + TEMP + 1] = 1;
              if (offset === start) {
                // An empty round ends the repetition.
                while (code[pc] !== op.KET) pc = code[pc + 1]!;
                pc += op.WIDTH;
                continue main;
              }
              pc = frames[frame + TEMP + 3]!;
            } else {
              const next = code[pc + 1]!;
              if (result === THEN && thenStaysIn(code, pc, next, verbPc)) result = NO_MATCH;
              if (result !== NO_MATCH) continue;
              pc = next;
              if (code[pc] !== op.ALTERNATIVE) {
                if (frames[frame + TEMP + 1] === 0) continue;
                pc += op.WIDTH;
                continue main;
              }
            }
            frames[frame + TEMP + 2] = offset;
            groupFrame = frames[frame + TEMP]!;
            target = pc + op.WIDTH;
            continue main;
          }

          case BACK_TO_ASSERTION:
            if (result === ACCEPTED) {
              takeCaptures(frames, frame, acceptFrame);
              frames[frame + MARK] = frames[acceptFrame + MARK]!;
              while (code[pc] !== op.KET) pc = code[pc + 1]!;
              pc += op.WIDTH;
              continue main;
            }
            if (result !== NO_MATCH && result !== THEN) continue;
            result = NO_MATCH;
            pc = code[pc + 1]!;
            if (code[pc] !== op.ALTERNATIVE) continue;
            groupFrame = GROUP_FRAME;
            target = pc + op.WIDTH;
            continue main;

          case BACK_TO_NEGATIVE_ASSERTION:
            if (result === ACCEPTED || result === MATCH) {
              result = NO_MATCH;
              continue;
            }
            if (result === SKIP_TO_NAME || result === GROUP_DONE) continue;
            pc = code[pc + 1]!;
            if ((result === NO_MATCH || result === THEN) && code[pc] === op.ALTERNATIVE) {
              groupFrame = GROUP_FRAME;
              target = pc + op.WIDTH;
              continue main;
            }
            while (code[pc] !== op.KET) pc = code[pc + 1]!;
            pc += op.WIDTH;
            continue main;

          case BACK_TO_CONDITION: {
            if (result === SKIP_TO_NAME || result === GROUP_DONE) continue;
            const positive = frames[frame + TEMP + 1] === 1;
            const test = frames[frame + TEMP + 2]!;
            let holds = !positive;
            if (result === ACCEPTED || result === MATCH) {
              if (result === ACCEPTED) takeCaptures(frames, frame, acceptFrame);
              holds = positive;
            } else if (result === NO_MATCH || result === THEN) {
              const branch = code[frames[frame + TEMP]! + 1]!;
              if (code[branch] === op.ALTERNATIVE) {
                frames[frame + TEMP] = branch;
                groupFrame = CONDITION_FRAME;
                target = branch + op.WIDTH;
                continue main;
              }
            }
            let next = otherBranch(code, pc);
            if (holds) {
              next = test;
              while (code[next] !== op.KET) next = code[next + 1]!;
              next += op.WIDTH;
            }
            if (code[pc + 2] === 1) {
              groupFrame = GROUP_FRAME;
              frames[frame + RETURN] = BACK_TO_CONDITIONAL;
              target = next;
              continue main;
            }
            pc = next;
            continue main;
          }

          case BACK_TO_CONDITIONAL:
            continue;

          case BACK_TO_OPTION:
            if (result !== NO_MATCH) continue;
            pc = code[pc + 2]!;
            continue main;

          case BACK_TO_LAZY_OPTION:
            if (result !== NO_MATCH) continue;
            pc += op.WIDTH;
            continue main;

          case BACK_TO_LAZY_KET:
            if (result !== NO_MATCH) continue;
            pc = code[pc + 1]!;
            continue main;

          case BACK_TO_KET:
            if (result !== NO_MATCH) continue;
            pc += op.WIDTH;
            continue main;

          case BACK_TO_RECURSION: {
            const branch = frames[frame + TEMP]!;
            const next = code[branch + 1]!;
            const called = frames[frame + TEMP + 1]!;
            // Verbs of the called group act in it only.
            if (result <= THEN && result >= COMMIT && verbRecursion === (called ^ RECURSION_FRAME)) {
              const staysIn = result === THEN && thenStaysIn(code, branch, next, verbPc);
              result = NO_MATCH;
              if (!staysIn) continue;
            }
            if (result !== NO_MATCH) continue;
            if (code[next] !== op.ALTERNATIVE) continue;
            frames[frame + TEMP] = next;
            groupFrame = called;
            target = next + op.WIDTH;
            continue main;
          }

          case BACK_TO_MARK:
            if (result === SKIP_TO_NAME && names[code[pc + 1]!] === names[skipName]) {
              this.skipOffset = offset;
              result = SKIP;
            }
            continue;

          case BACK_TO_VERB:
            if (result !== NO_MATCH) continue;
            verbRecursion = frames[frame + RECURSION]!;
            switch (code[pc]) {
              case op.COMMIT:
                result = COMMIT;
                continue;
              case op.PRUNE:
                result = PRUNE;
                continue;
              case op.THEN:
                verbPc = pc;
                result = THEN;
                continue;
              default:
                if (code[pc + 1]! < 0) {
                  this.skipOffset = offset;
                  result = SKIP;
                } else {
                  skipName = code[pc + 1]!;
                  result = SKIP_TO_NAME;
                }
                continue;
            }

          default:
            return GIVE_UP;
        }
      }
    }
  }

  /** Copies offsets out of the stack; captures above the highest one set do not count. */
  #keepResult(frames: Int32Array, frame: number, end: number): void {
    const top = frames[frame + TOP]!;
    this.captures[0] = frames[frame + MATCH_START]!;
    this.captures[1] = end;
    for (let i = 0; i < top; i++) this.captures[i + 2] = frames[frame + CAPTURES + i]!;
    this.highest = top / 2;
  }
}
