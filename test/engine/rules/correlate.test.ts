import { describe, expect, it } from "vitest";
import { decide, ruleIds } from "../rulesets.js";

const DECODERS = `
<decoder name="app"><prematch>^APP: </prematch></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">id=(\\S+)</regex><order>id</order></decoder>
<decoder name="c"><parent>app</parent><regex type="pcre2">key=(\\S+)</regex><order>key</order></decoder>`;
const BASE = '<rule id="100" level="3"><if_sid>1</if_sid><match>APP</match><description>base</description></rule>';
const composite = (body: string, attributes = 'frequency="3" timeframe="60"') =>
  `<rule id="200" level="9" ${attributes}>${body}<description>composite</description></rule>`;
const BY_SID = "<if_matched_sid>100</if_matched_sid>";

function match(rules: string, ...events: [string, number?, string?][]) {
  return ruleIds(decide({ decoders: DECODERS, rules: BASE + rules }, ...events));
}
const repeat = (count: number, line = "APP: x"): [string, number][] =>
  Array.from({ length: count }, (_, i) => [line, 1000 + i]);

describe("frequency", () => {
  it("fires on every Nth event, the current one included", () => {
    expect(match(composite(BY_SID), ...repeat(7))).toEqual(["100", "100", "200", "100", "100", "200", "100"]);
  });

  it("the time frame is inclusive", () => {
    expect(match(composite(BY_SID, 'frequency="2" timeframe="60"'), ["APP: x", 1000], ["APP: x", 1060])).toEqual([
      "100",
      "200",
    ]);
    expect(match(composite(BY_SID, 'frequency="2" timeframe="60"'), ["APP: x", 1000], ["APP: x", 1061])).toEqual([
      "100",
      "100",
    ]);
  });

  it("shows the events that it counted, newest first", () => {
    const rules = BASE + composite(BY_SID);
    const [, , third] = decide({ decoders: DECODERS, rules }, ["APP: 1", 1], ["APP: 2", 2], ["APP: 3", 3]);
    expect(third!.previous_events).toEqual(["APP: 2", "APP: 1"]);
    expect(third!.rule).toMatchObject({ frequency: 3, timeframe: 60, firedtimes: 1 });
  });
});

describe("what is shown", () => {
  const TWICE = 'frequency="2" timeframe="60"';
  const shown = (rules: string, ...events: [string, number?][]) =>
    decide({ decoders: DECODERS, rules: BASE + rules }, ...events).map(({ rule, previous_events }) => [
      rule!.id,
      previous_events?.length ?? 0,
    ]);

  it("are eleven events at most", () => {
    const found = (frequency: number) =>
      shown(composite(BY_SID, `frequency="${frequency}" timeframe="60"`), ...repeat(frequency)).at(-1);
    expect(found(11)).toEqual(["200", 10]);
    expect(found(12)).toEqual(["200", 11]);
    expect(found(14)).toEqual(["200", 11]);
  });

  it("by regex is one less than by sid: the event that completes the number is not", () => {
    const regex = composite("<if_sid>100</if_sid><if_matched_regex>APP</if_matched_regex>", TWICE);
    expect(shown(regex, ["APP: 1", 1], ["APP: 2", 2])).toEqual([
      ["100", 0],
      ["200", 0],
    ]);
    expect(shown(composite(BY_SID, TWICE), ["APP: 1", 1], ["APP: 2", 2]).at(-1)).toEqual(["200", 1]);
  });

  it("by a composite rule below another is shown once", () => {
    const below = `<rule id="300" level="10" ${TWICE}><if_sid>200</if_sid><if_matched_sid>100</if_matched_sid><description>below</description></rule>`;
    const rules = composite(BY_SID, TWICE) + below;
    expect(shown(rules, ["APP: 1", 1], ["APP: 2", 2])).toEqual([
      ["100", 0],
      ["300", 1],
    ]);
  });
});

it("a rule that asks for no earlier event but one uses up none before it", () => {
  const rules = composite(`${BY_SID}<different_id />`, 'frequency="2" timeframe="60"');
  const ids = [1, 2, 2, 3].map((id): [string] => [`APP: id=${id}`]);
  expect(match(rules, ...ids)).toEqual(["100", "200", "200", "200"]);
});

describe("fields", () => {
  it("same and different", () => {
    const same = composite(`${BY_SID}<same_id />`, 'frequency="2" timeframe="60"');
    expect(match(same, ["APP: id=1"], ["APP: id=2"], ["APP: id=1"], ["APP: x"], ["APP: y"])).toEqual([
      "100",
      "100",
      "200",
      "100",
      "100",
    ]);
    const different = composite(`${BY_SID}<different_id />`, 'frequency="2" timeframe="60"');
    expect(match(different, ["APP: id=1"], ["APP: id=1"], ["APP: id=2"])).toEqual(["100", "100", "200"]);
  });

  it("dynamic ones", () => {
    const same = composite(`${BY_SID}<same_field>key</same_field>`, 'frequency="2" timeframe="60"');
    expect(match(same, ["APP: key=1"], ["APP: key=2"], ["APP: key=1"], ["APP: x"])).toEqual([
      "100",
      "100",
      "200",
      "100",
    ]);
    const different = composite(`${BY_SID}<different_field>key</different_field>`, 'frequency="2" timeframe="60"');
    expect(match(different, ["APP: x"], ["APP: y"], ["APP: key=1"])).toEqual(["100", "100", "200"]);
    expect(match(different, ["APP: key=1"], ["APP: x"])).toEqual(["100", "200"]);
  });

  it("that are empty are the same", () => {
    const child = (order: string) =>
      `<decoder name="c"><parent>app</parent><regex type="pcre2">id=(\\d*)</regex><order>${order}</order></decoder>`;
    const run = (order: string, field: string) =>
      ruleIds(
        decide(
          {
            decoders: `<decoder name="app"><prematch>^APP: </prematch></decoder>${child(order)}`,
            rules: BASE + composite(`${BY_SID}${field}`, 'frequency="2" timeframe="60"'),
          },
          ["APP: id= a"],
          ["APP: id= b"],
          ["APP: id=1"],
        ),
      );
    expect(run("id", "<different_id />")).toEqual(["100", "100", "200"]);
    expect(run("key", "<different_field>key</different_field>")).toEqual(["100", "100", "200"]);
  });
});

describe("agents", () => {
  const from = (agent: string): [string, number, string] => ["APP: x", 1000, `[${agent}] (a) any->x`];

  it("do not combine, unless the rule says so", () => {
    expect(match(composite(BY_SID, 'frequency="2" timeframe="60"'), from("001"), from("002"), from("001"))).toEqual([
      "100",
      "100",
      "200",
    ]);
    const global = composite(`${BY_SID}<global_frequency />`, 'frequency="2" timeframe="60"');
    expect(match(global, from("001"), from("002"))).toEqual(["100", "200"]);
  });

  it("if_matched_regex over different agents comes to an end", () => {
    const regex = composite(
      "<if_sid>100</if_sid><if_matched_regex>APP</if_matched_regex>",
      'frequency="2" timeframe="60"',
    );
    expect(match(regex, from("001"), from("002"), from("001"))).toEqual(["100", "100", "200"]);
  });
});

it("if_matched_regex beside if_matched_sid has no say", () => {
  const regex = "<if_matched_regex>never</if_matched_regex>";
  expect(match(composite(BY_SID + regex, 'frequency="2" timeframe="60"'), ...repeat(2))).toEqual(["100", "200"]);
});

it("if_matched_group counts rules already loaded, by a part of their group's name", () => {
  const member = (id: number) =>
    `<rule id="${id}" level="4"><if_sid>1</if_sid><match>m${id}</match><group>mygrp,</group><description>m</description></rule>`;
  const rules = `${member(101)}${composite("<if_matched_group>ygr</if_matched_group>", 'frequency="2" timeframe="60"')}${member(102)}`;
  expect(match(rules, ["m102"], ["m101"], ["m101"])).toEqual(["102", "101", "200"]);
});

it("events of level 0 and ignored ones are not remembered", () => {
  const silent = '<rule id="100" level="0"><if_sid>1</if_sid><match>APP</match><description>base</description></rule>';
  const rules = silent + composite(BY_SID, 'frequency="2" timeframe="60"');
  expect(ruleIds(decide({ decoders: DECODERS, rules }, ["APP: x"], ["APP: x"], ["APP: x"]))).toEqual([
    "100",
    "100",
    "100",
  ]);
});
