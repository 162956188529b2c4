import { describe, expect, it } from "vitest";
import { decide, ruleIds } from "../rulesets.js";

const DECODERS = `
<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>
<decoder name="app"><program_name>^app</program_name></decoder>
<decoder name="app-user"><parent>app</parent><regex>user=(\\w+)</regex><order>user</order></decoder>`;
const rule = (id: number, body: string) =>
  `<rule id="${id}" level="5"><if_sid>1</if_sid>${body}<description>x</description></rule>`;

describe("rules are ruled out by what an event lacks, and by nothing else", () => {
  it("a field, negated or not; what events before had does not count", () => {
    const rules =
      rule(100, '<field name="a.b">^x$</field>') +
      rule(101, '<field name="A.B" negate="yes">^x$</field>') +
      rule(102, "");
    const events = [
      '{"a":{"b":"x"}}',
      '{"a":{"b":"y"}}',
      '{"c":"x"}',
      '{"A":{"b":"x"}}',
      '{"c":"x"}',
      '{"a":{"b":"x"}}',
    ];
    expect(ruleIds(decide({ decoders: DECODERS, rules }, ...events.map((event) => [event] as [string])))).toEqual([
      "100",
      "101",
      "102",
      "100",
      "102",
      "100",
    ]);
  });

  it("of fields of one name the first", () => {
    const rules = rule(100, '<field name="a">^y$</field>') + rule(101, '<field name="a">^x$</field>');
    expect(ruleIds(decide({ decoders: DECODERS, rules }, ['{"a":"x","A":"y"}'], ['{"A":"y","a":"x"}']))).toEqual([
      "101",
      "100",
    ]);
  });

  it("a program name, a static field, either user", () => {
    const rules =
      rule(100, "<program_name>^app2</program_name>") +
      rule(101, "<user>^ann$</user>") +
      rule(102, "<srcip>1.1.1.1</srcip>") +
      rule(103, "");
    const lines = [
      "Nov 22 10:00:00 host app2[1]: user=ann",
      "Nov 22 10:00:00 host app1[1]: user=ann",
      "Nov 22 10:00:00 host app1[1]: user=bob",
      '{"srcuser":"ann"}',
      '{"srcip":"1.1.1.1"}',
      '{"srcip":"1.1.1.2"}',
    ];
    expect(ruleIds(decide({ decoders: DECODERS, rules }, ...lines.map((line) => [line] as [string])))).toEqual([
      "100",
      "101",
      "103",
      "101",
      "102",
      "103",
    ]);
  });

  it("also when more kinds have come than are remembered", () => {
    const rules = rule(100, '<field name="wanted">^x$</field>') + rule(101, "");
    const many = Array.from(
      { length: 60_000 },
      (_, at) => [`{"k${at}":"1","wanted":"${at % 2 ? "x" : "y"}"}`] as [string],
    );
    const ids = ruleIds(decide({ decoders: DECODERS, rules }, ...many));
    expect(ids.filter((id, at) => id !== (at % 2 ? "100" : "101"))).toEqual([]);
  });

  it("a value that is long, or one of very many, is tested like any other", () => {
    const rules = rule(100, '<field name="a">7$</field>') + rule(101, "");
    const values = [
      ...Array.from({ length: 2000 }, (_, at) => `v${at}`),
      `${"x".repeat(100)}7`,
      "x".repeat(100),
      "v7",
      "v8",
    ];
    const ids = ruleIds(
      decide({ decoders: DECODERS, rules }, ...values.map((a) => [JSON.stringify({ a })] as [string])),
    );
    expect(ids).toEqual(values.map((value) => (value.endsWith("7") ? "100" : "101")));
  });
});
