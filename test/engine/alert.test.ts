import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSession, loadRuleset, toAlert, toAlertText } from "../../src/engine.js";
import { rulesetOf } from "./rulesets.js";

const DECODERS = '<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';
const RULES = `<rule id="100" level="5"><if_sid>1</if_sid><description>hi $(user.name)</description>
  <group>one,pci_dss_10.2.4,gdpr_IV_35.7.d,pci_dss_10.2.5,</group></rule>`;

function alertOf(event: string, location = "stdin") {
  const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }), { hostname: "mgr" });
  return toAlert(session.process({ event, location, at: 1_700_000_000 }));
}

it("holds the members of alerts.json in their order", () => {
  const alert = alertOf('{"srcip":"1.1.1.1","user":{"name":"bob"}}');
  expect(Object.keys(alert)).toEqual([
    "timestamp",
    "rule",
    "agent",
    "manager",
    "id",
    "full_log",
    "decoder",
    "data",
    "location",
  ]);
  expect(alert).toMatchObject({
    timestamp: "2023-11-14T22:13:20.000+0000",
    rule: {
      level: 5,
      description: "hi bob",
      id: "100",
      firedtimes: 1,
      mail: false,
      groups: ["test", "one"],
      pci_dss: ["10.2.4", "10.2.5"],
      gdpr: ["IV_35.7.d"],
    },
    agent: { id: "000", name: "mgr" },
    data: { srcip: "1.1.1.1", user: { name: "bob" } },
  });
});

describe("data", () => {
  it.each([
    ['{"a":"x","a.b":"lost"}', { a: "x" }],
    ['{"a":{"b":1},"A":"lost","a":{"c":2}}', { a: { b: "1", c: "2" } }],
    ['{"a":[1,"x"],"b":"[1] no array","c":""}', { a: [1, "x"], b: "[1] no array" }],
    ['{"a":"[{\\"k\\":true}]"}', { a: [{ k: true }] }],
    ['{"a":"[\\"\\\\u00e9\\"]"}', { a: ["é"] }],
  ])("%s", (event, data) => {
    expect(alertOf(event).data).toEqual(data);
  });
});

describe("agents", () => {
  it("name and address come from the location", () => {
    expect(alertOf("x", "[001] (web) 10.0.0.1->/var/log/x")).toMatchObject({
      agent: { id: "001", name: "web", ip: "10.0.0.1" },
      location: "/var/log/x",
    });
    expect(alertOf("x", "[001] (web) any->/x").agent).toEqual({ id: "001", name: "web" });
  });

  it("an agentless device has none", () => {
    const alert = alertOf("x", "(script) root@host->/etc");
    expect(alert.agent).toBeUndefined();
    expect(alert.agentless).toEqual({ script: "script", user: "root", host: "host" });
  });
});

it("the host of a syslog line stands in predecoder", () => {
  expect(alertOf("Dec 29 10:00:01 h p: x").predecoder).toEqual({
    program_name: "p",
    timestamp: "Dec 29 10:00:01",
    hostname: "h",
  });
});

it("takes names that nest without end", () => {
  const { data } = alertOf(JSON.stringify({ ["a.".repeat(20_000)]: "x", b: "y" }));
  expect(Object.keys(data as object)).toEqual(["a", "b"]);
});

const name = fc.constantFrom(
  "a",
  "a.b",
  "a.b.c",
  "b",
  'quo"te',
  "back\\slash",
  "é",
  "__proto__",
  "__proto__.x",
  "srcip",
  "id",
);
const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("[1,2]", '[{"k":null}]', "[", "\u0000", "\n", "\ud83d\ude00"),
);

it("is the line that JSON.stringify would make of the object", () => {
  const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
  let withData = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 8 }), (members) => {
      const event = `{${members.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(",")}}`;
      const decision = session.process({ event, at: 1_700_000_000 });
      const line = toAlertText(decision);
      expect(JSON.stringify(toAlert(decision))).toBe(line);
      // An escaped NUL ends a value; empty ones are left out, and of those with one name the first is taken.
      const first = members
        .map(([key, text]) => [key, text.split("\0", 1)[0]!])
        .find(([key, text]) => key === "b" && text);
      if (first === undefined || first[1]!.startsWith("[")) return;
      withData++;
      expect(toAlert(decision).data).toMatchObject({ b: first[1] });
    }),
    { numRuns: 2_000 },
  );
  expect(withData).toBeGreaterThan(100);
});

describe("a name that comes twice is written once, as readers of JSON take it", () => {
  const lineOf = (event: string | Buffer) => {
    const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
    return toAlertText(session.process({ event, at: 1_700_000_000 }));
  };

  it("in the rule, whose lists a configuration assessment names", () => {
    const line = lineOf('{"sca":{"check":{"compliance":{"level":"a,b","cis":"1.1"}}}}');
    expect(line).toContain('"rule":{"level":["a","b"],"description":');
    expect(line.match(/"level":/g)).toHaveLength(2);
    expect(line).toContain('"cis":["1.1"]');
  });

  it("in the data, where two names are shown alike", () => {
    const line = lineOf(Buffer.from('{"\xff":"1","\xfe":"2","b":"3"}', "latin1"));
    expect(line).toContain('"data":{"\ufffd":"2","b":"3"}');
  });
});

it("shows what a captured array names by number", () => {
  const decoders = '<decoder name="x"><prematch>^foo </prematch><regex>^foo (\\.+)</regex><order>x</order></decoder>';
  const session = createSession(rulesetOf({ decoders, rules: RULES }));
  expect(toAlert(session.process({ event: 'foo ["\\u00e9"]', at: 1_700_000_000 })).data).toEqual({ x: ["é"] });
});

it("shows what JSON names by number, though the message is ASCII", () => {
  expect(alertOf('{"user":{"name":"\\u00e9"}}')).toMatchObject({
    rule: { description: "hi é" },
    data: { user: { name: "é" } },
  });
});

it("a rootcheck log adds the requirements that it names", () => {
  const rules = `<rule id="100" level="5"><if_sid>1</if_sid><description>x</description><group>rootcheck,</group></rule>`;
  const session = createSession(rulesetOf({ decoders: DECODERS, rules }));
  const alert = toAlert(session.process({ event: "System Audit: x {PCI_DSS: 2.2.3, 4.1}", at: 1_700_000_000 }));
  expect(alert.rule).toMatchObject({ groups: ["test", "rootcheck"], pci_dss: ["2.2.3", "4.1"] });
});

it("has no groups where the text of all of them is too long", () => {
  const rules = `<group name="${"y".repeat(4100)},"><rule id="1" level="3"><group>longer,</group><description>d</description></rule></group>`;
  const { ruleset } = loadRuleset({
    decoders: [{ name: "d.xml", text: `${DECODERS}<decoder name="p"><program_name>^p$</program_name></decoder>` }],
    rules: [{ name: "r.xml", text: rules }],
  });
  const { rule } = toAlert(createSession(ruleset!).process({ event: "{}" }));
  expect(rule).toMatchObject({ id: "1" });
  expect(rule).not.toHaveProperty("groups");
});
