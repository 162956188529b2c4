/**
 * The instructions of the matching machine: from a place in the code on, until the branch has failed or a frame is to be
 * pushed, from which another way can be tried later.
 */
import type { Attempt } from "./attempt.js";
import { WORD } from "./char-set.js";
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
  CONDITION_FRAME,
  FOUND,
  GIVE_UP,
  GROUP,
  GROUP_DONE,
  GROUP_FRAME,
  KIND_MASK,
  LAST_GROUP,
  MARK,
  MATCH,
  MATCH_START,
  NO_MATCH,
  OFFSET,
  PC,
  RECURSION,
  RECURSION_FRAME,
  RETURN,
  TEMP,
  TOP,
  UNSET,
} from "./frame.js";
import * as op from "./operations.js";
import { matchReference, otherBranch, referredSlot, stepWide } from "./steps.js";

/** @returns where in the code the frame to be pushed goes on, or how the branch ends, below 0 */
export function execute(run: Attempt): number {
  const { code, sets, frames, frameSize, subject, end } = run;
  // What few instructions need is read where they need it: this is entered for every frame.
  const { program } = run;
  let { frame, pc, offset } = run;
  let outcome = NO_MATCH;
  execution: for (;;) {
    switch (code[pc]) {
      case op.CHAR:
        if (offset >= end || subject[offset] !== code[pc + 1]) break execution;
        offset++;
        break;

      case op.CHAR_EITHER: {
        if (offset >= end) break execution;
        const char = subject[offset];
        if (char !== code[pc + 1] && char !== code[pc + 2]) break execution;
        offset++;
        break;
      }

      case op.SET:
        if (offset >= end || sets[code[pc + 1]! + subject[offset]!] === 0) break execution;
        offset++;
        break;

      case op.NEWLINE_SEQUENCE:
      case op.CLUSTER: {
        const next = stepWide(code[pc]!, subject, offset, end, program.settings.narrowNewlineSequence);
        if (next < 0) break execution;
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
        if (end - offset < min) break execution;
        const least = offset + min;
        while (offset < least) {
          if (sets[set + subject[offset]!] === 0) break execution;
          offset++;
        }
        if (operation === op.REPEAT_LAZY) {
          frames[frame + TEMP] = min;
          frames[frame + RETURN] = BACK_TO_LAZY;
          outcome = pc + op.WIDTH;
          break execution;
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
        outcome = pc + op.WIDTH;
        break execution;
      }

      case op.NEWLINE_REPEAT:
      case op.CLUSTER_REPEAT: {
        const kind = code[pc] === op.NEWLINE_REPEAT ? op.NEWLINE_SEQUENCE : op.CLUSTER;
        const mode = code[pc + 1];
        const min = code[pc + 2]!;
        const max = code[pc + 3]!;
        for (let count = 0; count < min; count++) {
          const next = stepWide(kind, subject, offset, end, program.settings.narrowNewlineSequence);
          if (next < 0) break execution;
          offset = next;
        }
        if (min === max) break;
        if (mode === op.LAZY) {
          frames[frame + TEMP] = min;
          frames[frame + RETURN] = BACK_TO_WIDE_LAZY;
          outcome = pc + op.WIDTH;
          break execution;
        }
        const least = offset;
        for (let count = min; count < max; count++) {
          const next = stepWide(kind, subject, offset, end, program.settings.narrowNewlineSequence);
          if (next < 0) break;
          offset = next;
        }
        if (mode === op.POSSESSIVE || offset === least) break;
        frames[frame + TEMP] = least;
        frames[frame + RETURN] = BACK_TO_WIDE_GREEDY;
        outcome = pc + op.WIDTH;
        break execution;
      }

      case op.BACKREFERENCE: {
        const slot = referredSlot(program.groupLists[code[pc + 1]!]!, frames, frame);
        const next = matchReference(frames, frame + CAPTURES + slot, slot, subject, offset, end, code[pc + 2] === 1);
        if (next < 0) break execution;
        offset = next;
        break;
      }

      case op.BACKREFERENCE_REPEAT: {
        const slot = referredSlot(program.groupLists[code[pc + 1]!]!, frames, frame);
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
          if (next < 0) break execution;
          offset = next;
        }
        if (min === max) break;
        frames[frame + TEMP + 1] = slot;
        if (mode === op.LAZY) {
          frames[frame + TEMP] = min;
          frames[frame + RETURN] = BACK_TO_LAZY_REFERENCE;
          outcome = pc + op.WIDTH;
          break execution;
        }
        frames[frame + TEMP] = offset;
        for (let count = min; count < max; count++) {
          const next = matchReference(frames, captured, slot, subject, offset, end, caseless);
          if (next < 0) break;
          offset = next;
        }
        frames[frame + RETURN] = BACK_TO_REFERENCE;
        outcome = pc + op.WIDTH;
        break execution;
      }

      case op.PLAIN_GROUP: {
        // Only the last branch needs no frame to come back to.
        const next = code[pc + 1]!;
        if (program.hasThen || frame === 0) {
          frames[frame + TEMP] = 0;
          frames[frame + RETURN] = BACK_TO_GROUP;
          outcome = pc + op.WIDTH;
          break execution;
        }
        if (code[next] === op.ALTERNATIVE) {
          frames[frame + RETURN] = BACK_TO_PLAIN_GROUP;
          outcome = pc + op.WIDTH;
          break execution;
        }
        break;
      }

      case op.GROUP: {
        const number = code[pc + 2]!;
        run.groupFrame = number > 0 ? CAPTURE_FRAME | number : GROUP_FRAME;
        frames[frame + TEMP] = run.groupFrame;
        frames[frame + RETURN] = BACK_TO_GROUP;
        outcome = pc + op.WIDTH;
        break execution;
      }

      case op.OPTIONAL:
        switch (code[pc + 1]) {
          case op.GREEDY:
            frames[frame + RETURN] = BACK_TO_OPTION;
            outcome = pc + op.WIDTH;
            break execution;
          case op.LAZY:
            frames[frame + RETURN] = BACK_TO_LAZY_OPTION;
            outcome = code[pc + 2]!;
            break execution;
          case op.SKIPPED:
            pc = code[pc + 2]!;
            continue execution;
          default:
            pc += op.WIDTH;
            outcome = enterRepeat(run, frame, pc, offset, 1);
            break execution;
        }

      case op.POSSESSIVE_GROUP:
        outcome = enterRepeat(run, frame, pc, offset, 0);
        break execution;

      case op.ASSERTION:
      case op.NEGATIVE_ASSERTION:
        run.groupFrame = GROUP_FRAME;
        frames[frame + RETURN] = code[pc] === op.ASSERTION ? BACK_TO_ASSERTION : BACK_TO_NEGATIVE_ASSERTION;
        outcome = pc + op.WIDTH;
        break execution;

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
            for (const number of program.groupLists[code[test + 1]!]!) {
              const slot = 2 * number - 2;
              if (slot < frames[frame + TOP]! && frames[frame + CAPTURES + slot] !== UNSET) holds = true;
            }
            break;
          case op.RECURSIONS_TEST: {
            const current = frames[frame + RECURSION]!;
            if (current === UNSET) break;
            for (const number of program.groupLists[code[test + 1]!]!)
              if (number < 0 || number === current) holds = true;
            break;
          }
          default:
            // An assertion.
            frames[frame + TEMP] = test;
            frames[frame + TEMP + 1] = code[test] === op.ASSERTION ? 1 : 0;
            frames[frame + TEMP + 2] = test;
            run.groupFrame = CONDITION_FRAME;
            frames[frame + RETURN] = BACK_TO_CONDITION;
            outcome = test + op.WIDTH;
            break execution;
        }
        const next = holds ? test + op.WIDTH : otherBranch(code, pc);
        if (code[pc + 2] === 1) {
          run.groupFrame = GROUP_FRAME;
          frames[frame + RETURN] = BACK_TO_CONDITIONAL;
          outcome = next;
          break execution;
        }
        pc = next;
        continue execution;
      }

      case op.ALTERNATIVE:
        do pc = code[pc + 1]!;
        while (code[pc] === op.ALTERNATIVE);
        continue execution;

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
            outcome = MATCH;
            break execution;
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
            outcome = MATCH;
            break execution;
          case op.CLOSE_CAPTURE: {
            const number = code[pc + 3]!;
            if (frames[frame + RECURSION] === number) {
              const top = frames[opener + TOP]!;
              for (let i = 0; i < top; i++) frames[frame + CAPTURES + i] = frames[opener + CAPTURES + i]!;
              frames[frame + TOP] = top;
              frames[frame + RECURSION] = frames[opener + RECURSION]!;
              pc = frames[opener + PC]! + op.WIDTH;
              continue execution;
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
          outcome = GROUP_DONE;
          break execution;
        }
        // A group that has matched nothing is not repeated.
        if (repeat !== op.NOT_REPEATED && (opener < 0 || offset !== frames[opener + OFFSET])) {
          if (repeat === op.LAZY) {
            frames[frame + RETURN] = BACK_TO_LAZY_KET;
            outcome = pc + op.WIDTH;
          } else {
            frames[frame + RETURN] = BACK_TO_KET;
            outcome = open;
          }
          break execution;
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
        run.groupFrame = RECURSION_FRAME | number;
        frames[frame + RETURN] = BACK_TO_RECURSION;
        outcome = code[pc + 1]! + op.WIDTH;
        break execution;
      }

      case op.REVERSE:
        if (code[pc + 1]! > offset) break execution;
        offset -= code[pc + 1]!;
        break;

      case op.SUBJECT_START:
        if (offset !== 0) break execution;
        break;

      case op.LINE_START:
        if (offset !== 0 && (offset === end || subject[offset - 1] !== program.settings.newline)) break execution;
        break;

      case op.SUBJECT_END_OR_NEWLINE:
        if (offset < end && (offset !== end - 1 || subject[offset] !== program.settings.newline)) break execution;
        break;

      case op.SUBJECT_END:
        if (offset < end) break execution;
        break;

      case op.LINE_END:
        if (offset < end && subject[offset] !== program.settings.newline) break execution;
        break;

      case op.WORD_BOUNDARY:
      case op.NOT_WORD_BOUNDARY: {
        const before = offset > 0 && WORD[subject[offset - 1]!] === 1;
        const behind = offset < end && WORD[subject[offset]!] === 1;
        if ((before !== behind) !== (code[pc] === op.WORD_BOUNDARY)) break execution;
        break;
      }

      case op.KEEP:
        frames[frame + MATCH_START] = offset;
        break;

      case op.FAIL:
        break execution;

      case op.MARK:
        frames[frame + MARK] = code[pc + 1]!;
        frames[frame + RETURN] = BACK_TO_MARK;
        outcome = pc + op.WIDTH;
        break execution;

      case op.SKIP:
        if (code[pc + 1]! >= 0) {
          run.namedSkips++;
          if (run.namedSkips <= run.ignoredSkips) break;
        }
        frames[frame + RETURN] = BACK_TO_VERB;
        outcome = pc + op.WIDTH;
        break execution;

      case op.COMMIT:
      case op.PRUNE:
      case op.THEN:
        if (code[pc + 1]! >= 0) frames[frame + MARK] = code[pc + 1]!;
        frames[frame + RETURN] = BACK_TO_VERB;
        outcome = pc + op.WIDTH;
        break execution;

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
        run.acceptFrame = frame;
        outcome = ACCEPTED;
        break execution;

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
          continue execution;
        }
        if (offset === frames[frame + MATCH_START]) {
          if (program.settings.notEmpty || (program.settings.notEmptyAtStart && offset === 0)) break execution;
        }
        outcome = FOUND;
        break execution;

      default:
        return GIVE_UP;
    }
    pc += op.WIDTH;
  }
  run.frame = frame;
  run.pc = pc;
  run.offset = offset;
  return outcome;
}

/**
 * Enters a possessive repeat of a group.
 * @param frame the innermost; `run` does not know of it yet where a call has ended since
 * @param enough 1 where no round is needed, else 0
 */
function enterRepeat(run: Attempt, frame: number, pc: number, offset: number, enough: number): number {
  const { code, frames } = run;
  const number = code[pc + 2]!;
  run.groupFrame = number > 0 ? CAPTURE_FRAME | number : GROUP_FRAME;
  frames[frame + TEMP] = run.groupFrame;
  frames[frame + TEMP + 1] = enough;
  frames[frame + TEMP + 2] = offset;
  frames[frame + TEMP + 3] = pc;
  frames[frame + RETURN] = BACK_TO_POSSESSIVE_GROUP;
  return pc + op.WIDTH;
}
