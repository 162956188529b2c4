import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, ruleIds } from "../rulesets.js";

const DECODERS = `
<decoder name="app"><prematch>^APP: </prematch></decoder>
<decoder name="app-id"><parent>app</parent><regex type="pcre2">id=(\\S+)</regex><order>id</order></decoder>`;

/** As first conditions of siblings: some name texts that the log must hold, some name none, some need another test. */
const BODIES = [
  "<match>alpha</match>",
  "<match>alpha|beta</match>",
  '<match negate="yes">alpha</match>',
  "<match>^APP: be</match>",
  "<regex>gam\\w+a</regex>",
  '<regex type="pcre2">(?i)DEL(ta|phi)</regex>',
  '<id type="pcre2">^7$</id>',
  '<match>beta</match><id type="pcre2">^7$</id>',
  "<match>x</match>",
];
const PIECES = ["alpha", "beta", "gamma", "delta", "id=7 ", "id=8 ", "Alpha ", "x "];

const rulesOf = (bodies: readonly string[]) =>
  bodies
    .map((body, at) => `<rule id="${100 + at}" level="5"><if_sid>1</if_sid>${body}<description>d</description></rule>`)
    .join("");

test("an event finds the same rule the first time and when its kind has come again and again", () => {
  const found = new Set<string | null>();
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...BODIES), { minLength: 1 }),
      fc.array(fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      (bodies, logs) => {
        const lines = logs.map((pieces) => `APP: ${pieces.join("")}`);
        const texts = { decoders: DECODERS, rules: rulesOf(bodies) };
        const alone = lines.map((line) => ruleIds(decide(texts, [line]))[0]!);
        const rounds = Array.from({ length: 12 }, () => lines).flat();
        const again = ruleIds(decide(texts, ...rounds.map((line) => [line] as [string])));
        expect(again).toEqual(rounds.map((_line, at) => alone[at % lines.length]!));
        for (const id of alone) found.add(id);
      },
    ),
    { numRuns: 150 },
  );
  expect(found.size).toBeGreaterThan(5);
});
