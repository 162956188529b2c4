import { expect, it } from "vitest";
import { decide, ruleIds } from "../rulesets.js";

const DECODERS = `
<decoder name="leaves"><prematch type="pcre2">^M(\\S+)</prematch></decoder>
<decoder name="takes"><prematch type="pcre2">^L</prematch><regex type="pcre2">^L</regex><order>url</order></decoder>
<decoder name="named"><program_name type="pcre2">^named-(\\w+)</program_name><regex type="pcre2">^x</regex><order>url</order></decoder>`;
const RULES = ["100 secret", "101 caf\u00e9", "102 word"]
  .map((each) => each.split(" "))
  .map(
    ([id, text]) =>
      `<rule id="${id}" level="5"><if_sid>1</if_sid><url>${text}</url><description>$(url)</description></rule>`,
  )
  .join("");

it("a field that comes from an earlier event or from the program name is tested for what it holds, not for what the log does", () => {
  const decisions = decide(
    { decoders: DECODERS, rules: RULES },
    ["Msecret"],
    ["L"],
    ["Mword\u00e9"],
    ["L"],
    ["Nov 22 10:00:00 h named-secret: x"],
  );
  expect(decisions.map(({ fields }) => fields?.url)).toEqual([undefined, "secret", undefined, "word\u00e9", "secret"]);
  expect(ruleIds(decisions)).toEqual([null, "100", null, "102", "100"]);
});

it.each([
  ["nothing between", "", "Msecret", "L", "secret"],
  ["one that another beginning would need", "<prematch>^zzz</prematch>", "Msecret", "L", undefined],
  ["one that needs another text", "<prematch>zzz</prematch>", "Msecret", "L", undefined],
  ["one that is tried", "<prematch>\\w</prematch><regex>(zzz)</regex><order>id</order>", "Msecret", "L", undefined],
  ["one of another dialect", '<prematch type="pcre2">^zzz</prematch>', "Msecret", "L", "secret"],
  [
    "a program's",
    '<program_name type="osregex">^zzz</program_name>',
    "Msecret",
    "Nov 22 10:00:00 h takes: x",
    undefined,
  ],
])("what is left of captures, with an osregex between: %s", (_what, between, first, second, expected) => {
  const decoders = `
    <decoder name="leaves"><prematch type="pcre2">^M(\\S+)</prematch></decoder>
    ${between && `<decoder name="between">${between}</decoder>`}
    <decoder name="takes"><prematch type="pcre2">^L</prematch><regex type="pcre2">^L</regex><order>url</order></decoder>
    <decoder name="also"><program_name type="pcre2">^takes</program_name><regex type="pcre2">^x</regex><order>url</order></decoder>`;
  const [, decision] = decide({ decoders }, [first], [second]);
  expect(decision!.fields?.url).toBe(expected);
});

it("an osregex empties what came before it, not what a program's name captures behind it", () => {
  const decoders = `
    <decoder name="empties"><program_name type="osregex">^zzz</program_name></decoder>
    <decoder name="captures"><program_name type="pcre2">^named-(\\w+)</program_name><prematch>^zzz</prematch></decoder>
    <decoder name="leaves"><program_name type="pcre2">^named-(\\w+)</program_name><prematch type="pcre2">^zz</prematch></decoder>
    <decoder name="takes"><program_name type="pcre2">^named</program_name><regex type="pcre2">^x</regex><order>url</order></decoder>`;
  const [decision] = decide({ decoders }, ["Nov 22 10:00:00 h named-secret: x"]);
  expect(decision!.fields?.url).toBe("secret");
});
