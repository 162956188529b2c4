/** Layout of the frames of the matching machine, how attempts end, and where a frame returns to. */

/** Go on with the instruction at hand, without a new frame. Every way to end is below it, every place in the code above. */
export const GO_ON = -1;

/** How a branch ends, and at last the attempt. `THEN` to `COMMIT` come from verbs and say how to go on. */
export const NO_MATCH = -2;
export const MATCH = -3;
export const THEN = -4;
export const SKIP_TO_NAME = -5;
export const SKIP = -6;
export const PRUNE = -7;
export const COMMIT = -8;
export const ACCEPTED = -9;
export const GROUP_DONE = -10;
/** The whole pattern has matched. */
export const FOUND = -11;
/** A limit is hit, or a recursion goes round without progress. */
export const GIVE_UP = -12;

/** Fields of a frame. Those from `OFFSET` on are handed to the next frame. */
export const PC = 0;
export const RETURN = 1;
/** Distance to the frame that is returned to. */
export const BACK = 2;
export const GROUP = 3;
export const TEMP = 4;
export const OFFSET = 8;
export const MATCH_START = 9;
export const MARK = 10;
export const RECURSION = 11;
/** Frame of the innermost group that needs one. */
export const LAST_GROUP = 12;
/** Twice the number of the highest group set. */
export const TOP = 13;
export const CAPTURES = 14;

export const UNSET = -1;

/** Kinds of group frames; a group's number is added. */
export const CAPTURE_FRAME = 0x10000;
export const GROUP_FRAME = 0x20000;
export const CONDITION_FRAME = 0x30000;
export const RECURSION_FRAME = 0x40000;
export const KIND_MASK = 0x70000;
export const NUMBER_MASK = 0xffff;

/** Where to go on when a frame returns. */
export const BACK_TO_GREEDY = 1;
export const BACK_TO_CLASS = 2;
export const BACK_TO_LAZY = 3;
export const BACK_TO_WIDE_GREEDY = 4;
export const BACK_TO_WIDE_LAZY = 5;
export const BACK_TO_REFERENCE = 6;
export const BACK_TO_LAZY_REFERENCE = 7;
export const BACK_TO_PLAIN_GROUP = 8;
export const BACK_TO_GROUP = 9;
export const BACK_TO_POSSESSIVE_GROUP = 10;
export const BACK_TO_ASSERTION = 11;
export const BACK_TO_NEGATIVE_ASSERTION = 12;
export const BACK_TO_CONDITION = 13;
export const BACK_TO_CONDITIONAL = 14;
export const BACK_TO_OPTION = 15;
export const BACK_TO_LAZY_OPTION = 16;
export const BACK_TO_LAZY_KET = 17;
export const BACK_TO_KET = 18;
export const BACK_TO_RECURSION = 19;
export const BACK_TO_MARK = 20;
export const BACK_TO_VERB = 21;

/** Integers of frames at most (512 MiB); the real engine's own limit on them is 20 GB. */
export const MAX_FRAMES = 1 << 27;
/** Integers of frames that are kept for the next attempt. */
export const KEPT_FRAMES = 1 << 22;
