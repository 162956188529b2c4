/**
 * Execution of one OS_Regex alternative (os_regex_execute.c), byte for byte with its oddities: repetitions are lazy and
 * hand over at the first byte where the next token fits, at most four such places are remembered for a second try, the
 * end offset is wherever the last step happened to leave it, and group marks once set are never undone.
 */
import type { Bytes } from "../bytes.js";
import { asciiLower, LOWER } from "./ascii.js";
import { PATTERN_MAX_SIZE } from "./osmatch.js";
import { type Alternative, CLASS_MAP } from "./osregex-program.js";
import {
  byteOf,
  CLASS,
  END,
  finishes,
  isNearEnd,
  kindOf,
  MARK,
  ONCE,
  PLUS,
  quantifierOf,
  rowOf,
  STAR,
  slotOf,
} from "./osregex-word.js";

// Constants of this module are read faster than another's.
const classMap = CLASS_MAP;
const lower = LOWER;

/** No match; -1 is an end offset that the real engine does report. */
export const NO_MATCH = -2;

const UNSET = -1;
/** Places that are remembered for a second try. */
const RETRIES = 4;

/** Scratch memory of the run at hand: where its marks stand in the subject, and the places for a second try. */
const marks = new Int32Array(PATTERN_MAX_SIZE);
const retryToken = new Int32Array(RETRIES);
const retryOffset = new Int32Array(RETRIES);

/** End offset of the match, or `NO_MATCH`. */
export function run(alternative: Alternative, subject: Bytes): number {
  const { literal, required, begin, prefix, leadText } = alternative;
  if (literal !== null) return find(alternative, literal, subject);
  if (begin) {
    if (!startsWith(subject, prefix)) return NO_MATCH;
  } else if (
    required.length > 0 &&
    required[0] !== prefix &&
    required[0] !== leadText &&
    !asciiLower(subject).includes(required[0]!)
  ) {
    // What attempts begin with is looked for below.
    return NO_MATCH;
  }
  return execute(alternative, subject);
}

/**
 * Groups of the run before, which matched, up to the first one whose mark is unset. Null when a group ends before it
 * starts: the real engine then fails to allocate its text and reports no match at all.
 */
export function groupsOf({ capturing, slots }: Alternative, subject: Bytes): Bytes[] | null {
  const count = capturing ? numberOfGroups(slots) : 0;
  if (count === UNSOUND) return null;
  // As long as it will be: an array that grows takes room for sixteen.
  const groups = new Array<Bytes>(count);
  for (let group = 0; group < count; group++) groups[group] = subject.slice(marks[2 * group]!, marks[2 * group + 1]!);
  return groups;
}

const UNSOUND = -1;

/** Of those in front of the first unset mark; UNSOUND where one of them ends before it starts. */
function numberOfGroups(slots: number): number {
  let slot = 0;
  for (; slot + 1 < slots; slot += 2) {
    const open = marks[slot]!;
    const close = marks[slot + 1]!;
    if (open === UNSET || close === UNSET) break;
    if (close < open) return UNSOUND;
  }
  return slot >> 1;
}

/** As `groupsOf() !== null`, without building them. */
export function groupsAreSound({ capturing, slots }: Alternative): boolean {
  return !capturing || numberOfGroups(slots) !== UNSOUND;
}

function find({ begin, end }: Alternative, literal: Bytes, subject: Bytes): number {
  if (begin) {
    const fits = startsWith(subject, literal) && (!end || subject.length === literal.length);
    return fits ? literal.length - 1 : NO_MATCH;
  }
  const lowered = asciiLower(subject);
  if (end) return lowered.endsWith(literal) ? lowered.length - 1 : NO_MATCH;
  const at = lowered.indexOf(literal);
  return at < 0 ? NO_MATCH : at + literal.length - 1;
}

function execute(alternative: Alternative, subject: Bytes): number {
  const { words, first, slots, capturing, begin, end, prefix, lead, leadText } = alternative;
  const lowered = begin || (prefix === "" && lead === 0) ? "" : asciiLower(subject);
  const length = subject.length;
  // `fill` is a call that costs more than so few marks.
  if (capturing) for (let mark = 0; mark < slots; mark++) marks[mark] = UNSET;

  let retries = 0;
  let token = first;
  let result = 0;
  /** A repetition is under way. */
  let repeating = false;
  /** Where this attempt consumed its first byte outside a repetition; the next attempt starts behind it. */
  let attempt = UNSET;

  let at = 0;
  for (; at < length; at++) {
    let word = words[token]!;
    if (token === first && prefix !== "") {
      // Until its literal beginning is found an attempt fails byte by byte and leaves nothing behind.
      const found = begin ? 0 : lowered.indexOf(prefix, at);
      if (found < 0) return NO_MATCH;
      if (kindOf(word) === MARK) {
        if (capturing) marks[slotOf(word)] = found;
        token++;
      }
      token += prefix.length;
      attempt = found;
      at = found + prefix.length - 1;
      result = at;
      continue;
    }
    if (token === first && lead > 0) {
      // So it is with what stands in front of such a text.
      const found = lowered.indexOf(leadText, at + lead);
      if (found < 0) return NO_MATCH;
      at = found - lead;
      let fits = 0;
      while (fits < lead && classMap[rowOf(words[first + fits]!) + subject.charCodeAt(at + fits)] === 1) fits++;
      if (fits < lead) continue;
      token = first + lead + leadText.length;
      attempt = at;
      at = found + leadText.length - 1;
      result = at;
      continue;
    }
    let kind = kindOf(word);
    if (kind === END) {
      if (!end) return result;
    } else if (kind === MARK) {
      if (capturing) marks[slotOf(word)] = at;
      token++;
      word = words[token]!;
      kind = kindOf(word);
      if (kind === END && !end) return result;
    }

    const char = subject.charCodeAt(at);
    if (kind === CLASS) {
      const repeat = quantifierOf(word);
      const own = rowOf(word);
      if (classMap[own + char] === 1) {
        if (repeat === ONCE) {
          token++;
          if (attempt === UNSET) attempt = at;
          result = at;
          continue;
        }
        if (repeat === STAR) repeating = true;
        let next = token + 1;
        let nextWord = words[next]!;
        const marked = kindOf(nextWord) === MARK;
        const mark = slotOf(nextWord);
        if (!repeating) {
          if (capturing && marked) marks[mark] = at + 1 === length ? at + 1 : at;
          repeating = true;
          result = at;
          continue;
        }
        // Does the token behind the repetition fit this byte too? Then it takes over.
        if (marked) {
          next++;
          nextWord = words[next]!;
        }
        const nextKind = kindOf(nextWord);
        if (nextKind === END) {
          while (at + 1 < length && classMap[own + subject.charCodeAt(at + 1)] === 1) at++;
          if (capturing && marked) marks[mark] = at + 1;
          continue;
        }
        let step = -1;
        if (nextKind === CLASS) {
          if (classMap[rowOf(nextWord) + char] === 1) step = quantifierOf(nextWord) === ONCE ? 1 : 0;
        } else if (byteOf(nextWord) === lower[char]) {
          repeating = false;
          step = 1;
        }
        if (step >= 0) {
          if (capturing && marked) marks[mark] = at;
          if (retries < RETRIES) {
            retryToken[retries] = token;
            retryOffset[retries] = at;
            retries++;
          }
          token = next + step;
          result = at;
          continue;
        }
        // The repetition goes on up to a byte that is not of its class, or that the token behind it takes.
        const other = nextKind === CLASS ? rowOf(nextWord) : UNSET;
        const literal = byteOf(nextWord);
        for (at++; at < length; at++) {
          const code = subject.charCodeAt(at);
          if (classMap[own + code] !== 1) break;
          if (other === UNSET ? literal === lower[code] : classMap[other + code] === 1) break;
        }
        at--;
        result = at;
        continue;
      }
      if (isNearEnd(word) && repeating && result !== NO_MATCH) {
        result = at;
        if (!end) return result;
      } else if (repeat === PLUS && repeating) {
        token++;
        at--;
        repeating = false;
        continue;
      } else if (repeat === STAR) {
        token++;
        at--;
        result = at;
        repeating = false;
        continue;
      }
      repeating = false;
    } else if (kind !== END && byteOf(word) === lower[char]) {
      token++;
      if (attempt === UNSET) attempt = at;
      result = at;
      continue;
    }

    if (retries > 0) {
      retries--;
      token = retryToken[retries]!;
      at = retryOffset[retries]!;
      continue;
    }
    if (begin) return NO_MATCH;
    if (attempt !== UNSET) {
      at = attempt;
      attempt = UNSET;
    }
    token = first;
    result = NO_MATCH;
  }

  if (capturing) {
    while (kindOf(words[token]!) === CLASS && quantifierOf(words[token]!) === STAR) token++;
    if (kindOf(words[token]!) === MARK) marks[slotOf(words[token]!)] = length;
  }
  return finishes(words[token]!, repeating) ? result : NO_MATCH;
}

/** @param text in lower case */
function startsWith(subject: Bytes, text: Bytes): boolean {
  if (text.length > subject.length) return false;
  for (let at = 0; at < text.length; at++) if (lower[subject.charCodeAt(at)] !== text.charCodeAt(at)) return false;
  return true;
}
