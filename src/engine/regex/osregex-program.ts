/**
 * Compilation of OS_Regex patterns (os_regex_compile.c): text to alternatives, each a row of words.
 */
import type { Bytes } from "../bytes.js";
import { cString, LOWER } from "./ascii.js";
import { ExpressionError } from "./expression.js";
import { PATTERN_MAX_SIZE } from "./osmatch.js";
import {
  CLASS,
  END,
  LITERAL,
  MARK,
  ONCE,
  PLUS,
  type Row,
  STAR,
  store,
  type Word,
  withFinish,
  withNearEnd,
  withSlot,
  wordOf,
} from "./osregex-word.js";

/** A mark is compared as this byte where the real engine mistakes it for a literal. */
const MARK_BYTE = 0x28;
const DOLLAR = 0x24;

/** One alternative of a pattern; an `END` stands behind its words. */
export interface Alternative extends Row {
  /** `^`: only the start of the subject is tried. */
  readonly begin: boolean;
  /** `$`: the match must use up the subject. */
  readonly end: boolean;
  /** Some alternative of the pattern has groups, and they are wanted. */
  readonly capturing: boolean;
  /** Number of marks. */
  readonly slots: number;
  /** Lower-cased texts without which no subject can match, the one that tells most first. */
  readonly required: readonly Bytes[];
  /** The whole alternative is this literal text (lower-cased), else null. */
  readonly literal: Bytes | null;
  /** The literal text (lower-cased) that every attempt begins with, behind one mark at most; empty when it has none. */
  readonly prefix: Bytes;
  /** Without a prefix: the literal text (lower-cased) behind so many unquantified classes at the beginning, or empty. */
  readonly lead: number;
  readonly leadText: Bytes;
}

/** What nearly every log holds. */
const COMMON = /^[a-z0-9 :./,="[\]()-]$/;

/** A byte without which none of these can match, and which few logs hold; null where they share none. */
export function rareByteOf(alternatives: readonly Alternative[]): Bytes | null {
  const text = alternatives[0]?.required[0];
  if (text?.length !== 1 || COMMON.test(text)) return null;
  return alternatives.every(({ required }) => required[0] === text) ? text : null;
}

const ESCAPES = "dwsp()\\DWS.t$|<";

/** 256 bytes per escape, in the order of `ESCAPES`: 1 where the class contains the byte. */
export const CLASS_MAP: Uint8Array = buildClassMap();

function buildClassMap(): Uint8Array {
  const digit = /[0-9]/;
  const word = /[A-Za-z0-9\-@_]/;
  const space = / /;
  const punctuation = /[!-.:-?[\]{|}]/;
  const contains: readonly ((byte: string) => boolean)[] = [
    (byte) => digit.test(byte),
    (byte) => word.test(byte),
    (byte) => space.test(byte),
    (byte) => punctuation.test(byte),
    (byte) => byte === "(",
    (byte) => byte === ")",
    (byte) => byte === "\\",
    (byte) => !digit.test(byte),
    (byte) => !word.test(byte),
    (byte) => !space.test(byte),
    () => true,
    (byte) => byte === "\t",
    (byte) => byte === "$",
    (byte) => byte === "|",
    (byte) => byte === "<",
  ];
  const map = new Uint8Array(contains.length * 256);
  contains.forEach((test, row) => {
    for (let byte = 0; byte < 256; byte++) map[row * 256 + byte] = test(String.fromCharCode(byte)) ? 1 : 0;
  });
  return map;
}

/**
 * Reads the alternatives of a pattern.
 * @throws ExpressionError for what the real compiler refuses: over 20,480 bytes, unknown escapes, nested or unbalanced
 * parentheses, `|` inside a group
 */
export function parseAlternatives(source: Bytes): readonly Tokens[] {
  const pattern = cString(source);
  const refuse = (reason: string): ExpressionError => new ExpressionError("invalid", source, `osregex: ${reason}`);
  if (pattern.length > PATTERN_MAX_SIZE) throw refuse(`pattern of ${pattern.length} bytes, at most 20480 are allowed`);
  const alternatives: Tokens[] = [];
  let tokens: Token[] = [];
  let begin = false;
  let depth = 0;
  let start = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === "\\") {
      const row = i + 1 < pattern.length ? ESCAPES.indexOf(pattern[++i]!) : -1;
      if (row < 0) throw refuse(`unknown escape "${pattern.slice(i - 1, i + 1)}"`);
      const quantifier = pattern[i + 1] === "+" ? PLUS : pattern[i + 1] === "*" ? STAR : ONCE;
      if (quantifier !== ONCE) i++;
      tokens.push({ kind: CLASS, quantifier, value: row });
    } else if (char === "|") {
      if (depth !== 0) throw refuse('"|" inside a group');
      alternatives.push({ tokens, begin });
      tokens = [];
      begin = false;
      start = i + 1;
    } else if (char === "^" && i === start) {
      begin = true;
    } else if (char === "(" || char === ")") {
      depth += char === "(" ? 1 : -1;
      if (depth < 0 || depth > 1) throw refuse(depth < 0 ? '")" without "("' : "group inside a group");
      tokens.push({ kind: MARK, quantifier: ONCE, value: MARK_BYTE });
    } else {
      tokens.push({ kind: LITERAL, quantifier: ONCE, value: comparedAs(char.charCodeAt(0)) });
    }
  }
  if (depth !== 0) throw refuse('"(" without ")"');
  alternatives.push({ tokens, begin });
  return alternatives;
}

/** The real engine compares the pattern's signed bytes with the subject's unsigned ones: above 127 they never agree. */
function comparedAs(byte: number): number {
  return byte > 127 ? byte + 256 : LOWER[byte]!;
}

/** One token as it was read. */
export interface Token {
  readonly kind: number;
  readonly quantifier: number;
  /** Number of a class, byte of a literal or a mark. */
  readonly value: number;
}

/** One alternative as it was read. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly begin: boolean;
}

const THE_END: Token = { kind: END, quantifier: ONCE, value: 0 };

/** Makes a pattern's alternatives ready to run. @param captures groups are wanted */
export function assembleAll(parsed: readonly Tokens[], captures: boolean): Alternative[] {
  const capturing = captures && parsed.some(({ tokens }) => tokens.some(({ kind }) => kind === MARK));
  return parsed.map((each) => assemble(each, capturing));
}

function assemble({ tokens: all, begin }: Tokens, capturing: boolean): Alternative {
  const lastOfAll = all.at(-1);
  const end = lastOfAll?.kind === LITERAL && lastOfAll.value === DOLLAR;
  const tokens = end ? all.slice(0, -1) : all;
  const words: Word[] = [];
  let slots = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const { kind, quantifier, value } = tokens[at] ?? THE_END;
    let word = wordOf(kind, quantifier, value);
    if (kind === MARK) word = withSlot(word, slots++);
    if (kind === CLASS && endsSoon(tokens, at)) word = withNearEnd(word);
    if (mayFinish(tokens, at, false)) word = withFinish(word, false);
    if (mayFinish(tokens, at, true)) word = withFinish(word, true);
    words.push(word);
  }
  const literal = tokens.length > 0 && tokens.every((token) => token.kind === LITERAL) ? textOf(tokens) : null;
  return {
    begin,
    end,
    ...store(words),
    capturing,
    slots,
    literal,
    required: requiredTexts(tokens),
    prefix: prefixText(tokens),
    ...leadOf(tokens, begin),
  };
}

function prefixText(tokens: readonly Token[]): Bytes {
  const start = tokens[0]?.kind === MARK ? 1 : 0;
  let end = start;
  while (tokens[end]?.kind === LITERAL) end++;
  return textOf(tokens.slice(start, end));
}

/** A shorter text is found too often to be worth looking for. */
const SHORTEST_LEAD_TEXT = 3;

function leadOf(tokens: readonly Token[], begin: boolean): Pick<Alternative, "lead" | "leadText"> {
  let lead = 0;
  while (tokens[lead]?.kind === CLASS && tokens[lead]!.quantifier === ONCE) lead++;
  let end = lead;
  while (tokens[end]?.kind === LITERAL) end++;
  if (begin || lead === 0 || end - lead < SHORTEST_LEAD_TEXT) return { lead: 0, leadText: "" };
  return { lead, leadText: textOf(tokens.slice(lead, end)) };
}

function endsSoon(tokens: readonly Token[], at: number): boolean {
  if (at === tokens.length - 1) return true;
  return tokens[at]!.quantifier === ONCE && at === tokens.length - 2 && tokens[at + 1]!.kind !== CLASS;
}

/**
 * The real engine's tests once the subject is used up: one mark may be skipped, a repetition under way may be closed,
 * one starred class left out. They share one moving position, so a test that fails half-way shifts the next.
 */
function mayFinish(tokens: readonly Token[], start: number, repeating: boolean): boolean {
  let at = behindMark(tokens, start);
  if (at === tokens.length) return true;
  if (repeating && tokens[at]!.kind === CLASS) {
    const repeated = tokens[at]!.quantifier !== ONCE;
    at++;
    if (repeated) {
      at = behindMark(tokens, at);
      if (at === tokens.length) return true;
      if (tokens[at]!.kind === CLASS) {
        const { quantifier } = tokens[at]!;
        if (quantifier === PLUS) return false;
        at++;
        if (quantifier === STAR) {
          at = behindMark(tokens, at);
          if (at === tokens.length) return true;
        }
      }
    }
  }
  if (at === tokens.length || tokens[at]!.kind !== CLASS || tokens[at]!.quantifier !== STAR) return false;
  return behindMark(tokens, at + 1) === tokens.length;
}

function behindMark(tokens: readonly Token[], at: number): number {
  return at < tokens.length && tokens[at]!.kind === MARK ? at + 1 : at;
}

function textOf(tokens: readonly Token[]): Bytes {
  return String.fromCharCode(...tokens.map((token) => token.value));
}

/**
 * The runs of literals, each of which every match holds side by side: from one literal to the next the execution only
 * ever steps to the next byte, over at most one mark. A literal that ends the pattern right behind an unquantified class
 * is left out, because the engine may stop before it (`nearEnd`).
 */
function requiredTexts(tokens: readonly Token[]): Bytes[] {
  const usable = endsSoonBeforeLiteral(tokens) ? tokens.slice(0, -1) : tokens;
  const runs: Token[][] = [[]];
  usable.forEach((token, i) => {
    if (token.kind === LITERAL) runs.at(-1)!.push(token);
    else if (token.kind === CLASS || usable[i - 1]?.kind === MARK) runs.push([]);
  });
  return [...new Set(runs.map(textOf))].filter((text) => text !== "").toSorted(byRarity);
}

/** The longest first; of single bytes those that are not in every log. */
function byRarity(a: Bytes, b: Bytes): number {
  return b.length - a.length || Number(COMMON.test(a)) - Number(COMMON.test(b));
}

function endsSoonBeforeLiteral(tokens: readonly Token[]): boolean {
  const before = tokens.at(-2);
  return before !== undefined && before.kind === CLASS && before.quantifier === ONCE;
}
