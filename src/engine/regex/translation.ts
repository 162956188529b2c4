/** A pattern as a regular expression of JavaScript's, for the subjects on which it matches alike. */
import type { Bytes } from "../bytes.js";

export interface Translation {
  readonly source: string;
  /** It can match at a subject's first byte only. */
  readonly anchored: boolean;
  /** What stands in front of the place where it is asked may decide, or that nothing does. */
  readonly looksBehind: boolean;
  /** Of RegExp, those that stand for none of the pattern included. */
  readonly groupCount: number;
  /** Indexes in a RegExp's result of each group, by number from 1: at most one of them is set. */
  readonly groups: readonly (readonly number[])[];
  /** Longest subject that it may be used on. */
  readonly longest: number;
  /** Only for subjects that hold none of these texts: branches that begin with them, for one, are left out. */
  readonly absent: readonly Bytes[];
  /** Only for subjects in which the texts of each of these lists occur `MOST_RARE` times at most, all together. */
  readonly rare: readonly (readonly Bytes[])[];
}
