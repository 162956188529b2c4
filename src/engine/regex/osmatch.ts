/**
 * OS_Match: alternatives of literal text, ASCII case ignored, `^` and `$` as anchors, one leading `!` negating the
 * whole. Nothing can be escaped. Behaviour of os_match_compile.c and os_match_execute.c.
 */
import type { Bytes } from "../bytes.js";
import { asciiLower, cString, LOWER } from "./ascii.js";
import { type Expression, ExpressionError, type MatchResult, type Needs, NO_NEEDS } from "./expression.js";
import { LazyExpression, type Matcher } from "./lazy-expression.js";
import { textSource } from "./regexp-source.js";

/** Longest pattern of osmatch and osregex, in bytes. */
export const PATTERN_MAX_SIZE = 20_480;

type LoweredTest = (lowered: Bytes) => boolean;

/**
 * Compiles an osmatch pattern. It has no end offset and no groups: `match` gives the subject's last byte and none.
 * @throws ExpressionError when the pattern is longer than 20,480 bytes; nothing else is refused
 */
export function compileOsMatch(source: Bytes): Expression {
  const pattern = cString(source);
  if (pattern.length > PATTERN_MAX_SIZE) {
    throw new ExpressionError(
      "invalid",
      source,
      `osmatch pattern of ${pattern.length} bytes, at most 20480 are allowed`,
    );
  }
  return new LazyExpression("osmatch", source, () => matcherOf(pattern));
}

function matcherOf(pattern: Bytes): Matcher {
  const negated = pattern.startsWith("!");
  const alternatives = asciiLower(negated ? pattern.slice(1) : pattern).split("|");
  const matches = anyOf(alternatives);
  const test = (subject: Bytes): boolean => matches(asciiLower(subject)) !== negated;
  const match = (subject: Bytes): MatchResult | null =>
    test(subject) ? { end: subject.length - 1, groups: [] } : null;
  return { needs: negated ? NO_NEEDS : needsOf(alternatives), test, match };
}

function anyOf(alternatives: readonly Bytes[]): LoweredTest {
  if (alternatives.some(alwaysMatches)) return () => true;
  const anchored = alternatives.filter(isAnchored).map(anchoredTest);
  const contained = new Set(alternatives.filter((text) => !isAnchored(text) && canBeContained(text)));
  const tests = contained.size > 0 ? [containsAny([...contained]), ...anchored] : anchored;
  if (tests.length === 1) return tests[0]!;
  return (lowered) => {
    for (const test of tests) if (test(lowered)) return true;
    return false;
  };
}

/** Also of an anchored alternative the text must be somewhere. */
function needsOf(alternatives: readonly Bytes[]): Needs {
  if (alternatives.some(alwaysMatches)) return NO_NEEDS;
  const possible = alternatives.filter((text) => isAnchored(text) || canBeContained(text));
  const texts = possible.map((text) => text.slice(text.startsWith("^") ? 1 : 0, text.endsWith("$") ? -1 : undefined));
  return { firstBytes: firstBytesOf(possible), texts: texts.includes("") ? null : texts.map((text) => [text]) };
}

/** Where all alternatives stand at the beginning; in both cases. */
function firstBytesOf(alternatives: readonly Bytes[]): Uint8Array | null {
  const bytes = new Uint8Array(256);
  for (const alternative of alternatives) {
    // `^$` is the empty subject's, which has no first byte.
    if (!alternative.startsWith("^") || alternative === "^$") return null;
    const first = alternative.charCodeAt(1);
    for (let byte = 0; byte < 256; byte++) if (LOWER[byte] === first) bytes[byte] = 1;
  }
  return bytes;
}

function alwaysMatches(alternative: Bytes): boolean {
  return alternative === "" || alternative === "^" || alternative === "$";
}

function isAnchored(alternative: Bytes): boolean {
  return alternative.startsWith("^") || alternative.endsWith("$");
}

/** The search inside the text compares signed with unsigned bytes: bytes above 127 never match there, anchored ones do. */
function canBeContained(text: Bytes): boolean {
  return !/[\x80-\xff]/.test(text);
}

/** Several texts are looked for in one pass. */
function containsAny(texts: readonly Bytes[]): LoweredTest {
  const [only, ...others] = texts;
  if (others.length === 0) return (lowered) => lowered.includes(only!);
  const scanner = new RegExp(texts.map(textSource).join("|"));
  return (lowered) => scanner.test(lowered);
}

function anchoredTest(alternative: Bytes): LoweredTest {
  const begins = alternative.startsWith("^");
  const ends = alternative.endsWith("$");
  const text = alternative.slice(begins ? 1 : 0, ends ? -1 : undefined);
  if (begins && ends) return (lowered) => lowered === text;
  return begins ? (lowered) => lowered.startsWith(text) : (lowered) => lowered.endsWith(text);
}
