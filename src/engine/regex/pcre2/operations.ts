/** Operations of the matching machine and the values of their operands. */

/** Integers an instruction. */
export const WIDTH = 6;
/** A repeat without maximum. */
export const UNBOUNDED = 0x7fffffff;

export const END = 0;
/** byte */
export const CHAR = 1;
/** byte, other case */
export const CHAR_EITHER = 2;
/** set */
export const SET = 3;
export const NEWLINE_SEQUENCE = 4;
export const CLUSTER = 5;
/** set, min, max */
export const REPEAT_GREEDY = 6;
/** As REPEAT_GREEDY, but the shortest try is counted as a step of its own and ends the branch. */
export const REPEAT_GREEDY_CLASS = 7;
export const REPEAT_LAZY = 8;
export const REPEAT_POSSESSIVE = 9;
/** mode, min, max */
export const NEWLINE_REPEAT = 10;
export const CLUSTER_REPEAT = 11;
/** groups, caseless */
export const BACKREFERENCE = 12;
/** groups, caseless, min, max, mode */
export const BACKREFERENCE_REPEAT = 13;
/** next branch or ket */
export const PLAIN_GROUP = 14;
/** next branch or ket, number (0 when it captures nothing) */
export const GROUP = 15;
export const POSSESSIVE_GROUP = 16;
/** next branch or ket */
export const ASSERTION = 17;
export const NEGATIVE_ASSERTION = 18;
/** next branch or ket, 1 when the group is repeated and may match nothing */
export const CONDITIONAL = 19;
/** value */
export const CONSTANT_TEST = 20;
/** groups */
export const GROUPS_TEST = 21;
export const RECURSIONS_TEST = 22;
/** next branch or ket */
export const ALTERNATIVE = 23;
/** bracket, CLOSE_…, number, mode or NOT_REPEATED */
export const KET = 24;
/** mode or SKIPPED, what follows the group; the group comes next */
export const OPTIONAL = 25;
/** bracket, number */
export const RECURSION = 26;
/** length */
export const REVERSE = 27;
export const SUBJECT_START = 28;
export const LINE_START = 29;
export const SUBJECT_END_OR_NEWLINE = 30;
export const SUBJECT_END = 31;
export const LINE_END = 32;
export const WORD_BOUNDARY = 33;
export const NOT_WORD_BOUNDARY = 34;
export const KEEP = 35;
/** name */
export const MARK = 36;
export const COMMIT = 37;
export const PRUNE = 38;
export const SKIP = 39;
export const THEN = 40;
export const FAIL = 41;
export const ACCEPT = 42;
export const ASSERT_ACCEPT = 43;
/** number */
export const CLOSE = 44;
export const NOTHING = 45;

/** Modes of repeats. */
export const GREEDY = 0;
export const LAZY = 1;
export const POSSESSIVE = 2;
export const NOT_REPEATED = 3;
export const SKIPPED = 4;

/** What a ket does. */
export const CLOSE_PLAIN = 0;
export const CLOSE_FRAMED = 1;
export const CLOSE_CAPTURE = 2;
export const CLOSE_ATOMIC = 3;
export const CLOSE_ASSERTION = 4;
export const CLOSE_NONATOMIC = 5;
export const CLOSE_NEGATIVE = 6;
