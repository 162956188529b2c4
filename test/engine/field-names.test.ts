import { expect, it } from "vitest";
import { noNames } from "../../src/engine/field-names.js";
import { createSession } from "../../src/engine.js";
import { rulesetOf } from "./rulesets.js";

const JSON_DECODER =
  '<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';

it("the same names in the same order are one list", () => {
  const list = noNames().with("a").with("b");
  expect(list.list).toEqual(["a", "b"]);
  expect(list.size).toBe(2);
  expect(noNames().with("b").with("a").list).toEqual(["b", "a"]);
  expect(noNames().with("a").with("b")).toBe(list);
  expect(list.with("a").list).toEqual(["a", "b", "a"]);
});

it("a long name is a list of its own each time", () => {
  const long = "x".repeat(257);
  expect(noNames().with(long).with("a").list).toEqual([long, "a"]);
  expect(noNames().with(long)).not.toBe(noNames().with(long));
  expect(noNames().with("x".repeat(256))).toBe(noNames().with("x".repeat(256)));
});

it("begins anew when too many lists are remembered", () => {
  const before = noNames();
  for (let at = 0; at <= 50_000; at++) noNames().with(`forgotten ${at}`);
  expect(noNames()).not.toBe(before);
  expect(noNames().with("a").list).toEqual(["a"]);
});

it("says where a name stands first, in any case of letters", () => {
  const list = noNames().with("x").with("User.Name").with("user.name").with("X");
  expect(["x", "user.name", "User.Name", "y"].map((name) => list.placeOf(name))).toEqual([0, 1, -1, -1]);
  expect(noNames().placeOf("x")).toBe(-1);
});

it("knows whether all of them are ASCII", () => {
  expect(noNames().with("a").isAscii).toBe(true);
  expect(noNames().with("\xe9").with("a").isAscii).toBe(false);
});

it("rulesets that are asked in turn about the same names each see the fields that they want", () => {
  const sessions = ["a", "b"].map((name) =>
    createSession(
      rulesetOf({
        decoders: JSON_DECODER,
        rules: `<rule id="100" level="5"><if_sid>1</if_sid><field name="${name}">^x$</field><description>$(${name})</description></rule>`,
      }),
    ),
  );
  for (const [event, expected] of [
    ['{"a":"x","b":"y"}', ["100", undefined]],
    ['{"a":"y","b":"x"}', [undefined, "100"]],
    ['{"b":"x"}', [undefined, "100"]],
    ['{"a":"x","b":"x"}', ["100", "100"]],
  ] as const)
    expect(sessions.map((session) => session.process({ event }).rule?.id)).toEqual(expected);
});
