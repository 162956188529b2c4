/** PCRE2 10.42 with option bits 0. */
import type { Bytes } from "../bytes.js";
import { type Expression, ExpressionError, type MatchResult } from "./expression.js";

/** Compiles a PCRE2 pattern. */
export function compilePcre2(pattern: Bytes): Expression {
  const head = /^\(\?([imsx]+)\)/.exec(pattern);
  let regexp: RegExp;
  try {
    regexp = new RegExp(head ? pattern.slice(head[0].length) : pattern, `d${head?.[1]?.replace("x", "") ?? ""}`);
  } catch (error) {
    throw new ExpressionError("invalid", pattern, String(error));
  }
  return {
    dialect: "pcre2",
    pattern,
    test: (subject) => regexp.test(subject),
    match: (subject): MatchResult | null => {
      const found = regexp.exec(subject);
      if (!found) return null;
      const groups: (Bytes | undefined)[] = found.slice(1);
      while (groups.length > 0 && groups.at(-1) === undefined) groups.pop();
      return { end: found.index + found[0].length - 1, groups: groups.map((group) => group ?? "") };
    },
  };
}
