import { describe, expect, test } from "vitest";
import { ruleChanges } from "../../../src/manager/plan/rule-changes.js";

/** What is said of rule 100101 when it changes from one text to the other. */
function change(from: string | null, to: string | null): string[] {
  const pieces = (body: string | null) => [
    {
      address: { kind: "rules", name: "r.xml" } as const,
      content: Buffer.from(`<group name="g,">\n${body ?? ""}\n</group>\n`),
    },
  ];
  return ruleChanges({ before: pieces(from), after: pieces(to) }, new Map([[100101, "key"]])).flatMap(
    ({ change, how }) => (how.length > 0 ? how.map(({ kind, text }) => `${kind}: ${text}`) : [change]),
  );
}

function rule(conditions: string, attributes = 'level="7"'): string {
  return `<rule id="100101" ${attributes}>${conditions}<description>d</description></rule>`;
}

describe("what happens to a rule", () => {
  const one = rule("<if_sid>1</if_sid><match>a</match>");
  test.each([
    ["added", null, one, ["added"]],
    ["removed", one, null, ["removed"]],
    ["the same", one, one, []],
    ["raised", one, rule("<if_sid>1</if_sid><match>a</match>", 'level="9"'), ["level-raised: level 7 to 9"]],
    ["lowered", one, rule("<if_sid>1</if_sid><match>a</match>", 'level="3"'), ["level-lowered: level 7 to 3"]],
    ["a condition gone", one, rule("<if_sid>1</if_sid>"), ["loosened: no longer asks for <match> a"]],
    ["a condition more", rule("<if_sid>1</if_sid>"), one, ["tightened: also asks for <match> a"]],
    ["another pattern", one, rule("<if_sid>1</if_sid><match>b</match>"), ["condition: <match> a becomes b"]],
    ["more parents", one, rule("<if_sid>1, 2</if_sid><match>a</match>"), ["loosened: <if_sid> 1 becomes 1, 2"]],
    [
      "counts less",
      rule("<if_matched_sid>1</if_matched_sid>", 'level="7" frequency="5" timeframe="60"'),
      rule("<if_matched_sid>1</if_matched_sid>", 'level="7" frequency="3" timeframe="90"'),
      ["loosened: frequency 5 to 3", "loosened: timeframe 60 to 90"],
    ],
    ["another description", one, one.replace(">d<", ">e<"), ["labels: description: e"]],
  ])("%s", (_name, from, to, said) => {
    expect(change(from, to)).toEqual(said);
  });
});
