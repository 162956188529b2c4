/** Where an attempt at a match stands: place in code and subject, and the frames to come back to. */
import {
  BACK,
  CAPTURES,
  GROUP,
  KEPT_FRAMES,
  KIND_MASK,
  LAST_GROUP,
  MATCH_START,
  MAX_FRAMES,
  NUMBER_MASK,
  OFFSET,
  PC,
  RECURSION,
  RECURSION_FRAME,
  TOP,
  UNSET,
} from "./frame.js";
import type { Program } from "./program.js";

/** The stack, kept from one attempt to the next. */
let stack = new Int32Array(1 << 16);
const NO_FRAMES = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);

export class Attempt {
  readonly program: Program;
  readonly code: Int32Array;
  readonly sets: Uint8Array;
  readonly frameSize: number;
  subject: Uint8Array = NO_BYTES;
  /** Length of the subject. */
  end = 0;
  frames = NO_FRAMES;
  /** Where the innermost frame stands among them. */
  frame = 0;
  pc = 0;
  offset = 0;
  /** Kind and number of the group that the next frame is of; 0 for none. */
  groupFrame = 0;
  /** The frame of an assertion's end that `ACCEPTED` tells of. */
  acceptFrame = 0;
  /** Of the verb that failed last: its place in the code, the recursion it was in, the name it skips to. */
  verbPc = 0;
  verbRecursion = UNSET;
  skipName = -1;
  /** For `SKIP`: the offset to go on from. */
  skipOffset = 0;
  /** `(*SKIP:name)` verbs met, and how many of the first are to be ignored. */
  namedSkips = 0;
  ignoredSkips = 0;

  constructor(program: Program) {
    this.program = program;
    this.code = program.code;
    this.sets = program.sets;
    this.frameSize = CAPTURES + 2 * program.groupCount;
  }

  begin(subject: Uint8Array, end: number, start: number): void {
    if (stack.length > KEPT_FRAMES) stack = new Int32Array(KEPT_FRAMES);
    this.frames = stack;
    this.subject = subject;
    this.end = end;
    this.frame = 0;
    this.pc = 0;
    this.offset = start;
    this.groupFrame = 0;
    this.acceptFrame = 0;
    this.verbPc = 0;
    this.verbRecursion = UNSET;
    this.skipName = -1;
    this.namedSkips = 0;
    const { frames } = this;
    frames.fill(UNSET, 0, this.frameSize);
    frames[MATCH_START] = start;
    frames[TOP] = 0;
    frames[GROUP] = 0;
  }

  /** Keeps nothing that is large: there are as many of these as there are patterns. */
  release(): void {
    this.frames = NO_FRAMES;
    this.subject = NO_BYTES;
  }

  /** Goes on at a place in the code, in a new frame. False where there is no room for it. */
  push(target: number): boolean {
    const { frame, frameSize, groupFrame } = this;
    const next = frame + frameSize;
    if (next + frameSize > this.frames.length && !this.#grow()) return false;
    const { frames } = this;
    frames[frame + PC] = this.pc;
    frames[frame + OFFSET] = this.offset;
    for (let field = OFFSET; field < frameSize; field++) frames[next + field] = frames[frame + field]!;
    frames[next + GROUP] = groupFrame;
    frames[next + BACK] = frameSize;
    if (groupFrame !== 0) {
      frames[next + LAST_GROUP] = next;
      if ((groupFrame & KIND_MASK) === RECURSION_FRAME) frames[next + RECURSION] = groupFrame & NUMBER_MASK;
      this.groupFrame = 0;
    }
    this.frame = next;
    this.pc = target;
    return true;
  }

  /** Returns to the frame that this one came from. */
  pop(): void {
    const { frames } = this;
    const frame = this.frame - frames[this.frame + BACK]!;
    this.frame = frame;
    this.pc = frames[frame + PC]!;
    this.offset = frames[frame + OFFSET]!;
  }

  #grow(): boolean {
    if (this.frames.length >= MAX_FRAMES) return false;
    stack = new Int32Array(this.frames.length * 2);
    stack.set(this.frames);
    this.frames = stack;
    return true;
  }
}
