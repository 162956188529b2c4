/** Matching by translations to RegExp. */
import type { Bytes } from "../../bytes.js";
import type { MatchResult } from "../expression.js";
import type { Translation } from "../translation.js";
import { compileWords } from "./plain-words.js";
import type { Program } from "./program.js";
import { Scope } from "./scope.js";

/** What a translation says of a subject; `undefined`: it is not for this subject. */
export interface Translated {
  /** The first of several; null where it is not made of any. */
  readonly translation: Translation | null;
  test(subject: Bytes): boolean | undefined;
  match(subject: Bytes): MatchResult | null | undefined;
}

/** RegExp looks for what begins with so many bytes as fast as for a text. */
const LONG_BEGINNING = 4;

/** Undefined for a pattern that does not only name words. */
export function translateWords({ words }: Program): Translated | undefined {
  if (words === null) return undefined;
  const endOf = compileWords(words);
  return {
    translation: null,
    test: (subject) => endOf(subject) >= 0,
    match: (subject) => {
      const end = endOf(subject);
      return end < 0 ? null : { end: end - 1, groups: [] };
    },
  };
}

/** Null where a pattern has no translation. */
export function translate(program: Program): Translated | null {
  const more = program.translations()[Symbol.iterator]();
  const made: Candidate[] = [];
  const candidate = (index: number): Candidate | undefined => {
    if (index < made.length) return made[index];
    const { value } = more.next();
    if (!value) return undefined;
    made.push(new Candidate(value));
    return made[index];
  };
  const first = candidate(0);
  if (first === undefined) return null;
  const { minLength, text } = program.start;
  const holds = program.beginning.length >= LONG_BEGINNING ? null : (text?.holds ?? null);
  const cannot = (subject: Bytes) => subject.length < minLength || (holds !== null && !holds(subject));
  const candidateFor = (subject: Bytes): Candidate | undefined => {
    for (let index = 0; ; index++) {
      const each = candidate(index);
      if (each === undefined || each.scope.includes(subject)) return each;
    }
  };
  return {
    translation: first.translation,
    test: (subject) => (cannot(subject) ? false : candidateFor(subject)?.test(subject)),
    match: (subject) => (cannot(subject) ? null : candidateFor(subject)?.match(subject)),
  };
}

class Candidate {
  readonly translation: Translation;
  readonly scope: Scope;
  /** Groups by number from 0, and where each stands in what RegExp finds. */
  readonly #numbers: Int32Array;
  readonly #indexes: Int32Array;
  #regexp: RegExp | null = null;

  constructor(translation: Translation) {
    this.translation = translation;
    this.scope = new Scope([translation]);
    const groups = translation.groups.flatMap((written, number) => written.map((index) => ({ number, index })));
    this.#numbers = Int32Array.from(groups, ({ number }) => number);
    this.#indexes = Int32Array.from(groups, ({ index }) => index);
  }

  test(subject: Bytes): boolean {
    const regexp = this.#compiled();
    regexp.lastIndex = 0;
    return regexp.test(subject);
  }

  match(subject: Bytes): MatchResult | null {
    if (this.#numbers.length === 0) return this.test(subject) ? { end: this.#regexp!.lastIndex - 1, groups: [] } : null;
    const found = this.#compiled().exec(subject);
    return found && resultOf(found, this.#numbers, this.#indexes);
  }

  /** Made when it is first needed. Where only the end of a match is asked for, a global one tells it without a result. */
  #compiled(): RegExp {
    this.#regexp ??= new RegExp(this.translation.source, this.#numbers.length === 0 ? "g" : "");
    return this.#regexp;
  }
}

/**
 * As PCRE2 counts groups: up to the highest that is set.
 * @param numbers in ascending order
 */
function resultOf(found: RegExpExecArray, numbers: Int32Array, indexes: Int32Array): MatchResult {
  let last = numbers.length - 1;
  while (last >= 0 && found[indexes[last]!] === undefined) last--;
  // As long as it will be: an array that grows takes room for sixteen.
  const texts = new Array<Bytes>(last < 0 ? 0 : numbers[last]! + 1);
  let next = 0;
  for (let at = 0; at <= last; at++) {
    const text = found[indexes[at]!];
    if (text === undefined) continue;
    const number = numbers[at]!;
    while (next < number) texts[next++] = "";
    texts[number] = text;
    next = number + 1;
  }
  return { end: found.index + found[0].length - 1, groups: texts };
}
