import fc from "fast-check";
import { expect, test } from "vitest";
import { ExpressionError } from "../../../src/engine/regex/expression.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";
import { alwaysCaptures } from "../../../src/engine/replicas/always-captures.js";
import { pattern, subject } from "../regex/patterns.js";

test.each([
  ["(a)", true],
  ["(a)|b", false],
  ["(a)?b", false],
  ["(?>x(a))+", true],
  ["a(?=(b*))", true],
  ["(?<=(a))b", true],
  ["a(?!(b))", false],
  ["(a(*ACCEPT)b)", false],
])("%s: %s", (source, expected) => {
  expect(alwaysCaptures(source)).toBe(expected);
});

test("a pattern that is said to capture always does when it matches", () => {
  let matches = 0;
  fc.assert(
    fc.property(pattern, fc.array(subject, { minLength: 4, maxLength: 4 }), (source, subjects) => {
      if (!alwaysCaptures(source)) return;
      for (const each of subjects) {
        const match = matchOf(source, each);
        if (match === null) continue;
        matches++;
        expect(match.groups.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 20_000 },
  );
  expect(matches).toBeGreaterThan(300);
});

function matchOf(source: string, text: string) {
  try {
    return compilePcre2(source).match(text);
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}
