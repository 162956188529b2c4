import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FieldsMaker } from "../../src/engine/fields-maker.js";

/** More often than it takes for a literal to be generated. */
const OFTEN = 20;

const name = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "",
    "a b",
    'quo"te',
    "back\\slash",
    "line\u2028break",
    "0",
    "é",
  ),
  fc.string(),
);
const statics = fc.uniqueArray(fc.constantFrom("srcip", "srcuser", "id", "url"), { maxLength: 3 });
const dynamic = fc.array(name, { maxLength: 8 });

test("fields have the same members, in the same order, when they are made for the first and for the twentieth time", () => {
  fc.assert(
    fc.property(statics, fc.oneof(dynamic, statics), (ofStatics, ofDynamic) => {
      const maker = new FieldsMaker(ofStatics, ofDynamic);
      const staticValues = ofStatics.map((_, index) => `static ${index}`);
      const dynamicValues = ofDynamic.map((_, index) => `dynamic ${index}`);
      const expected = new Map<string, string>();
      const all = [...ofStatics, ...ofDynamic];
      for (const [at, each] of [...staticValues, ...dynamicValues].entries())
        if (!expected.has(all[at]!)) expected.set(all[at]!, each);
      let first: string[] | null = null;
      for (let time = 0; time < OFTEN; time++) {
        const made = maker.make(staticValues, dynamicValues);
        first ??= Object.keys(made);
        expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
        expect(Object.keys(made)).toEqual(first);
        expect(first.toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [each, value] of expected) expect(Object.getOwnPropertyDescriptor(made, each)?.value).toBe(value);
      }
    }),
    { numRuns: 300 },
  );
});

test("a process that may not generate code makes them too", async () => {
  const script = `
    const { FieldsMaker } = await import("./dist/src/engine/fields-maker.js");
    const maker = new FieldsMaker(["id"], ["a"]);
    for (let time = 0; time < ${OFTEN}; time++) console.log(JSON.stringify(maker.make(["1"], [String(time)])));`;
  const { stdout } = await execa("node", [
    "--disallow-code-generation-from-strings",
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(stdout.split("\n").at(-1)).toBe(`{"id":"1","a":"${OFTEN - 1}"}`);
});
