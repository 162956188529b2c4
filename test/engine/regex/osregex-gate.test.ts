import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGate } from "../../../src/engine/regex/osregex-gate.js";
import { assembleAll, parseAlternatives } from "../../../src/engine/regex/osregex-program.js";
import { NO_MATCH, run } from "../../../src/engine/regex/osregex-runner.js";

const CLASSES: readonly (readonly [source: string, bytes: string])[] = [
  ["\\w", "aB1-"],
  ["\\d", "12"],
  ["\\s", " "],
  ["\\p", ":-.("],
  ["\\.", "a1 :"],
  ["\\S", "a1:"],
  ["\\D", "a :"],
  ["\\W", " :"],
];

interface Part {
  readonly source: string;
  /** What it matches. */
  readonly text: string;
}

function bytesOf(bytes: string, most: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...bytes), { maxLength: most }).map((all) => all.join(""));
}

const literal = fc.constantFrom(..."ab1: -.").map((source): Part => ({ source, text: source }));
const repeated = fc
  .constantFrom(...CLASSES)
  .chain(([source, bytes]) =>
    fc
      .tuple(fc.constantFrom("", "", "+", "*"), bytesOf(bytes, 3))
      .map(([repeat, text]): Part => ({ source: source + repeat, text: repeat === "" ? bytes[0]! : text })),
  );
const mark = fc.constantFrom("(", ")").map((source): Part => ({ source, text: "" }));
const alternative = fc.array(fc.oneof({ weight: 4, arbitrary: repeated }, { weight: 3, arbitrary: literal }, mark), {
  minLength: 5,
  maxLength: 10,
});
const noise = bytesOf("aB1 :-.(", 2);
/** Patterns, and subjects that most of their tokens fit. */
const cases = fc
  .tuple(
    fc.array(alternative, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "", "^"),
    fc.constantFrom("", "", "$"),
  )
  .chain(([alternatives, begin, end]) =>
    fc.record({
      source: fc.constant(
        alternatives.map((parts) => begin + parts.map(({ source }) => source).join("") + end).join("|"),
      ),
      texts: fc.tuple(
        ...alternatives.map((parts) =>
          fc
            .tuple(
              noise,
              fc.tuple(...parts.map(({ text }) => fc.oneof({ weight: 9, arbitrary: fc.constant(text) }, noise))),
              noise,
            )
            .map(
              ([before, inside, after]) => (begin === "" ? before : "") + inside.join("") + (end === "" ? after : ""),
            ),
        ),
      ),
    }),
  );

function parsed(source: string): ReturnType<typeof parseAlternatives> | null {
  try {
    return parseAlternatives(source);
  } catch {
    return null;
  }
}

test("a gate lets every subject through that matches", () => {
  let matches = 0;
  let shut = 0;
  fc.assert(
    fc.property(cases, fc.boolean(), ({ source, texts }, capturing) => {
      const tokens = parsed(source);
      const alternatives = tokens && assembleAll(tokens, capturing);
      const gate = alternatives && compileGate(alternatives);
      if (!alternatives || !gate) return;
      for (const text of texts) {
        if (!gate.test(text)) shut++;
        if (alternatives.every((each) => run(each, text) === NO_MATCH)) continue;
        matches++;
        expect(gate.test(text)).toBe(true);
      }
    }),
    { numRuns: 30_000 },
  );
  expect(matches).toBeGreaterThan(500);
  expect(shut).toBeGreaterThan(300);
});

test.each([
  "\\p*\\w+\\s+\\d*\\s\\d+:\\d+:\\d+:\\s+%|\\w+ \\d\\d* \\d\\d:\\d\\d \\w+[",
  "^\\d+:\\s\\w+ x|^\\d+:\\s\\d+ yz",
])("%s has a gate", (source) => {
  const gate = compileGate(assembleAll(parseAlternatives(source), false))!;
  expect(gate.test("0123456789".repeat(1_000))).toBe(false);
});

test.each(["\\.+", "abc|\\w", "a()bcdefgh"])("%s has none", (source) => {
  expect(compileGate(assembleAll(parseAlternatives(source), false))).toBeNull();
});
