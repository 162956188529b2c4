import { describe, expect, test } from "vitest";
import { codes, loadRules, rule, ruleOf } from "./ruleset.js";

describe("attributes", () => {
  test("numbers as the real engine reads them", () => {
    const result = loadRules(
      rule(100, "", 'LEVEL="007" maxsize="12345" timeframe="" ignore="60"') + rule(101, "", 'level=""'),
    );
    expect(ruleOf(result, 100)).toMatchObject({ level: 7, maxSize: 1234, ignoreTime: 60 });
    expect(ruleOf(result, 101).level).toBe(0);
  });

  test.each([
    ["rule-attribute-missing", 'level="x"'],
    ["rule-attribute-invalid", 'level="17"'],
    ["rule-attribute-invalid", 'level="1" frequency="1"'],
    ["rule-attribute-invalid", 'level="1" overwrite=""'],
    ["rule-attribute-unknown", 'level="1" colour="red"'],
  ])("%s: %s is refused", (code, attributes) => {
    const result = loadRules(rule(100, "", attributes));
    expect(result.ruleset).toBeNull();
    expect(codes(result)).toEqual([`error ${code}`]);
  });

  test("an id has six digits at most", () => {
    expect(codes(loadRules(rule(1234567)))).toEqual(["error rule-attribute-invalid"]);
  });
});

describe("text conditions", () => {
  test("default dialects, type and negate of the last element of a name", () => {
    const result = loadRules(
      rule(
        100,
        '<match type="pcre2" negate="yes">a</match><match>b</match><regex negate="YES">c</regex>' +
          '<action>d</action><field name="x" type="osmatch">e</field>',
      ),
    );
    const { match, regex, texts, fields } = ruleOf(result, 100);
    expect(match).toMatchObject({ negate: false, expression: { dialect: "osmatch", pattern: "ab" } });
    expect(regex).toMatchObject({ negate: true, expression: { dialect: "osregex" } });
    expect(texts.get("action")).toEqual({ kind: "string", value: "d", negate: false });
    expect(fields[0]!.test).toMatchObject({ expression: { dialect: "osmatch" } });
  });

  test("an unknown type or negate is a warning", () => {
    expect(codes(loadRules(rule(100, '<match type="re2" negate="maybe">a</match>')))).toEqual([
      "warning rule-value-invalid",
      "warning rule-value-invalid",
    ]);
  });

  test("a text of 2,048 bytes is an error and left out, and the rule stays", () => {
    const result = loadRules(rule(100, `<match>${"a".repeat(2048)}</match>`));
    expect(codes(result)).toEqual(["error rule-text-too-long"]);
    expect(ruleOf(result, 100).match).toBeNull();
  });

  test("several srcip are alternatives, a leading ! is without effect", () => {
    const { srcip } = ruleOf(
      loadRules(rule(100, '<srcip negate="yes">!10.0.0.1</srcip><srcip>10.1.0.0/16</srcip>')),
      100,
    );
    expect(srcip!.negate).toBe(false);
    expect(srcip!.addresses.map((address) => address.test("10.0.0.1"))).toEqual([true, false]);
  });

  test("a static field may not be tested with field; location and hostname may", () => {
    expect(codes(loadRules(rule(100, '<field name="DstUser">a</field>')))).toEqual(["error rule-field-static"]);
    expect(loadRules(rule(100, '<field name="location">a</field>')).ruleset).not.toBeNull();
  });

  test("a field without a name is refused, and in silence when it has no attribute at all", () => {
    const unnamed = '<field negate="yes">a</field>';
    expect(codes(loadRules(rule(100, unnamed)))).toEqual(["error rule-field-name-missing"]);
    const bare = loadRules(rule(100, "<field>a</field>"));
    expect(bare.diagnostics).toMatchObject([{ code: "rule-field-name-missing", severity: "error", unsaid: true }]);
    expect(bare.ruleset).toBeNull();
  });

  test("an unknown category is refused in silence", () => {
    const { ruleset, diagnostics } = loadRules(rule(100, "<category>nothing</category>"));
    expect(diagnostics).toMatchObject([{ code: "rule-category-unknown", severity: "error", unsaid: true }]);
    expect(ruleset).toBeNull();
  });
});

describe("description, groups, options", () => {
  test("descriptions run together, the first line break of each is a space", () => {
    const result = loadRules(
      '<rule id="100" level="3"><description>a\nb\nc</description><description>d</description></rule>',
    );
    expect(ruleOf(result, 100).description).toBe("a b\ncd");
    expect(codes(loadRules('<rule id="100" level="3"><match>a</match></rule>'))).toEqual([
      "error rule-description-missing",
    ]);
  });

  test("the rule's groups follow those of the file without a comma between", () => {
    const { groups, groupText } = ruleOf(loadRules(rule(100, "<group>a,\nb,</group><group>c</group>")), 100);
    expect(groupText).toBe("g,a,b,c");
    expect(groups).toEqual(["g", "a", "b", "c"]);
  });

  test("mail and log follow the level; no_email_alert takes no_counter with it", () => {
    const result = loadRules(
      rule(100, "<options>no_counter</options><options>no_email_alert</options>", 'level="12"') +
        rule(101, "<options>no_counter</options><options>no_email_alert</options>", 'level="2"'),
    );
    expect(ruleOf(result, 100).options).toMatchObject({ mail: false, logAlert: true, noCounter: false });
    expect(ruleOf(result, 101).options).toMatchObject({ mail: false, logAlert: false, noCounter: true });
    expect(codes(loadRules(rule(100, "<options>No_Log</options>")))).toEqual(["error rule-option-unknown"]);
  });

  test("mitre: the new form beats the old, a bad block is left out", () => {
    const pair = "<mitre><tacticID>TA1</tacticID><techniqueID>T2</techniqueID></mitre>";
    const result = loadRules(
      rule(100, `<mitre><id>T1</id></mitre>${pair}${pair}`) +
        rule(101, "<mitre><tacticID>TA1</tacticID></mitre>") +
        rule(102, "<mitre><id>T1</id><id>T1</id><id>T3</id></mitre>"),
    );
    expect(ruleOf(result, 100).mitre).toEqual({ ids: [], tactics: ["TA1"], techniques: ["T2"] });
    expect(ruleOf(result, 101).mitre).toEqual({ ids: [], tactics: [], techniques: [] });
    expect(ruleOf(result, 102).mitre.ids).toEqual(["T1", "T3"]);
    expect(codes(result)).toEqual(["warning rule-mitre-invalid", "warning rule-mitre-invalid"]);
  });

  test.each([
    ["<colour>red</colour>", "rule-element-unknown"],
    ["<Same_id/>", "rule-element-unknown"],
    ["<same_id/>", "rule-context-missing"],
    ["<decoded_as>nothing</decoded_as>", "rule-decoder-unknown"],
    ["<category>nothing</category>", "rule-category-unknown"],
    ["<compiled_rule>nothing</compiled_rule>", "rule-compiled-unknown"],
    ["<ignore>srcip,,id</ignore>", "rule-ignore-invalid"],
    ["<srcip>999.1.1.1</srcip>", "expression-invalid"],
    ["<time>25 - 26</time>", "rule-time-invalid"],
    ["<weekday>!monday</weekday>", "rule-weekday-invalid"],
  ])("%s is refused", (body, code) => {
    const result = loadRules(rule(100, body));
    expect(result.ruleset).toBeNull();
    expect(codes(result)).toEqual([`error ${code}`]);
  });

  test("decoded_as knows the real engine's own decoders", () => {
    expect(ruleOf(loadRules(rule(100, "<decoded_as>sca</decoded_as>")), 100).decodedAs).toBeGreaterThan(0);
  });
});

describe("lists", () => {
  const lists = ["one", "two", "three"].map((name) => ({ name: `etc/lists/${name}`, text: "k:v" }));
  const list = (name: string, attributes = 'field="srcip"') => `<list ${attributes}>etc/lists/${name}</list>`;

  test("static names and everything else", () => {
    const { lists: tests } = ruleOf(
      loadRules(
        rule(100, list("one", 'field="User" lookup="ADDRESS_MATCH_KEY"') + list("two.cdb", 'field=" srcuser x"')),
        {
          lists,
        },
      ),
      100,
    );
    expect(tests[0]).toMatchObject({ field: { kind: "static", name: "user" }, lookup: "address_match_key" });
    expect(tests[1]).toMatchObject({ field: { kind: "dynamic", name: "srcuser" }, lookup: "match_key" });
  });

  test("of three only the last two count", () => {
    const result = loadRules(rule(100, list("one") + list("two") + list("three")), { lists });
    expect(ruleOf(result, 100).lists.map((each) => each.list.name)).toEqual(["etc/lists/two", "etc/lists/three"]);
  });

  test("one that is not there drops the rule, a wrong attribute refuses the ruleset", () => {
    const result = loadRules(rule(100, `${list("four")}<nonsense/>`), { lists });
    expect(codes(result)).toEqual(["warning rule-list-unknown"]);
    expect(ruleOf(result, 100)).toBeUndefined();
    expect(codes(loadRules(rule(100, list("one", 'lookup="match_key"')), { lists }))).toEqual([
      "error rule-list-invalid",
    ]);
    expect(codes(loadRules(rule(100, list("one", 'field="a" lookup="b"')), { lists }))).toEqual([
      "error rule-list-invalid",
    ]);
  });

  test("a declared list without a file is a warning", () => {
    const result = loadRules("<rule id='100' level='3'><description>d</description></rule>", {
      configuration: { lists: ["etc/lists/five"] },
    });
    expect(codes(result)).toEqual(["warning list-file-missing"]);
  });
});
