/** OS_Regex: the real engine's own dialect. Alternatives are tried in order, the first that matches wins. */
import type { Bytes } from "../bytes.js";
import type { Expression, MatchResult } from "./expression.js";
import { compileAlternatives } from "./osregex-program.js";
import { AlternativeRunner, NO_MATCH } from "./osregex-runner.js";

/**
 * Compiles an osregex pattern.
 * @param options.captures false compiles it as for prematch and rules. Some patterns then match otherwise: capturing
 * moves the final test, and a group that ends before it starts makes the whole a mismatch
 * @throws ExpressionError where the real compiler refuses
 */
export function compileOsRegex(pattern: Bytes, options: { readonly captures?: boolean } = {}): Expression {
  const alternatives = compileAlternatives(pattern);
  const capturing = options.captures !== false && alternatives.some((alternative) => alternative.slots > 0);
  const runners = alternatives.map((alternative) => new AlternativeRunner(alternative, capturing));

  const test = (subject: Bytes): boolean => {
    for (const runner of runners) {
      if (runner.run(subject) !== NO_MATCH) return runner.groupsAreSound();
    }
    return false;
  };
  const match = (subject: Bytes): MatchResult | null => {
    for (const runner of runners) {
      const end = runner.run(subject);
      if (end === NO_MATCH) continue;
      const groups = runner.groups(subject);
      return groups && { end, groups };
    }
    return null;
  };
  return { dialect: "osregex", pattern, test, match };
}
