/** Matching in UTF and UCP mode: subjects as text, offsets in bytes. */
import { type Bytes, toBytes } from "../../bytes.js";
import { type Expression, ExpressionError, type MatchResult, NO_NEEDS } from "../expression.js";
import { translateUnicode } from "./unicode-translator.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The pattern asks for UTF or UCP at its start. */
export const UNICODE_START = /^(?:\(\*(?:UTF8?|UCP)\))+/;

/** Compiles a pattern that starts with `(*UTF)` or `(*UCP)`; null for any other. @throws ExpressionError */
export function compileUnicode(pattern: Bytes): Expression | null {
  const settings = UNICODE_START.exec(pattern)?.[0];
  if (settings === undefined) return null;
  const utf = settings.includes("(*UTF");
  const decode = (bytes: Bytes): string | null => (utf ? decodeUtf8(bytes) : bytes);
  const encode = (text: string): Bytes => (utf ? toBytes(text) : text);
  const text = decode(pattern.slice(settings.length));
  if (text === null) throw new ExpressionError("invalid", pattern, "pcre2: pattern is not valid UTF-8");
  const regexp = translateUnicode(pattern, text, { utf, ucp: settings.includes("(*UCP)") });

  const match = (subject: Bytes): MatchResult | null => {
    // A subject that is not valid UTF-8 is an error to PCRE2, and no match to its caller.
    const decoded = decode(subject);
    const found = decoded === null ? null : firstMatch(regexp, decoded);
    if (!found) return null;
    const groups: (string | undefined)[] = found.slice(1);
    while (groups.length > 0 && groups.at(-1) === undefined) groups.pop();
    const end = encode(found.input.slice(0, found.index + found[0].length)).length;
    return { end: end - 1, groups: groups.map((group) => encode(group ?? "")) };
  };
  return { dialect: "pcre2", pattern, needs: NO_NEEDS, test: (subject) => match(subject) !== null, match };
}

/** The first match that does not start inside a character. */
function firstMatch(regexp: RegExp, text: string): RegExpExecArray | null {
  regexp.lastIndex = 0;
  for (;;) {
    const found = regexp.exec(text);
    if (!found || !isInsidePair(text, found.index)) return found;
    regexp.lastIndex = found.index + 1;
  }
}

function isInsidePair(text: string, index: number): boolean {
  return index > 0 && text.codePointAt(index - 1)! > 0xffff;
}

function decodeUtf8(bytes: Bytes): string | null {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return null;
  }
}
