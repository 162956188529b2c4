import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { DeadEnds } from "../../../src/engine/regex/pcre2/dead-ends.js";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { WIDTH } from "../../../src/engine/regex/pcre2/operations.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";
import { pattern, subject } from "./patterns.js";

const AT_ONCE = 0;
const NEVER = Number.POSITIVE_INFINITY;

/** @param findsDeadEnds after how many attempts */
function searched(source: string, text: string, findsDeadEnds: number) {
  const program = compileProgram(source);
  const machine = new Machine(program, findsDeadEnds);
  const found = search(program, machine, text);
  return { found, gaveUp: machine.giveUps, steps: machine.steps, captures: found ? [...machine.captures] : [] };
}

/** With calls, conditions, verbs and a moved start among the rest. */
const anyPattern = fc.oneof(
  pattern,
  pattern.map((source) =>
    source
      .replaceAll("\\/", "(?R)?")
      .replaceAll("\\t", "(*PRUNE)")
      .replaceAll("[ab]", "(?(1)a|b)")
      .replaceAll("[^a]", "\\K"),
  ),
);

function compiles(source: string): boolean {
  try {
    compileProgram(source);
    return true;
  } catch {
    return false;
  }
}

/** Compares at every limit up to the one that is not reached, or the highest. @returns how often one was reached */
function comparedAtEveryLimit(source: string, text: string, highest: number): number {
  for (let limit = 1; limit <= highest; limit++) {
    const limited = `(*NO_START_OPT)(*LIMIT_MATCH=${limit})${source}`;
    const counted = searched(limited, text, AT_ONCE);
    expect(counted).toEqual(searched(limited, text, NEVER));
    if (counted.gaveUp === 0) return limit - 1;
  }
  return highest;
}

test("a machine that counts dead ends gives up where one does that goes into them", () => {
  let [compared, gaveUp] = [0, 0];
  fc.assert(
    fc.property(anyPattern, subject, (source, text) => {
      if (!compiles(source)) return;
      compared++;
      gaveUp += comparedAtEveryLimit(source, text, 50);
    }),
    { numRuns: 10_000 },
  );
  expect(compared).toBeGreaterThan(2_000);
  expect(gaveUp).toBeGreaterThan(5_000);
});

describe("the limit is reached by the same step", () => {
  test.each([
    ["x(?:a|b|c)", "xd xa"],
    ["x(?:\\b|;)(?:a|b)(?:c|d)", "xe x e x;ac"],
    ["x(?:\\B|;)(?:a|b|c)", "xe x e"],
    ["[^;]*?(?:^(?:a|b)|c|d)", "eeeee;eed"],
    ["x(?:a|b)?(?:c|d)??(?:e)", "xfff"],
    ["x(?:(a)|(b)|c)+?d", "xabcabcabe"],
    ["x\\w*?[^b]*(?:a|b)\\d", "xaaaabbbb"],
    ["x.{0,3}?(?:a|b)d", "xeeeead xeeead"],
    ["x[e-z]{2,4}?(?:a|b)", "xeaxeeeeeaxea"],
    ["x(?:(?<y>z)|a)*;", "xazazaz"],
    ["x[^;]*?(?:\\B(?:a|b)|;)", "x  ee e;"],
    ["x[^;]*?(?:(?:a|b)c|d(*THEN)e|;)", "xzzzd;"],
    ["(a\\w*?)b(?1);", "abaaa;"],
    ["x(?>a\\w*?)*;", "xazb;x;"],
    [
      "(?s)^(?:(?=.*?(?:--|\")).*?|[^']*?(?:'[^']*'[^']*?)*?)(?:\\bFROM\\s+pg_|#FROM)",
      "select 'a' from pg_x where 'b' FROM pg",
    ],
  ])("%s", (source, text) => {
    const steps = comparedAtEveryLimit(source, text, 1_000);
    expect(steps).toBeGreaterThan(1);
    expect(steps).toBeLessThan(1_000);
  });
});

describe("no dead end is taken for one", () => {
  const atStart = (source: string) => new DeadEnds(compileProgram(source)).at(0);

  test("where the next byte decides", () => {
    const { set, steps } = atStart("a|b*c|\\bd")!;
    expect([...set.keys()].filter((byte) => set[byte] === 1)).toEqual([..."abcd"].map((char) => char.charCodeAt(0)));
    expect(steps).toEqual([2, 2, 2, 2]);
  });

  test.each(["a?", "(?=a)a", "a(*THEN)b|c", "(a)(?1)", "()\\1a", "(*LIMIT_DEPTH=9999999)a"])("%s", (source) => {
    expect(atStart(source)).toBeNull();
  });
});

test("far away from one another all are found", () => {
  const program = compileProgram("a".repeat(500));
  const ends = new DeadEnds(program);
  const found = Array.from({ length: 500 }, (_, at) => ends.at((at + 1) * WIDTH));
  expect(found.every((end) => end !== null)).toBe(true);
});

test("they are looked for once a pattern is tried often", () => {
  const asked = vi.spyOn(DeadEnds.prototype, "at");
  const program = compileProgram("a\\w*?(?:b|c)");
  const machine = new Machine(program);
  for (let attempts = 0; attempts < 100; attempts++) expect(search(program, machine, "adb")).toBe(true);
  expect(asked).not.toHaveBeenCalled();
  expect(search(program, machine, "adb")).toBe(true);
  expect(asked).toHaveBeenCalled();
});

test("a long chain of what can be left out is no dead end, and no end of the stack", () => {
  const source = `([xy])\\w??${"(a?a?a?a?a?a?){900}"}\\1z`;
  expect(searched(source, `${"x;".repeat(150)}xxz`, AT_ONCE).found).toBe(true);
});

test("a limit of depth is hit on the way into a dead end", () => {
  const source = "(*LIMIT_DEPTH=12)(?:a|b)*(?:x|(?:y|(?:w|z)))";
  for (let length = 0; length < 20; length++) {
    const text = "ab".repeat(length);
    expect(searched(source, text, AT_ONCE)).toEqual(searched(source, text, NEVER));
  }
});
