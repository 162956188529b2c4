/**
 * PCRE2 10.42 as the real engine uses it: option bits 0 (bytes, no UTF, case counts), default limits, the library's
 * interpreter. Patterns are compiled to the instructions that PCRE2 would make of them and run step for step, so that
 * its optimizations and its limits (10,000,000 steps from one start, then "no match") decide as they do there.
 */
import type { Bytes } from "../bytes.js";
import { cString } from "./ascii.js";
import type { Effort, Expression, MatchResult, Needs } from "./expression.js";
import { LazyExpression, type Matcher } from "./lazy-expression.js";
import { otherCase } from "./pcre2/char-set.js";
import { Machine } from "./pcre2/machine.js";
import { type Program, prepareProgram } from "./pcre2/program.js";
import { search } from "./pcre2/search.js";
import { compileTranslations, type Translated } from "./pcre2/translated.js";
import { compileUnicode } from "./pcre2/unicode.js";

/**
 * Compiles a PCRE2 pattern.
 * @throws ExpressionError `invalid` where PCRE2 refuses the pattern; `unsupported` for newlines of more than one byte,
 * script runs, unknown properties and, in UTF and UCP modes, what JavaScript's regular expressions cannot say
 */
export function compilePcre2(pattern: Bytes): Expression {
  const unicode = compileUnicode(cString(pattern));
  if (unicode) return unicode;
  const prepared = prepareProgram(cString(pattern));
  const effort = new MachineEffort();
  return new LazyExpression("pcre2", pattern, () => new PatternMatcher(prepared(), effort), effort);
}

/** What the matching machine of one pattern may spend, and how often that was not enough. */
class MachineEffort implements Effort {
  giveUps = 0;
  limit = Number.POSITIVE_INFINITY;

  curtail(steps: number): void {
    this.limit = Math.min(this.limit, steps);
  }
}

class PatternMatcher implements Matcher {
  readonly needs: Needs;
  readonly #program: Program;
  readonly #effort: MachineEffort;
  // Made when they are first needed.
  #translated: Translated | null | undefined;
  #cannotMatch: ((subject: Bytes) => boolean) | null | undefined;
  #machine: Machine | null = null;

  constructor(program: Program, effort: MachineEffort) {
    this.#program = program;
    this.#effort = effort;
    this.needs = needsOf(program);
  }

  test(subject: Bytes): boolean {
    return this.#quick()?.test(subject) ?? this.#find(subject);
  }

  match(subject: Bytes): MatchResult | null {
    const found = this.#quick()?.match(subject);
    if (found !== undefined) return found;
    return this.#find(subject) ? resultOf(this.#machine!, subject) : null;
  }

  #quick(): Translated | null {
    if (this.#translated === undefined) this.#translated = compileTranslations(this.#program);
    return this.#translated;
  }

  #find(subject: Bytes): boolean {
    if (this.#cannotMatch === undefined) this.#cannotMatch = this.#program.wider();
    if (this.#cannotMatch?.(subject)) return false;
    this.#machine ??= new Machine(this.#program);
    const machine = this.#machine;
    machine.matchLimit = Math.min(this.#program.settings.matchLimit, this.#effort.limit);
    const found = search(this.#program, machine, subject);
    this.#effort.giveUps = machine.giveUps;
    return found;
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
