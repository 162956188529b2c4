/** What a group tells of the first byte of its matches, and of a byte that must follow somewhere. */
export interface CodeUnit {
  readonly byte: number;
  /** `CASELESS` and `VARIES`, or one of `NONE` and `UNSET`. */
  readonly flags: number;
}

export const CASELESS = 1;
/** It follows something of variable length. */
export const VARIES = 2;
/** There is none. */
export const NONE = 4;
/** Nothing has been seen yet that would settle it. */
export const UNSET = 5;

export const NO_UNIT: CodeUnit = { byte: 0, flags: NONE };
export const UNSET_UNIT: CodeUnit = { byte: 0, flags: UNSET };

export function isSet(unit: CodeUnit): boolean {
  return unit.flags < NONE;
}
