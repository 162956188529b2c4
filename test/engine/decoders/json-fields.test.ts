import fc from "fast-check";
import { expect, test } from "vitest";
import { createSession } from "../../../src/engine.js";
import { rulesetOf } from "../rulesets.js";

const DECODERS = '<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';

/** Keys that are often alike, so that names read before are expected again. */
const key = fc.constantFrom("a", "b", "c", "ab", 'q"', "back\\slash", "", "é", "x".repeat(300));
type Tree = { [key: string]: string | number | Tree };
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(
    key,
    fc.oneof({ maxDepth: 3 }, fc.string({ maxLength: 6 }), fc.integer({ min: -99, max: 99 }), tie("tree")),
    { maxKeys: 5 },
  ) as fc.Arbitrary<Tree>,
}));

function fieldsOf(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === "object" ? fieldsOf(value, `${prefix}${name}.`) : [[`${prefix}${name}`, String(value)]],
  );
}

/** The engine's strings end at a NUL. */
const cut = (text: string) => text.split("\0")[0]!;

test("fields of JSON are the same whatever came before, and however it is spaced", () => {
  const ruleset = rulesetOf({ decoders: DECODERS });
  fc.assert(
    fc.property(fc.array(fc.tuple(tree, fc.constantFrom("", " ", "\t")), { maxLength: 8 }), (logs) => {
      const session = createSession(ruleset);
      for (const [log, space] of logs) {
        const text = JSON.stringify(log, null, space);
        const { dynamic } = session.process({ event: space === "" ? text : text.replace(/\n/g, " ") });
        expect(dynamic).toEqual(fieldsOf(log).map(([name, value]) => [cut(name), cut(value)]));
      }
    }),
    { numRuns: 500 },
  );
});
