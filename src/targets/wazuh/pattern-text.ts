import { problem } from "../../diagnostics/problem.js";
import type { PatternNode } from "../../ir/nodes.js";
import { captureGroups } from "../../ir/pattern-groups.js";

/** A pattern as it stands in an element of type pcre2. */
export interface PatternText {
  readonly text: string;
  /** Set where the dialect's own negation had to be turned into the attribute. */
  readonly negate: boolean;
}

/**
 * Emits every pattern as PCRE2: the only dialect that is the same in all elements, has no surprises in its captures, and
 * can say `<` and `&` in a way that survives both the manager's loader, which decodes no entities, and its API, which
 * insists on well-formed XML. Group names are taken out; `order` carries them.
 */
export function patternText(pattern: PatternNode): PatternText {
  if (pattern.dialect === "osmatch") return fromOsmatch(pattern.source);
  if (pattern.dialect === "osregex") {
    throw problem(1, {
      code: "pattern-dialect",
      message: `the Wazuh target does not emit osregex: ${JSON.stringify(pattern.source)}`,
      where: pattern.where,
      hint: "write it with pcre2(): osregex stops early, and can crash the manager behind a quantified class",
    });
  }
  const { unnamed } = captureGroups(pattern.source);
  const text = harmless(hexed(unnamed));
  if (/[<&]/.test(text)) {
    throw problem(1, {
      code: "pattern-markup",
      message: `the pattern needs "<" or "&", which the manager's API refuses: ${JSON.stringify(pattern.source)}`,
      where: pattern.where,
      hint: "match the text before instead of looking behind",
    });
  }
  return { text, negate: false };
}

/**
 * `<` and `&` as PCRE2 escapes; a backslash before one of them is part of the old escape. Where they are syntax, as in a
 * look-behind, they stay.
 */
function hexed(source: string): string {
  return source.replace(
    /\\Q([\s\S]*?)(?:\\E|$)|\(\?<[=!]|\\c[\s\S]|\\?([<&])|\\[\s\S]/g,
    (whole, quoted?: string, character?: string) => {
      if (quoted !== undefined) return /[<&]/.test(quoted) ? unquoted(quoted) : whole;
      return character === undefined ? whole : hex(character);
    },
  );
}

/** Quoted text in escapes: inside a quotation there are none. */
function unquoted(text: string): string {
  return text.replace(/[^\w\x80-\uffff]/g, (character) => (/[<&]/.test(character) ? hex(character) : `\\${character}`));
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}

/** Text that begins like a formula and holds a quote is changed by the manager's API on upload. */
function harmless(text: string): string {
  return /^[=+\-@].*['"]/s.test(text) ? `(?:)${text}` : text;
}

/** OS_Match in PCRE2: alternatives of literal text, `^` and `$` only at the ends of one, ASCII letters without case. */
function fromOsmatch(source: string): PatternText {
  const negate = source.startsWith("!");
  const alternatives = source.slice(negate ? 1 : 0).split("|");
  const texts = alternatives.map((each) => {
    const start = each.startsWith("^");
    const end = each.length > 1 && each.endsWith("$");
    const literal = each.slice(start ? 1 : 0, end ? -1 : undefined);
    if (each === "^" || each === "$") return "";
    return `${start ? "^" : ""}${literal.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}${end ? "\\z" : ""}`;
  });
  return { text: harmless(hexed(`(?i)(?:${texts.join("|")})`)), negate };
}
