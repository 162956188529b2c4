/** OS_Regex: the real engine's own dialect. Alternatives are tried in order, the first that matches wins. */
import type { Bytes } from "../bytes.js";
import { LOWER } from "./ascii.js";
import type { Expression, MatchResult, Needs } from "./expression.js";
import { LazyExpression, type Matcher } from "./lazy-expression.js";
import { compileGate } from "./osregex-gate.js";
import { type Alternative, assembleAll, CLASS_MAP, parseAlternatives, rareByteOf } from "./osregex-program.js";
import { groupsAreSound, groupsOf, NO_MATCH, run } from "./osregex-runner.js";
import { byteOf, CLASS, kindOf, LITERAL, ONCE, quantifierOf, rowOf, STAR } from "./osregex-word.js";

/**
 * Compiles an osregex pattern.
 * @param options.captures false compiles it as for prematch and rules. Some patterns then match otherwise: capturing
 * moves the final test, and a group that ends before it starts makes the whole a mismatch
 * @throws ExpressionError where the real compiler refuses
 */
export function compileOsRegex(pattern: Bytes, options: { readonly captures?: boolean } = {}): Expression {
  const parsed = parseAlternatives(pattern);
  return new LazyExpression(
    "osregex",
    pattern,
    () => new PatternMatcher(assembleAll(parsed, options.captures !== false)),
  );
}

class PatternMatcher implements Matcher {
  readonly needs: Needs;
  readonly #first: Alternative;
  readonly #others: readonly Alternative[];
  readonly #rareByte: Bytes | null;
  readonly #gate: RegExp | null;

  constructor(alternatives: readonly Alternative[]) {
    const [first, ...others] = alternatives;
    this.needs = needsOf(alternatives);
    this.#first = first!;
    this.#others = others;
    this.#rareByte = rareByteOf(alternatives);
    this.#gate = isDearToFail(alternatives) ? compileGate(alternatives) : null;
  }

  test(subject: Bytes): boolean {
    if (this.#cannotMatch(subject)) return false;
    if (run(this.#first, subject) !== NO_MATCH) return groupsAreSound(this.#first);
    for (const other of this.#others) if (run(other, subject) !== NO_MATCH) return groupsAreSound(other);
    return false;
  }

  match(subject: Bytes): MatchResult | null {
    if (this.#cannotMatch(subject)) return null;
    const end = run(this.#first, subject);
    if (end !== NO_MATCH) return resultOf(this.#first, subject, end);
    for (const other of this.#others) {
      const end = run(other, subject);
      if (end !== NO_MATCH) return resultOf(other, subject, end);
    }
    return null;
  }

  #cannotMatch(subject: Bytes): boolean {
    return (
      (this.#rareByte !== null && !subject.includes(this.#rareByte)) ||
      (this.#gate !== null && !this.#gate.test(subject))
    );
  }
}

function resultOf(alternative: Alternative, subject: Bytes, end: number): MatchResult | null {
  const groups = groupsOf(alternative, subject);
  return groups && { end, groups };
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
