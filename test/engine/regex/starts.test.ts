import fc from "fast-check";
import { expect, test } from "vitest";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { compileProgram, type Program } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";
import { pattern, subject } from "./patterns.js";

function compiled(source: string): Program | null {
  try {
    return compileProgram(source);
  } catch {
    return null;
  }
}

/** Offsets of what is found; null where nothing is. */
function found(program: Program, text: string, starts: RegExp | null): number[] | null {
  const machine = new Machine(program);
  return search(program, machine, text, starts) ? [...machine.captures.slice(0, 2 * machine.highest + 2)] : null;
}

const beginning = fc.constantFrom(
  "",
  "ab",
  "[ab]b",
  "(?i)ab",
  "\\bab",
  "(?:aa|b\\s)",
  "a.?b",
  "(?=ab)",
  "(?:ab)+",
  "ab|",
);

test("looking for places where a match may start changes nothing of what is found", () => {
  let tried = 0;
  let matched = 0;
  fc.assert(
    fc.property(fc.tuple(beginning, pattern), fc.array(subject, { maxLength: 3 }), (sources, texts) => {
      const program = compiled(sources.join(""));
      const starts = program?.starts();
      if (!program || !starts) return;
      const text = texts.join("ab");
      const expected = found(program, text, null);
      tried++;
      if (expected !== null) matched++;
      expect(found(program, text, starts)).toEqual(expected);
    }),
    { numRuns: 30_000 },
  );
  expect(tried).toBeGreaterThan(3_000);
  expect(matched).toBeGreaterThan(1_000);
});

test.each([
  // What ends the search is reached where the places that are looked for do not say so.
  ["(*COMMIT)abc", "ab abc"],
  ["ab(*COMMIT)c", "ab abc"],
  ["a(?:b|b(*COMMIT)d)c", "abx abc"],
  ["ab(*SKIP)c|bd", "abd"],
  ["(?<=x)ab|\\Kba", "ab xab"],
  ["(?m)^ab", "xab\nab"],
  ["ab(?:(*ACCEPT)c|d)e", "abx abd"],
])("%s in %j", (source, text) => {
  const program = compileProgram(source);
  expect(found(program, text, program.starts())).toEqual(found(program, text, null));
});

test.each(["(*ACCEPT)abc", "^abc", ".*abc", "a|bc", "(?:ab)?c", "\\b."])("%s has no such places", (source) => {
  expect(compileProgram(source).starts()).toBeNull();
});

test("a pattern that has searched much still finds the same", () => {
  const expression = compilePcre2("\\bOR\\s+(\\w+)=\\1", { ruledOut: 0, translated: Number.POSITIVE_INFINITY });
  for (const _time of [1, 2]) {
    expect(expression.match("x OR a=b OR c=c")).toEqual({ end: 14, groups: ["c"] });
    expect(expression.test("x OR a=b OR c=d")).toBe(false);
  }
});
