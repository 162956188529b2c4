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
