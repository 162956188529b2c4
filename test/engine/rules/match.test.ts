import { describe, expect, it } from "vitest";
import { decide, ruleIds } from "../rulesets.js";

const DECODERS = `
<decoder name="app"><prematch>^APP: </prematch></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">id=(\\S+)</regex><order>id</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">key=(\\S+)</regex><order>Key</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">src=(\\S+)</regex><order>srcuser</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">dst=(\\S+)</regex><order>dstuser</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">ip=(\\S+)</regex><order>srcip</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">url=(\\S+)</regex><order>url</order></decoder>`;

const rule = (id: number, body: string, attributes = 'level="5"') =>
  `<rule id="${id}" ${attributes}><if_sid>1</if_sid>${body}<description>d${id}</description></rule>`;

/** Which rule each line matches, each in the same session. */
function match(rules: string, ...lines: (string | [string, number?, string?])[]) {
  return ruleIds(
    decide(
      { decoders: DECODERS, rules },
      ...lines.map((line) => (typeof line === "string" ? [line] : line) as [string]),
    ),
  );
}

describe("order", () => {
  it("higher levels first, level 0 before them all, else as written", () => {
    const rules = rule(100, "", 'level="3"') + rule(101, "", 'level="7"') + rule(102, "", 'level="7"');
    expect(match(rules, "x")).toEqual(["101"]);
    expect(match(rules + rule(103, "", 'level="0"'), "x")).toEqual(["103"]);
  });

  it("a child wins over its parent, and noalert lets the next sibling try", () => {
    const child = '<rule id="110" level="3"><if_sid>100</if_sid><match>deep</match><description>c</description></rule>';
    expect(match(rule(100, "") + child, "x", "deep")).toEqual(["100", "110"]);
    const silent = rule(100, "", 'level="9" noalert="1"') + child + rule(101, "");
    expect(match(silent, "x", "deep")).toEqual(["101", "110"]);
  });
});

describe("conditions", () => {
  it("a field that is missing fails, negated or not", () => {
    expect(match(rule(100, "<id>^1</id>"), "APP: id=12", "APP: id=2", "APP: x")).toEqual(["100", null, null]);
    expect(match(rule(100, '<id negate="yes">^1</id>'), "APP: id=12", "APP: id=2", "APP: x")).toEqual([
      null,
      "100",
      null,
    ]);
  });

  it("dynamic fields are found in any case", () => {
    expect(match(rule(100, '<field name="kEY">^v$</field>'), "APP: key=V", "APP: key=w")).toEqual(["100", null]);
  });

  it("user tests dstuser, and srcuser only without one", () => {
    const rules = rule(100, "<user>^bob$</user>");
    expect(match(rules, "APP: dst=bob", "APP: src=bob", "APP: src=bob dst=eve")).toEqual(["100", "100", null]);
  });

  it("addresses: several are alternatives, ! is dropped, negate works", () => {
    const rules = rule(100, "<srcip>10.0.0.0/8</srcip><srcip>!1.1.1.1</srcip>");
    expect(match(rules, "APP: ip=10.1.2.3", "APP: ip=1.1.1.1", "APP: ip=2.2.2.2", "APP: ip=x")).toEqual([
      "100",
      "100",
      null,
      null,
    ]);
    const negated = rule(100, '<srcip negate="yes">1.1.1.1</srcip>');
    expect(match(negated, "APP: ip=1.1.1.1", "APP: ip=2.2.2.2", "APP: x")).toEqual([null, "100", null]);
  });

  it("maxsize is the least size", () => {
    expect(match(rule(100, "", 'level="5" maxsize="5"'), "1234", "12345")).toEqual([null, "100"]);
  });

  it("time and weekday are those of the event, in UTC", () => {
    const thursday = 1_700_000_000 - (1_700_000_000 % 86_400) + 2 * 86_400;
    const rules = rule(100, "<time>10:00 - 11:30</time><weekday>thursday</weekday>");
    const at = (day: number, hours: number): [string, number] => ["x", thursday + day * 86_400 + hours * 3600];
    expect(match(rules, at(0, 9.99), at(0, 10), at(0, 11.5), at(0, 11.52), at(1, 10.5))).toEqual([
      null,
      "100",
      "100",
      null,
      null,
    ]);
  });

  it("compiled rules", () => {
    const rules = rule(100, "<compiled_rule>is_simple_http_request</compiled_rule>");
    expect(match(rules, "APP: url=/a", "APP: url=/a?b", "APP: x")).toEqual(["100", null, null]);
  });
});

describe("lists", () => {
  const lists = { nets: "10.1.:inner\n1.2.3.4:outer\nbob:\n" };
  const list = (lookup: string, field = "srcip", value = "") => ({
    decoders: DECODERS,
    rules: rule(100, `<list field="${field}" lookup="${lookup}" ${value}>etc/lists/nets</list>`),
    lists,
  });
  const events: [string][] = [["APP: ip=1.2.3.4"], ["APP: ip=10.1.2.3"], ["APP: ip=9.9.9.9"], ["APP: x"]];

  it.each([
    ["match_key", "", ["100", null, null, null]],
    ["not_match_key", "", [null, "100", "100", null]],
    ["address_match_key", "", ["100", "100", null, null]],
    ["not_address_match_key", "", [null, null, "100", null]],
    ["match_key_value", 'check_value="outer"', ["100", null, null, null]],
    // The real engine has this one the wrong way round.
    ["address_match_key_value", 'check_value="outer"', [null, "100", "100", null]],
  ])("%s", (lookup, value, expected) => {
    expect(ruleIds(decide(list(lookup, "srcip", value), ...events))).toEqual(expected);
  });

  it("user looks srcuser up first", () => {
    expect(ruleIds(decide(list("match_key", "user"), ["APP: src=eve dst=bob"], ["APP: dst=bob"]))).toEqual([
      null,
      "100",
    ]);
  });
});

describe("ignore", () => {
  it("counts once, then not for so many seconds, and no alert meanwhile", () => {
    const rules = rule(100, "", 'level="5" ignore="60"');
    const decisions = decide({ rules }, ["x", 1000], ["x", 1059], ["x", 1060], ["x", 1061]);
    expect(decisions.map((decision) => decision.alert)).toEqual([true, false, true, true]);
    expect(decisions.map((decision) => decision.rule!.firedtimes)).toEqual([1, 2, 3, 4]);
  });
});

it("alert: from the session's level on", () => {
  const rules = rule(100, "<match>low</match>", 'level="2"') + rule(101, "<match>x</match>", 'level="3"');
  expect(decide({ rules }, ["low"], ["x"]).map((decision) => decision.alert)).toEqual([false, true]);
});

describe("if_fts", () => {
  const decoders = `<decoder name="app"><prematch>^APP: </prematch></decoder>
    <decoder name="c"><parent>app</parent><prematch>APP</prematch><regex type="pcre2">id=(\\S+)</regex><order>id</order><fts>id</fts></decoder>`;
  const fts = rule(100, "<if_fts />");

  it("fires once per combination", () => {
    expect(ruleIds(decide({ decoders, rules: fts }, ["APP: id=1"], ["APP: id=2"], ["APP: id=1"], ["x"]))).toEqual([
      "100",
      "100",
      null,
      null,
    ]);
  });

  it("a condition that fails later has used the combination up", () => {
    const rules = rule(100, '<if_fts /><list field="id" lookup="match_key">etc/lists/ids</list>');
    const events: [string][] = [["APP: id=1"], ["APP: id=2"]];
    expect(ruleIds(decide({ decoders, rules, lists: { ids: "2:\n" } }, ...events))).toEqual([null, "100"]);
    expect(
      ruleIds(decide({ decoders, rules: rules + fts.replace("100", "101"), lists: { ids: "2:\n" } }, ["APP: id=1"])),
    ).toEqual([null]);
  });
});

describe("check_diff", () => {
  const rules = rule(100, "<check_diff />");

  it("fires when the output of a host changes, and shows the one before", () => {
    const decisions = decide({ rules }, ["one"], ["one"], ["two"], ["two", 0, "[001] (web) any->x"], ["three"]);
    expect(ruleIds(decisions)).toEqual([null, null, "100", null, "100"]);
    expect(decisions[4]!.previous_events).toEqual(["Previous output:", "two"]);
  });
});
