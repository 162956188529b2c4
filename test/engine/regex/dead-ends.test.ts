import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";
import { pattern, subject } from "./patterns.js";

/** With a limit of depth, however high, the machine goes into dead ends. */
const WITHOUT_DEAD_ENDS = "(*LIMIT_DEPTH=99999)";

function searched(source: string, text: string) {
  const program = compileProgram(source);
  const machine = new Machine(program);
  const found = search(program, machine, text);
  return { found, gaveUp: machine.giveUps, captures: found ? [...machine.captures] : [] };
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
    const counted = searched(limited, text);
    expect(counted).toEqual(searched(WITHOUT_DEAD_ENDS + limited, text));
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
