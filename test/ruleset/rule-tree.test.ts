import { describe, expect, test } from "vitest";
import { codes, loadRules, outline, ROOT, rule, ruleOf } from "./ruleset.js";

const sid = (ids: number | string) => `<if_sid>${ids}</if_sid>`;

describe("places in the tree", () => {
  test("by level, level 0 first, accuracy 0 last, ties in the order of reading", () => {
    const result = loadRules(
      rule(100) +
        rule(101, "", 'level="0"') +
        rule(102, "", 'level="9" accuracy="0"') +
        rule(103, "", 'level="9"') +
        rule(104) +
        rule(105, "", 'level="0" accuracy="0"'),
    );
    expect(outline(result.ruleset)).toBe("1(101 103 100 104 105 102)");
    expect(ruleOf(result, 101).level).toBe(0);
    expect(ruleOf(result, 105).level).toBe(99);
  });

  test("several parents, and all places of one", () => {
    const result = loadRules(rule(100) + rule(101) + rule(102, sid("100, 101")) + rule(103, sid(102)));
    expect(outline(result.ruleset)).toBe("1(100(102(103)) 101(102(103)))");
  });

  test("a rule that names itself behind a parent stands below itself, once", () => {
    expect(outline(loadRules(rule(100) + rule(101, sid("100,101"))).ruleset)).toBe("1(100(101(101)))");
  });

  test("a comma at the end of if_sid puts the rule below its root too", () => {
    expect(outline(loadRules(rule(100) + rule(101, sid("100,"))).ruleset)).toBe("1(100(101) 101)");
  });

  test("by group as a substring, by level from that level up", () => {
    const result = loadRules(
      rule(100, "<group>xauthx,</group>") +
        rule(101, "", 'level="0"') +
        rule(102, "<if_group>auth</if_group>") +
        rule(103, "<if_level>6</if_level>"),
    );
    expect(outline(result.ruleset)).toBe("1(101(103) 100(102) 103)");
  });

  test("a parent that is not loaded yet drops the rule", () => {
    const result = loadRules(rule(100, sid(101)) + rule(101) + rule(102, sid("100, 101")));
    expect(outline(result.ruleset)).toBe("1(101(102))");
    expect(codes(result)).toEqual([
      "warning rule-if-sid-unknown",
      "warning rule-parent-unknown",
      "warning rule-if-sid-unknown",
    ]);
  });

  test("dropped with a warning: bad numbers, no such group, level or category", () => {
    const result = loadRules(
      rule(100, sid("100a")) +
        rule(101, "<if_group>nothing</if_group>") +
        rule(102, "<if_level>0</if_level>") +
        rule(103, "<if_level>-1</if_level>") +
        rule(104, "<category>ids</category>") +
        rule(105, "<if_matched_sid>x</if_matched_sid>"),
    );
    expect(result.ruleset).not.toBeNull();
    expect(outline(result.ruleset)).toBe("1");
    expect(codes(result).every((code) => code.startsWith("warning"))).toBe(true);
    expect(result.diagnostics).toHaveLength(6);
  });

  test("the first of two rules with one id stays", () => {
    const result = loadRules(rule(100) + rule(100, "", 'level="9"'));
    expect(ruleOf(result, 100).level).toBe(5);
    expect(codes(result)).toEqual(["warning rule-duplicate-id"]);
  });

  test("files are read by base name, and a parent must come before", () => {
    const files = [
      { name: "a/z.xml", text: `<group name="g,">${rule(101, sid(100))}</group>` },
      { name: "b/a.xml", text: `${ROOT}<group name="g,">${rule(100)}</group>` },
      { name: "b/ignored.txt", text: "<nonsense>" },
    ];
    expect(outline(loadRules("", { rules: files }).ruleset)).toBe("1(100(101))");
  });

  test.each([
    ["<group></group>", "rule-group-attributes"],
    ['<group name="a"></group>', "rule-group-empty"],
    ['<groups name="a"></groups>', "rule-root-invalid"],
    ['<group name="a"><rules/></group>', "rule-element-misplaced"],
    [" ", "rule-file-empty"],
  ])("%s is refused", (text, code) => {
    expect(codes(loadRules("", { rules: [{ name: "r.xml", text }] }))).toEqual([`error ${code}`]);
  });

  test("a file of no bytes is passed over", () => {
    expect(loadRules("", { rules: [{ name: "r.xml", text: "" }] }).ruleset).not.toBeNull();
  });
});

describe("correlation", () => {
  test("if_matched_sid stands below the rule it waits for and has it remember", () => {
    const result = loadRules(
      rule(100) +
        rule(101, "<if_matched_sid>100</if_matched_sid><same_srcip/>", 'level="9" frequency="4" timeframe="60"'),
    );
    expect(outline(result.ruleset)).toBe("1(100(101))");
    expect(ruleOf(result, 100).recordedBySid).toBe(true);
    expect(ruleOf(result, 101).correlation).toMatchObject({
      source: "sid",
      searched: true,
      sidRule: ruleOf(result, 100),
      frequency: 2,
      timeframe: 60,
      same: ["srcip"],
    });
  });

  test("if_matched_group marks what is loaded by then, once per place", () => {
    const result = loadRules(
      rule(100) +
        rule(101) +
        rule(102, `${sid("100,101")}<group>hot,</group>`) +
        rule(103, "<if_matched_group>hot</if_matched_group>", 'level="9" frequency="2"') +
        rule(104, "<group>hot,</group>"),
    );
    expect(ruleOf(result, 102).recordedByGroups.map((each) => each.id)).toEqual([103, 103]);
    expect(ruleOf(result, 104).recordedByGroups).toEqual([]);
  });

  test("frequency 2 needs no if_matched, frequency 3 does", () => {
    expect(loadRules(rule(100, "", 'level="3" frequency="2"')).ruleset).not.toBeNull();
    expect(codes(loadRules(rule(100, "", 'level="3" frequency="3"')))).toEqual(["error rule-context-missing"]);
  });

  test("check_diff alone is no correlation, and stops the search of one that is", () => {
    const result = loadRules(
      rule(100, "<check_diff/>") + rule(101, "<if_matched_sid>100</if_matched_sid><check_diff/>"),
    );
    expect(ruleOf(result, 100)).toMatchObject({ checkDiff: true, correlation: null });
    expect(ruleOf(result, 101).correlation).toMatchObject({ source: "sid", searched: false });
  });

  test("the largest frequency read counts, that of dropped rules too", () => {
    const result = loadRules(rule(100, "<if_matched_sid>77</if_matched_sid>", 'level="3" frequency="9"'));
    expect(result.ruleset!.maxFrequency).toBe(7);
    expect(outline(result.ruleset)).toBe("1");
  });
});

describe("overwrite", () => {
  const overwrite = (id: number, body: string, level = 9) => rule(id, body, `level="${level}" overwrite="yes"`);

  test("replaces the rule in its place, without sorting again", () => {
    const result = loadRules(rule(100) + rule(101) + overwrite(101, "<match>x</match>"));
    expect(outline(result.ruleset)).toBe("1(100 101)");
    expect(ruleOf(result, 101)).toMatchObject({ level: 9, match: { expression: { pattern: "x" } } });
    expect(result.diagnostics).toEqual([]);
  });

  test("cannot change parents; an if_group never agrees with the old one", () => {
    const result = loadRules(
      rule(100, "<group>a,</group>") +
        rule(101, "<if_group>a</if_group>") +
        overwrite(101, "<if_group>a</if_group>") +
        overwrite(101, sid(100)),
    );
    expect(codes(result)).toEqual(["warning rule-overwrite-parent", "warning rule-overwrite-parent"]);
  });

  test("takes if_matched away but leaves the rule composite", () => {
    const result = loadRules(rule(100) + rule(101, "<if_matched_sid>100</if_matched_sid>") + overwrite(101, ""));
    expect(ruleOf(result, 101).correlation).toMatchObject({ source: "sid", searched: false });
  });

  test("of a rule that is not there adds it; of a root adds a second one", () => {
    const missing = loadRules(overwrite(100, ""));
    expect(codes(missing)).toEqual(["warning rule-overwrite-unknown"]);
    expect(outline(missing.ruleset)).toBe("1(100)");
    expect(outline(loadRules(overwrite(1, "")).ruleset)).toBe("1 1");
  });
});
