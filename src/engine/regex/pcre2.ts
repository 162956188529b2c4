/**
 * PCRE2 10.42 as the real engine uses it: option bits 0 (bytes, no UTF, case counts), default limits, the library's
 * interpreter. Patterns are compiled to the instructions that PCRE2 would make of them and run step for step, so that
 * its optimizations and its limits (10,000,000 steps from one start, then "no match") decide as they do there.
 */
import type { Bytes } from "../bytes.js";
import { cString } from "./ascii.js";
import type { Effort, Expression, MatchResult, Needs } from "./expression.js";
import { otherCase } from "./pcre2/char-set.js";
import { Machine } from "./pcre2/machine.js";
import { compileProgram, type Program } from "./pcre2/program.js";
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
  const program = compileProgram(cString(pattern));
  let machine: Machine | undefined;
  let limit = program.settings.matchLimit;
  let cannotMatch: ((subject: Bytes) => boolean) | null | undefined;
  const find = (subject: Bytes): boolean => {
    if (cannotMatch === undefined) cannotMatch = program.wider();
    if (cannotMatch?.(subject)) return false;
    if (machine === undefined) {
      machine = new Machine(program);
      machine.matchLimit = limit;
    }
    return search(program, machine, subject);
  };
  let translated: Translated | null | undefined;
  const quick = (): Translated | null => {
    if (translated === undefined) translated = compileTranslations(program);
    return translated;
  };
  const effort: Effort = {
    get giveUps() {
      return machine?.giveUps ?? 0;
    },
    curtail: (steps) => {
      limit = Math.min(limit, steps);
      if (machine !== undefined) machine.matchLimit = limit;
    },
  };
  return {
    dialect: "pcre2",
    pattern,
    needs: needsOf(program),
    effort,
    test: (subject) => quick()?.test(subject) ?? find(subject),
    match: (subject) => {
      const found = quick()?.match(subject);
      if (found !== undefined) return found;
      return find(subject) ? resultOf(machine!, subject) : null;
    },
  };
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
