import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ObjectMaker, type Template } from "../../src/engine/object-maker.js";

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
      const maker = new ObjectMaker<string>(keys.map((name, value) => ({ parent: 0, key: name, value })));
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

test("objects inside of objects", () => {
  const template: Template = [
    { parent: 0, key: "a", value: 1 },
    { parent: 0, key: "b", value: null },
    { parent: 1, key: "c", value: 0 },
    { parent: 1, key: "__proto__", value: null },
    { parent: 2, key: "d", value: 2 },
  ];
  const maker = new ObjectMaker<string>(template);
  const expected = JSON.parse('{ "a": "y", "b": { "c": "x", "__proto__": { "d": "z" } } }');
  for (let time = 0; time < OFTEN; time++) expect(maker.make(["x", "y", "z"])).toEqual(expected);
  expect(JSON.stringify(maker.make(["x", "y", "z"]))).toBe(JSON.stringify(expected));
});

test("names nest as deep as they will", () => {
  const depth = 30_000;
  const template: Template = Array.from({ length: depth + 1 }, (_, parent) =>
    parent < depth ? { parent, key: "a", value: null } : { parent, key: "a", value: 0 },
  );
  const maker = new ObjectMaker<string>(template);
  for (let time = 0; time < OFTEN; time++) {
    let at: unknown = maker.make(["x"]);
    for (let level = 0; level <= depth; level++) at = (at as Record<string, unknown>).a;
    expect(at).toBe("x");
  }
});

test("a process that may not generate code makes them too", async () => {
  const script = `
    const { ObjectMaker } = await import("./dist/src/engine/object-maker.js");
    const maker = new ObjectMaker([{ parent: 0, key: "a", value: 0 }]);
    for (let time = 0; time < ${OFTEN}; time++) console.log(JSON.stringify(maker.make([time])));`;
  const { stdout } = await execa("node", [
    "--disallow-code-generation-from-strings",
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(stdout.split("\n").at(-1)).toBe(`{"a":${OFTEN - 1}}`);
});
