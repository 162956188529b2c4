import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileOsMatch } from "../../../src/engine/regex/osmatch.js";

/** The dialect as one reads it: alternatives one by one, byte by byte. */
function model(pattern: string, subject: string): boolean {
  const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const text = fold(subject);
  const negated = pattern.startsWith("!");
  const found = fold(negated ? pattern.slice(1) : pattern)
    .split("|")
    .some((alternative) => {
      if (["", "^", "$"].includes(alternative)) return true;
      const begins = alternative.startsWith("^");
      const ends = alternative.endsWith("$");
      const wanted = alternative.slice(begins ? 1 : 0, ends ? -1 : undefined);
      if (begins && ends) return text === wanted;
      if (begins) return text.startsWith(wanted);
      if (ends) return text.endsWith(wanted);
      return text.includes(wanted) && [...wanted].every((char) => char.charCodeAt(0) < 128);
    });
  return found !== negated;
}

const text = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });

describe("osmatch", () => {
  it("agrees with the plain reading of the dialect", () => {
    fc.assert(
      fc.property(text("aAb|^$!.*+(\\\xe9\xc9"), text("aAbB|^$!.*+(\\\xe9\xc9"), (pattern, subject) => {
        const expression = compileOsMatch(pattern);
        expect(expression.test(subject)).toBe(model(pattern, subject));
        expect(expression.match(subject) !== null).toBe(expression.test(subject));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["fail|error", "An ERROR", true],
    ["^su:", "sudo su: x", false],
    ["denied$", "access DENIED", true],
    ["^exact$", "Exact", true],
    ["a|", "anything", true],
    ["!a|b", "xyz", true],
    ["!a|b", "xby", false],
    ["^$", "", true],
    ["^$", "x", false],
    ["\\.", "a.b", false],
    ["\xe9", "\xe9", false],
    ["^\xe9", "\xe9t\xe9", true],
    ["\xc9$", "\xe9", false],
  ])("%j on %j: %j", (pattern, subject, expected) => {
    expect(compileOsMatch(pattern).test(subject)).toBe(expected);
  });

  it("refuses more than 20,480 bytes", () => {
    expect(() => compileOsMatch("a".repeat(20_481))).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
