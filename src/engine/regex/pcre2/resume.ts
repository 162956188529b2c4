/** What the matching machine does in a frame that it returns to: another way is tried, or the frame ends as well. */
import type { Attempt } from "./attempt.js";
import {
  ACCEPTED,
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
  CAPTURES,
  COMMIT,
  CONDITION_FRAME,
  GIVE_UP,
  GO_ON,
  GROUP_DONE,
  GROUP_FRAME,
  MARK,
  MATCH,
  NO_MATCH,
  PRUNE,
  RECURSION,
  RECURSION_FRAME,
  RETURN,
  SKIP,
  SKIP_TO_NAME,
  TEMP,
  THEN,
} from "./frame.js";
import * as op from "./operations.js";
import { matchReference, otherBranch, stepWide, stepWideBack, takeCaptures, thenStaysIn } from "./steps.js";

/**
 * @param result how the way that was tried last has ended
 * @returns where in the code the frame of another way goes on, `GO_ON` for another way without one, or how the frame ends
 */
export function resume(run: Attempt, result: number): number {
  const back = run.frames[run.frame + RETURN];
  switch (back) {
    case BACK_TO_GROUP:
      return nextBranch(run, result);
    case BACK_TO_POSSESSIVE_GROUP:
      return nextRound(run, result);
    case BACK_TO_ASSERTION:
      return behindAssertion(run, result);
    case BACK_TO_NEGATIVE_ASSERTION:
      return behindNegativeAssertion(run, result);
    case BACK_TO_CONDITION:
      return behindCondition(run, result);
    case BACK_TO_CONDITIONAL:
      return result;
    case BACK_TO_RECURSION:
      return nextCalledBranch(run, result);
    case BACK_TO_MARK:
      return atMark(run, result);
    default:
      return result === NO_MATCH ? tryAnother(run, back!) : result;
  }
}

/** What goes on only where nothing has matched. */
function tryAnother(run: Attempt, back: number): number {
  const { code, sets, subject, end, frames, frame } = run;
  const { pc } = run;
  const next = pc + op.WIDTH;
  switch (back) {
    case BACK_TO_LAZY:
      if (frames[frame + TEMP]! >= code[pc + 3]!) return NO_MATCH;
      frames[frame + TEMP]!++;
      if (run.offset >= end || sets[code[pc + 1]! + subject[run.offset]!] === 0) return NO_MATCH;
      run.offset++;
      return next;

    case BACK_TO_GREEDY:
      run.offset--;
      if (run.offset !== frames[frame + TEMP]) return next;
      run.pc = next;
      return GO_ON;

    case BACK_TO_CLASS:
      run.offset--;
      return run.offset < frames[frame + TEMP]! ? NO_MATCH : next;

    case BACK_TO_PLAIN_GROUP: {
      const branch = code[pc + 1]!;
      run.pc = branch;
      if (code[code[branch + 1]!] === op.ALTERNATIVE) return branch + op.WIDTH;
      // The last needs no frame to come back to.
      run.pc = branch + op.WIDTH;
      return GO_ON;
    }

    case BACK_TO_OPTION:
      run.pc = code[pc + 2]!;
      return GO_ON;

    case BACK_TO_LAZY_OPTION:
    case BACK_TO_KET:
      run.pc = next;
      return GO_ON;

    case BACK_TO_LAZY_KET:
      run.pc = code[pc + 1]!;
      return GO_ON;

    case BACK_TO_WIDE_GREEDY: {
      const kind = code[pc] === op.NEWLINE_REPEAT ? op.NEWLINE_SEQUENCE : op.CLUSTER;
      const least = frames[frame + TEMP]!;
      run.offset = stepWideBack(kind, subject, run.offset, least);
      if (run.offset !== least) return next;
      run.pc = next;
      return GO_ON;
    }

    case BACK_TO_WIDE_LAZY: {
      if (frames[frame + TEMP]! >= code[pc + 3]!) return NO_MATCH;
      frames[frame + TEMP]!++;
      const kind = code[pc] === op.NEWLINE_REPEAT ? op.NEWLINE_SEQUENCE : op.CLUSTER;
      return further(run, stepWide(kind, subject, run.offset, end, run.program.settings.narrowNewlineSequence));
    }

    case BACK_TO_REFERENCE: {
      const captured = frame + CAPTURES + frames[frame + TEMP + 1]!;
      run.offset -= frames[captured + 1]! - frames[captured]!;
      return run.offset < frames[frame + TEMP]! ? NO_MATCH : next;
    }

    case BACK_TO_LAZY_REFERENCE: {
      if (frames[frame + TEMP]! >= code[pc + 4]!) return NO_MATCH;
      frames[frame + TEMP]!++;
      const slot = frames[frame + TEMP + 1]!;
      const captured = frame + CAPTURES + slot;
      return further(run, matchReference(frames, captured, slot, subject, run.offset, end, code[pc + 2] === 1));
    }

    case BACK_TO_VERB:
      return failedVerb(run);

    default:
      return GIVE_UP;
  }
}

/** One more round of a lazy repeat. @param offset behind it; below 0 when it does not fit */
function further(run: Attempt, offset: number): number {
  if (offset < 0) return NO_MATCH;
  run.offset = offset;
  return run.pc + op.WIDTH;
}

/** Ends a group where the attempt stands in one of its branches. */
function leaveGroup(run: Attempt): number {
  const { code } = run;
  while (code[run.pc] !== op.KET) run.pc = code[run.pc + 1]!;
  run.pc += op.WIDTH;
  return GO_ON;
}

/** `(*THEN)` ends in the innermost group that has another branch. */
function staysIn(run: Attempt, result: number, branch: number): boolean {
  return result === NO_MATCH || (result === THEN && thenStaysIn(run.code, branch, run.code[branch + 1]!, run.verbPc));
}

function nextBranch(run: Attempt, result: number): number {
  return staysIn(run, result, run.pc) ? enterNext(run, run.frames[run.frame + TEMP]!) : result;
}

/** @param groupFrame what the frame of the next branch is of */
function enterNext(run: Attempt, groupFrame: number): number {
  const { code } = run;
  run.pc = code[run.pc + 1]!;
  if (code[run.pc] !== op.ALTERNATIVE) return NO_MATCH;
  run.groupFrame = groupFrame;
  return run.pc + op.WIDTH;
}

function nextRound(run: Attempt, result: number): number {
  const { code, frames, frame } = run;
  if (result === GROUP_DONE) {
    frames[frame + TEMP + 1] = 1;
    // An empty round ends the repetition.
    if (run.offset === frames[frame + TEMP + 2]) return leaveGroup(run);
    run.pc = frames[frame + TEMP + 3]!;
  } else {
    if (!staysIn(run, result, run.pc)) return result;
    run.pc = code[run.pc + 1]!;
    if (code[run.pc] !== op.ALTERNATIVE) return frames[frame + TEMP + 1] === 0 ? NO_MATCH : leaveGroup(run);
  }
  frames[frame + TEMP + 2] = run.offset;
  run.groupFrame = frames[frame + TEMP]!;
  return run.pc + op.WIDTH;
}

function behindAssertion(run: Attempt, result: number): number {
  const { frames, frame, acceptFrame } = run;
  if (result === ACCEPTED) {
    takeCaptures(frames, frame, acceptFrame);
    frames[frame + MARK] = frames[acceptFrame + MARK]!;
    return leaveGroup(run);
  }
  return result === NO_MATCH || result === THEN ? enterNext(run, GROUP_FRAME) : result;
}

function behindNegativeAssertion(run: Attempt, result: number): number {
  const { code } = run;
  if (result === ACCEPTED || result === MATCH) return NO_MATCH;
  if (result === SKIP_TO_NAME || result === GROUP_DONE) return result;
  run.pc = code[run.pc + 1]!;
  if ((result !== NO_MATCH && result !== THEN) || code[run.pc] !== op.ALTERNATIVE) return leaveGroup(run);
  run.groupFrame = GROUP_FRAME;
  return run.pc + op.WIDTH;
}

function behindCondition(run: Attempt, result: number): number {
  const { code, frames, frame } = run;
  if (result === SKIP_TO_NAME || result === GROUP_DONE) return result;
  const positive = frames[frame + TEMP + 1] === 1;
  const matched = result === ACCEPTED || result === MATCH;
  if (result === ACCEPTED) takeCaptures(frames, frame, run.acceptFrame);
  if (result === NO_MATCH || result === THEN) {
    const branch = code[frames[frame + TEMP]! + 1]!;
    if (code[branch] === op.ALTERNATIVE) {
      frames[frame + TEMP] = branch;
      run.groupFrame = CONDITION_FRAME;
      return branch + op.WIDTH;
    }
  }
  const next = matched === positive ? behindTest(code, frames[frame + TEMP + 2]!) : otherBranch(code, run.pc);
  if (code[run.pc + 2] === 1) {
    run.groupFrame = GROUP_FRAME;
    frames[frame + RETURN] = BACK_TO_CONDITIONAL;
    return next;
  }
  run.pc = next;
  return GO_ON;
}

/** Where the branch goes on whose condition is the assertion at this place. */
function behindTest(code: Int32Array, test: number): number {
  let at = test;
  while (code[at] !== op.KET) at = code[at + 1]!;
  return at + op.WIDTH;
}

function nextCalledBranch(run: Attempt, result: number): number {
  const { code, frames, frame } = run;
  const branch = frames[frame + TEMP]!;
  const called = frames[frame + TEMP + 1]!;
  // Verbs of the called group act in it only.
  const isOwnVerb = result <= THEN && result >= COMMIT && run.verbRecursion === (called ^ RECURSION_FRAME);
  if (isOwnVerb && !staysIn(run, result, branch)) return NO_MATCH;
  if (result !== NO_MATCH && !isOwnVerb) return result;
  const next = code[branch + 1]!;
  if (code[next] !== op.ALTERNATIVE) return NO_MATCH;
  frames[frame + TEMP] = next;
  run.groupFrame = called;
  return next + op.WIDTH;
}

function atMark(run: Attempt, result: number): number {
  const { names } = run.program;
  if (result !== SKIP_TO_NAME || names[run.code[run.pc + 1]!] !== names[run.skipName]) return result;
  run.skipOffset = run.offset;
  return SKIP;
}

function failedVerb(run: Attempt): number {
  const { code, pc, frames, frame } = run;
  run.verbRecursion = frames[frame + RECURSION]!;
  switch (code[pc]) {
    case op.COMMIT:
      return COMMIT;
    case op.PRUNE:
      return PRUNE;
    case op.THEN:
      run.verbPc = pc;
      return THEN;
    default:
      if (code[pc + 1]! >= 0) {
        run.skipName = code[pc + 1]!;
        return SKIP_TO_NAME;
      }
      run.skipOffset = run.offset;
      return SKIP;
  }
}
