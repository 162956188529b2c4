import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { asciiLower } from "../../src/engine/regex/ascii.js";
import { compileBytes } from "../../src/engine/regex/compile.js";
import type { Dialect } from "../../src/engine/regex/expression.js";
import { inRow, isMet, lookAt, mayHold, placesOf } from "../../src/engine/text-index.js";

describe("a log", () => {
  it.each([
    ["Failed password for root", [["password"]], true],
    ["Failed PASSWORD for root", [["password"]], true],
    ["Failed password for root", [["passwort"]], false],
    ["Failed password for root", [["passwort"], ["root"]], true],
    ["Failed password for root", [["password", "user"]], false],
    ["Failed p--swo-d for root", [["password"]], false],
    ["pass-------word", [["pass, not the word"]], false],
    ["Failed passxord", [["password"]], false],
    ["passw", [["passw"]], true],
    ["pass", [["passw"]], false],
    ["ab", [["ab"]], true],
    ["a", [["ab"]], false],
    ["", [["ab"]], false],
    ["anything", [], false],
    ["anything", [["x\u0100y"]], false],
  ])("%j may hold %j: %s", (log, texts, expected) => {
    expect(mayHold(log, placesOf(texts))).toBe(expected);
  });

  it.each([[null], [[["a"]]], [[["abc"], ["a"]]]])("may hold %j, which tells nothing", (texts) => {
    expect(placesOf(texts)).toBeNull();
    expect(mayHold("anything", placesOf(texts))).toBe(true);
  });

  it("is looked at anew when another has come between, and behind 65,536 bytes too", () => {
    const places = placesOf([["needle"]]);
    const long = `${"x".repeat(65_533)}neEdle`;
    for (const [log, expected] of [
      [long, true],
      ["hay", false],
      [long, true],
    ] as const)
      expect(mayHold(log, places)).toBe(expected);
    expect(asciiLower(long)).toBe(long.toLowerCase());
  });

  it("is not taken for one of 65,535 looks ago", () => {
    const places = placesOf([["needle"]]);
    expect(mayHold("a needle", places)).toBe(true);
    for (let look = 0; look < 65_535; look++) mayHold(`hay ${look}`, places);
    expect(mayHold("straw", places)).toBe(false);
  });
});

test("in a row each pattern asks of the log what it asks alone", () => {
  const patterns = [null, [["password"]], [], [["root", "for"], ["user"]], [["a"]], [["for"]]].map(placesOf);
  const row = inRow(patterns);
  for (const log of ["Failed password for root", "user", "root", "", "Failed"]) {
    lookAt(log);
    const inTheRow = patterns.map((_places, index) => isMet(row, index));
    expect(inTheRow).toEqual(patterns.map((places) => mayHold(log, places)));
  }
});

const piece = fc.constantFrom(
  ..."abAB: ".split(""),
  ..."\\w \\d \\s \\S \\. \\w+ \\d* \\s+ \\.* ab ba a: :b (a (\\w+ ) | ^ $".split(" "),
);
const pcrePiece = fc.constantFrom(
  ..."abAB: ".split(""),
  ..."\\w \\d .* .+ a? b+ (?:ab|ba) (?:a|:b)+ (?=ab) (?!a) (?i) (a|b) (?i:aB) [ab] ^ $ | b{2,} a{0,2} (?>ab)".split(
    " ",
  ),
);
const subject = fc.string({ unit: fc.constantFrom(..."abAB:1 -"), maxLength: 24 });

function needsHold(dialect: Dialect, pattern: string, log: string): "matched" | "no match" {
  let expression: ReturnType<typeof compileBytes>;
  try {
    expression = compileBytes(dialect, pattern);
  } catch {
    return "no match";
  }
  if (!expression.test(log)) return "no match";
  const { firstBytes, texts } = expression.needs;
  if (!mayHold(log, placesOf(texts)))
    throw new Error(`${dialect} ${pattern} matches ${log}, but needs ${JSON.stringify(texts)}`);
  if (firstBytes !== null && firstBytes[log.charCodeAt(0)] !== 1)
    throw new Error(`${dialect} ${pattern} begins otherwise`);
  return "matched";
}

test.each([
  ["osregex", piece],
  ["osmatch", piece],
  ["pcre2", pcrePiece],
] as const)("what matches a pattern of %s holds what the pattern needs", (dialect, pieces) => {
  let matched = 0;
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 7 }), subject, (parts, log) => {
      if (needsHold(dialect, parts.join(""), log) === "matched") matched++;
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(500);
});
