import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Joined } from "../../../src/engine/regex/pcre2/joined.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";
import type { Translation } from "../../../src/engine/regex/translation.js";
import { pattern, subject } from "./patterns.js";

const AT_ONCE = { ruledOut: 0, translated: 0 };

/** Null for what is no pattern, or has no translation. */
function translationOf(source: string): Translation | null {
  try {
    const expression = compilePcre2(source, AT_ONCE);
    expression.test("");
    return expression.translation!();
  } catch {
    return null;
  }
}

/** What each pattern captures, by the joined ones; null where they are not for the subject. */
function capturesOf(joined: Joined, text: string, from = 0): string[][] | null {
  if (!joined.isFor(text)) return null;
  const found = joined.find(text, from);
  return joined.groups.map((groups) => {
    const texts = groups.map((indexes) => indexes.map((index) => found[index]).find((each) => each !== undefined));
    const highest = texts.findLastIndex((each) => each !== undefined);
    return texts.slice(0, highest + 1).map((each) => each ?? "");
  });
}

function expectAlike(sources: readonly string[], texts: readonly string[]): number {
  const joined = new Joined(
    sources.map((source) => translationOf(source)!),
    "apart",
  );
  const machines = sources.map((source) => compilePcre2(source, { ruledOut: Infinity, translated: Infinity }));
  let captured = 0;
  for (const text of texts) {
    const captures = capturesOf(joined, text);
    if (captures === null) continue;
    expect(captures).toEqual(machines.map((machine) => machine.match(text)?.groups ?? []));
    captured += captures.filter(({ length }) => length > 0).length;
  }
  return captured;
}

test("joined patterns capture what each one does for itself", () => {
  let captured = 0;
  const translated = pattern.filter((source) => source.includes("(") && translationOf(source) !== null);
  fc.assert(
    fc.property(
      fc.array(translated, { minLength: 1, maxLength: 4 }),
      fc.array(subject, { minLength: 4, maxLength: 8 }),
      (sources, texts) => {
        // V8 compiles a RegExp to machine code when it is asked for the second time.
        captured += expectAlike(sources, [...texts, ...texts, ...texts]);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(captured).toBeGreaterThan(2_000);
});

describe("of several patterns", () => {
  test("references stay within their own", () => {
    expect(expectAlike(["(a)x", "(b)(c)\\1", "(?>(b+))b?(c)"], ["axbcb", "bbcb", "cbbbc"])).toBeGreaterThan(5);
  });

  test("those that begin at the first byte are not looked for elsewhere", () => {
    expect(expectAlike(["^(a)", "(b)", "\\A(c|a)"], ["ab", "xab", "cab", "\nab"])).toBeGreaterThan(5);
  });

  test("one that does not match leaves the others alone", () => {
    expect(expectAlike(["(a)(b)?", "(x)|y(z)", "(c)"], ["abc", "ac", "yz", "c", "xc", ""])).toBeGreaterThan(6);
  });

  test("a group that stands in several places is set in one of them at most", () => {
    expect(expectAlike(["(?|a(b)|c(d))(e)?", "(?|x()|(y))"], ["abe", "cd", "x", "y"])).toBe(4);
  });

  test("all have to be for the subject", () => {
    const any = translationOf("(a)")!;
    const only = (scope: Partial<Translation>) => new Joined([any, { ...any, ...scope }, any], "apart");
    expect(only({ longest: 3 }).isFor("aaa")).toBe(true);
    expect(only({ longest: 3 }).isFor("aaaa")).toBe(false);
    expect(only({ absent: ["/*"] }).isFor("a*/")).toBe(true);
    expect(only({ absent: ["/*"] }).isFor("a/*")).toBe(false);
    expect(only({ rare: [["xy", "z"]] }).isFor("xyaz")).toBe(true);
    expect(only({ rare: [["xy", "z"]] }).isFor("xyazxy")).toBe(false);
  });
});

/** The patterns that look at what stands in front of them, and a few that do not. */
test.each([
  ["\\ba", true],
  ["a\\B", true],
  ["(?<=b)a", true],
  ["(?<!b)a", true],
  ["b|^a", true],
  ["(?m)^a", true],
  ["(?s).*a", true],
  ["a(?=b)", false],
  ["a$", false],
  ["a(?!b)\\Z", false],
])("%s looks behind: %s", (source, looksBehind) => {
  expect(translationOf(source)?.looksBehind).toBe(looksBehind);
});

/** What the machine captures when each pattern is asked about what is left behind the one before. */
function capturesInTurn(sources: readonly string[], text: string): string[][] {
  let rest = text;
  return sources.map((source) => {
    const match = compilePcre2(source, { ruledOut: Infinity, translated: Infinity }).match(rest);
    if (match !== null) rest = rest.slice(match.end + 1);
    return match?.groups ?? [];
  });
}

test("patterns joined one behind the other capture what each one does of what is left", () => {
  let captured = 0;
  const translated = pattern.filter((source) => {
    const translation = source.includes("(") ? translationOf(source) : null;
    return translation !== null && !translation.anchored && !translation.looksBehind;
  });
  fc.assert(
    fc.property(
      fc.array(translated, { minLength: 2, maxLength: 4 }),
      fc.array(subject, { minLength: 4, maxLength: 8 }),
      fc.nat(3),
      (sources, texts, from) => {
        const joined = new Joined(
          sources.map((source) => translationOf(source)!),
          "behind",
        );
        for (const text of [...texts, ...texts, ...texts]) {
          const captures = text.length < from ? null : capturesOf(joined, text, from);
          if (captures === null) continue;
          expect(captures).toEqual(capturesInTurn(sources, text.slice(from)));
          captured += captures.filter(({ length }) => length > 0).length;
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(captured).toBeGreaterThan(2_000);
});
