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
