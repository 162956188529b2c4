/** Sets of bytes, as PCRE2's default tables (C locale) define them. */

/** 256 entries, 1 where the byte is in the set. */
export type CharSet = Uint8Array;

function setOf(contains: (byte: number) => boolean): CharSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (contains(byte) ? 1 : 0));
}

function setMatching(pattern: RegExp): CharSet {
  return setOf((byte) => pattern.test(String.fromCharCode(byte)));
}

export function complement(set: CharSet): CharSet {
  return set.map((member) => 1 - member);
}

/** Adds the members of `other` to `set`. */
export function unite(set: CharSet, other: CharSet): void {
  for (let byte = 0; byte < 256; byte++) set[byte]! |= other[byte]!;
}

export function disjoint(left: CharSet, right: CharSet): boolean {
  for (let byte = 0; byte < 256; byte++) if ((left[byte]! & right[byte]!) !== 0) return false;
  return true;
}

/** Shared: not to be changed. */
const SINGLETONS: readonly CharSet[] = Array.from({ length: 256 }, (_, byte) => {
  const set = new Uint8Array(256);
  set[byte] = 1;
  return set;
});

/** The set of one byte; it is shared and must not be changed. */
export function singleton(byte: number): CharSet {
  return SINGLETONS[byte]!;
}

/** The other case of an ASCII letter; any other byte is its own. Bytes above 127 have no case without UTF. */
export function otherCase(byte: number): number {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? byte ^ 0x20 : byte;
}

export const DIGIT = setMatching(/[0-9]/);
export const SPACE = setMatching(/[\t-\r ]/);
export const WORD = setMatching(/[0-9A-Za-z_]/);
export const HORIZONTAL_SPACE = setMatching(/[\t \xa0]/);
export const VERTICAL_SPACE = setMatching(/[\n-\r\x85]/);
export const ALL = setOf(() => true);

const ALPHA = setMatching(/[A-Za-z]/);

/** POSIX classes by name. */
export const POSIX_CLASSES: Readonly<Record<string, CharSet>> = {
  alpha: ALPHA,
  lower: setMatching(/[a-z]/),
  upper: setMatching(/[A-Z]/),
  alnum: setMatching(/[0-9A-Za-z]/),
  ascii: setMatching(/[\0-\x7f]/),
  blank: setMatching(/[\t ]/),
  cntrl: setMatching(/[\0-\x1f\x7f]/),
  digit: DIGIT,
  graph: setMatching(/[!-~]/),
  print: setMatching(/[ -~]/),
  punct: setMatching(/[!-/:-@[-`{-~]/),
  space: SPACE,
  word: WORD,
  xdigit: setMatching(/[0-9A-Fa-f]/),
};

/** A POSIX class where case does not count: `lower` and `upper` then mean `alpha`. */
export function posixClass(name: string, caseless: boolean): CharSet {
  return caseless && (name === "lower" || name === "upper") ? ALPHA : POSIX_CLASSES[name]!;
}

/** Sets of the escapes that name one, by letter. */
export const ESCAPE_SETS: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  s: SPACE,
  S: complement(SPACE),
  w: WORD,
  W: complement(WORD),
  h: HORIZONTAL_SPACE,
  H: complement(HORIZONTAL_SPACE),
  v: VERTICAL_SPACE,
  V: complement(VERTICAL_SPACE),
};
