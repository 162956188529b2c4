import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ObjectMaker } from "../../src/engine/object-maker.js";

/** More often than it takes for a literal to be generated. */
const OFTEN = 20;

const key = fc.oneof(
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

test("objects have the same members, in the same order, when they are made for the first and for the twentieth time", () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 8 }), (keys) => {
      const maker = new ObjectMaker<string>(keys.map((name, value) => ({ key: name, value })));
      const values = keys.map((_, index) => `value ${index}`);
      const expected = new Map(keys.map((name, index) => [name, values[index]!]));
      for (let time = 0; time < OFTEN; time++) {
        const made = maker.make(values);
        expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
        expect(Object.keys(made).toSorted()).toEqual([...keys].toSorted());
        for (const [name, value] of expected) expect(Object.getOwnPropertyDescriptor(made, name)?.value).toBe(value);
      }
    }),
    { numRuns: 200 },
  );
});

test("a process that may not generate code makes them too", async () => {
  const script = `
    const { ObjectMaker } = await import("./dist/src/engine/object-maker.js");
    const maker = new ObjectMaker([{ key: "a", value: 0 }]);
    for (let time = 0; time < ${OFTEN}; time++) console.log(JSON.stringify(maker.make([time])));`;
  const { stdout } = await execa("node", [
    "--disallow-code-generation-from-strings",
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(stdout.split("\n").at(-1)).toBe(`{"a":${OFTEN - 1}}`);
});
