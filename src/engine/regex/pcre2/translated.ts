/** Matching by translations to RegExp. */
import type { Bytes } from "../../bytes.js";
import type { MatchResult } from "../expression.js";
import type { Program } from "./program.js";
import type { Translation } from "./regexp-translator.js";

/** What a translation says of a subject; `undefined`: it is not for this subject. */
export interface Translated {
  test(subject: Bytes): boolean | undefined;
  match(subject: Bytes): MatchResult | null | undefined;
}

/** Null where a pattern has no translation. */
export function compileTranslations({ start: { minLength, text }, translations }: Program): Translated | null {
  const candidates = translations().map((each) => new Candidate(each));
  if (candidates.length === 0) return null;
  const cannot = (subject: Bytes) => subject.length < minLength || (text !== null && !text.holds(subject));
  const candidateFor = (subject: Bytes): Candidate | undefined => {
    for (const candidate of candidates) if (candidate.isFor(subject)) return candidate;
    return undefined;
  };
  return {
    test: (subject) => (cannot(subject) ? false : candidateFor(subject)?.regexp.test(subject)),
    match: (subject) => (cannot(subject) ? null : candidateFor(subject)?.match(subject)),
  };
}

class Candidate {
  readonly #translation: Translation;
  #regexp: RegExp | null = null;

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  /** Made when it is first needed. */
  get regexp(): RegExp {
    this.#regexp ??= new RegExp(this.#translation.source);
    return this.#regexp;
  }

  isFor(subject: Bytes): boolean {
    const { longest, absent } = this.#translation;
    if (subject.length > longest) return false;
    for (const text of absent) if (subject.includes(text)) return false;
    return true;
  }

  match(subject: Bytes): MatchResult | null {
    const found = this.regexp.exec(subject);
    return found && resultOf(found, this.#translation.groups);
  }
}

/** As PCRE2 counts groups: up to the highest that is set. */
function resultOf(found: RegExpExecArray, groups: Translation["groups"]): MatchResult {
  const texts: Bytes[] = [];
  for (const [index, written] of groups.entries())
    for (const at of written) {
      const text = found[at];
      if (text === undefined) continue;
      while (texts.length < index) texts.push("");
      texts[index] = text;
    }
  return { end: found.index + found[0].length - 1, groups: texts };
}
