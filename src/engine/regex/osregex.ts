/** OS_Regex: the real engine's own dialect. Alternatives are tried in order, the first that matches wins. */
import type { Bytes } from "../bytes.js";
import { LOWER } from "./ascii.js";
import type { Expression, MatchResult, Needs } from "./expression.js";
import { LazyExpression, type Matcher } from "./lazy-expression.js";
import { compileGate } from "./osregex-gate.js";
import {
  type Alternative,
  assemble,
  CLASS_MAP,
  parseAlternatives,
  rareByteOf,
  type Tokens,
} from "./osregex-program.js";
import { AlternativeRunner, NO_MATCH } from "./osregex-runner.js";
import { byteOf, CLASS, kindOf, LITERAL, ONCE, quantifierOf, rowOf, STAR } from "./osregex-word.js";

/**
 * Compiles an osregex pattern.
 * @param options.captures false compiles it as for prematch and rules. Some patterns then match otherwise: capturing
 * moves the final test, and a group that ends before it starts makes the whole a mismatch
 * @throws ExpressionError where the real compiler refuses
 */
export function compileOsRegex(pattern: Bytes, options: { readonly captures?: boolean } = {}): Expression {
  const parsed = parseAlternatives(pattern);
  return new LazyExpression("osregex", pattern, () => matcherOf(parsed, options.captures !== false));
}

function matcherOf(parsed: readonly Tokens[], captures: boolean): Matcher {
  const alternatives = parsed.map(assemble);
  const capturing = captures && alternatives.some((alternative) => alternative.slots > 0);
  const runners = alternatives.map((alternative) => new AlternativeRunner(alternative, capturing));
  const rareByte = rareByteOf(alternatives);
  const gate = isDearToFail(alternatives) ? compileGate(alternatives) : null;
  const cannotMatch = (subject: Bytes): boolean =>
    (rareByte !== null && !subject.includes(rareByte)) || (gate !== null && !gate.test(subject));

  const test = (subject: Bytes): boolean => {
    if (cannotMatch(subject)) return false;
    for (const runner of runners) {
      if (runner.run(subject) !== NO_MATCH) return runner.groupsAreSound();
    }
    return false;
  };
  const match = (subject: Bytes): MatchResult | null => {
    if (cannotMatch(subject)) return null;
    for (const runner of runners) {
      const end = runner.run(subject);
      if (end === NO_MATCH) continue;
      const groups = runner.groups(subject);
      return groups && { end, groups };
    }
    return null;
  };
  return { needs: needsOf(alternatives), test, match };
}

/**
 * Alternatives that begin with a literal text fail soon, and so does a single one that is tried at the start only, unless
 * it begins with a repeat.
 */
function isDearToFail(alternatives: readonly Alternative[]): boolean {
  return alternatives.some(
    ({ prefix, lead, begin, words, first }) =>
      prefix === "" && lead === 0 && (alternatives.length > 1 || !begin || quantifierOf(words[first]!) !== ONCE),
  );
}

/** More texts than this tell little more. */
const MOST_TEXTS = 4;

function needsOf(alternatives: readonly Alternative[]): Needs {
  const texts = alternatives.map(({ required }) => required.slice(0, MOST_TEXTS));
  return { firstBytes: firstBytesOf(alternatives), texts: texts.every(({ length }) => length > 0) ? texts : null };
}

/** Where every alternative is tried at the start only, and its first token takes a byte. */
function firstBytesOf(alternatives: readonly Alternative[]): Uint8Array | null {
  const bytes = new Uint8Array(256);
  for (const { begin, words, first } of alternatives) {
    if (!begin) return null;
    const word = words[first]!;
    const kind = kindOf(word);
    if (kind === LITERAL) {
      for (let each = 0; each < 256; each++) if (LOWER[each] === byteOf(word)) bytes[each] = 1;
    } else if (kind === CLASS && quantifierOf(word) !== STAR) {
      for (let each = 0; each < 256; each++) if (CLASS_MAP[rowOf(word) + each] === 1) bytes[each] = 1;
    } else return null;
  }
  return bytes;
}
