/**
 * PCRE2 10.42 as the real engine uses it: option bits 0 (bytes, no UTF, case counts), default limits, the library's
 * interpreter. Patterns are compiled to the instructions that PCRE2 would make of them and run step for step, so that
 * its optimizations and its limits (10,000,000 steps from one start, then "no match") decide as they do there.
 */
import { type Bytes, isAscii } from "../bytes.js";
import { cString } from "./ascii.js";
import { type Effort, type Expression, ExpressionError, type MatchResult, type Needs, NO_NEEDS } from "./expression.js";
import { LazyExpression, type Matcher } from "./lazy-expression.js";
import { otherCase } from "./pcre2/char-set.js";
import { forgetAnswers, knownAnswer, rememberAnswer } from "./pcre2/known-answers.js";
import { Machine } from "./pcre2/machine.js";
import { type Program, prepareProgram } from "./pcre2/program.js";
import { search } from "./pcre2/search.js";
import { type Translated, translate, translateWords } from "./pcre2/translated.js";
import { compileUnicode, UNICODE_START } from "./pcre2/unicode.js";
import type { Translation } from "./translation.js";

/**
 * Bytes that the matching machine searches for a pattern before what makes matching cheap is made, which is dear: most
 * patterns of a ruleset search a few short subjects.
 */
export interface Patience {
  /** Until subjects that cannot match are ruled out by a wider pattern, and places at which no match begins. */
  readonly ruledOut: number;
  /** Until the pattern is translated. */
  readonly translated: number;
}

/** An answer that took so many steps is remembered: one that took less costs as much as remembering it. */
const COSTLY = 200;

const PATIENCE: Patience = { ruledOut: 16_384, translated: 8_192 };

/**
 * Compiles a PCRE2 pattern.
 * @throws ExpressionError `invalid` where PCRE2 refuses the pattern; `unsupported` for newlines of more than one byte,
 * script runs and, in UTF and UCP modes, what JavaScript's regular expressions cannot say
 */
export function compilePcre2(pattern: Bytes, patience = PATIENCE): Expression {
  const source = cString(pattern);
  if (!UNICODE_START.test(source)) return compileOfBytes(pattern, source, patience);
  const ofBytes = isAscii(source) ? withoutModes(pattern, source, patience) : null;
  return new UnicodeExpression(pattern, compileUnicode(source)!, ofBytes);
}

function compileOfBytes(pattern: Bytes, source: Bytes, patience: Patience): LazyExpression {
  const prepared = prepareProgram(source);
  const effort = new MachineEffort();
  return new LazyExpression("pcre2", pattern, () => new PatternMatcher(prepared(), effort, patience), effort);
}

/**
 * A pattern in UTF or UCP mode. On ASCII it means what it means without, so that the machine can run it, and give up. What
 * else there is runs as RegExp, which cannot.
 */
class UnicodeExpression implements Expression {
  readonly dialect = "pcre2";
  readonly pattern: Bytes;
  readonly needs = NO_NEEDS;
  readonly effort: Effort | undefined;
  readonly #unicode: Expression;
  readonly #ofBytes: LazyExpression | null;

  constructor(pattern: Bytes, unicode: Expression, ofBytes: LazyExpression | null) {
    this.pattern = pattern;
    this.#unicode = unicode;
    this.#ofBytes = ofBytes;
    this.effort = ofBytes?.effort;
  }

  test(subject: Bytes): boolean {
    return this.#for(subject).test(subject);
  }

  match(subject: Bytes): MatchResult | null {
    return this.#for(subject).match(subject);
  }

  #for(subject: Bytes): Expression {
    return this.#ofBytes !== null && isAscii(subject) ? this.#ofBytes : this.#unicode;
  }
}

/** These may name a character that there is in UTF mode only; octal digits do from `\400` on. */
const NAMED_CHARACTER = /\\[xoN4-7]/;

/** Null where the pattern cannot be said without them. @throws ExpressionError for what is no pattern with them either */
function withoutModes(pattern: Bytes, source: Bytes, patience: Patience): LazyExpression | null {
  try {
    return compileOfBytes(pattern, source.replace(UNICODE_START, ""), patience);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (error.code === "invalid" && !NAMED_CHARACTER.test(pattern)) throw error;
    return null;
  }
}

/** What the matching machine of one pattern may spend, and how often that was not enough. */
class MachineEffort implements Effort {
  giveUps = 0;
  limit = Number.POSITIVE_INFINITY;

  curtail(steps: number): void {
    this.limit = Math.min(this.limit, steps);
    // They took more, maybe.
    forgetAnswers();
  }
}

class PatternMatcher implements Matcher {
  readonly needs: Needs;
  readonly #program: Program;
  readonly #effort: MachineEffort;
  readonly #patience: Patience;
  readonly #machine: Machine;
  /** Bytes that the machine has searched. */
  #searched = 0;
  #translated: Translated | null | undefined;
  #cannotMatch: ((subject: Bytes) => boolean) | null | undefined;
  #starts: RegExp | null = null;

  constructor(program: Program, effort: MachineEffort, patience: Patience) {
    this.#program = program;
    this.#effort = effort;
    this.#patience = patience;
    this.#machine = new Machine(program);
    this.#translated = translateWords(program);
    this.needs = needsOf(program);
    this.#improve();
  }

  test(subject: Bytes): boolean {
    return this.#translated?.test(subject) ?? this.#answer(subject);
  }

  match(subject: Bytes): MatchResult | null {
    const found = this.#translated?.match(subject);
    if (found !== undefined) return found;
    return this.#find(subject) ? resultOf(this.#machine, subject) : null;
  }

  translation(): Translation | null {
    return this.#translated?.translation ?? null;
  }

  #answer(subject: Bytes): boolean {
    if (this.#cannotMatch?.(subject)) return false;
    const known = knownAnswer(this.#program, subject);
    if (known !== undefined) return known;
    const { giveUps, steps } = this.#machine;
    const found = this.#search(subject);
    // Where it gave up, that is to be counted each time.
    const isCostly = this.#machine.steps - steps >= COSTLY;
    if (isCostly && this.#machine.giveUps === giveUps) rememberAnswer(this.#program, subject, found);
    return found;
  }

  #find(subject: Bytes): boolean {
    return this.#cannotMatch?.(subject) ? false : this.#search(subject);
  }

  #search(subject: Bytes): boolean {
    const machine = this.#machine;
    machine.matchLimit = Math.min(this.#program.settings.matchLimit, this.#effort.limit);
    const found = search(this.#program, machine, subject, this.#starts);
    this.#effort.giveUps = machine.giveUps;
    this.#searched += subject.length;
    this.#improve();
    return found;
  }

  #improve(): void {
    const { ruledOut, translated } = this.#patience;
    if (this.#cannotMatch === undefined && this.#searched >= ruledOut) {
      this.#cannotMatch = this.#program.wider();
      this.#starts = this.#program.starts();
    }
    if (this.#translated === undefined && this.#searched >= translated) this.#translated = translate(this.#program);
  }
}

function resultOf({ captures, highest }: Machine, subject: Bytes): MatchResult {
  const groups: Bytes[] = [];
  for (let slot = 2; slot <= highest * 2; slot += 2) {
    groups.push(captures[slot]! < 0 ? "" : subject.slice(captures[slot], captures[slot + 1]));
  }
  return { end: captures[1]! - 1, groups };
}

/** Nothing is told of a pattern that may match an empty subject. */
function needsOf({ start: { anchored, first, set, text, minLength } }: Program): Needs {
  let firstBytes: Uint8Array | null = null;
  if (anchored && minLength > 0 && first) {
    firstBytes = new Uint8Array(256);
    const code = first.char.charCodeAt(0);
    firstBytes[code] = 1;
    if (first.caseless) firstBytes[otherCase(code)] = 1;
  } else if (anchored && minLength > 0 && set) firstBytes = set;
  return { firstBytes, texts: text?.texts ?? null };
}
