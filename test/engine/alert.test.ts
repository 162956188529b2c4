import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertText } from "../../src/engine/alert.js";
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

it("takes the times that it is told, for an event that no date has too", () => {
  const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
  const told = { timestamp: "then", id: "7.8" };
  for (const at of [1_700_000_000, 1e15])
    expect(toAlert(session.process({ event: "x", at }), told)).toMatchObject(told);
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

  it("one after another, at the same place", () => {
    const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }), { hostname: "mgr" });
    const told = (location: string, manager?: string) => {
      const decision = session.process({ event: "x", location, at: 1_700_000_000 });
      const { agent, manager: by } = toAlert(decision, manager === undefined ? {} : { manager });
      return [agent, by];
    };
    expect(told("[001] (web) any->/x")).toEqual([{ id: "001", name: "web" }, { name: "mgr" }]);
    expect(told("[002] (web) any->/x")).toEqual([{ id: "002", name: "web" }, { name: "mgr" }]);
    expect(told("/x")).toEqual([{ id: "000", name: "mgr" }, { name: "mgr" }]);
    expect(told("/x", "other")).toEqual([{ id: "000", name: "other" }, { name: "other" }]);
  });

  it("are named by the host, where a location of the manager's looks like an agent's", () => {
    const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
    const told = (host: string) =>
      toAlert(session.process({ event: `Dec 29 10:00:01 ${host} p: x`, location: "(x) y", at: 1 })).agent;
    expect([told("one"), told("another")]).toEqual([
      { id: "000", name: "one", ip: "y" },
      { id: "000", name: "another", ip: "y" },
    ]);
  });

  it("are shown as is asked for", () => {
    const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
    const processed = session.run("x", "/\xc3\xa9", 1)!;
    const shown = [alertText(processed), alertText(processed, {}, (bytes) => bytes)];
    expect(shown.map((text) => JSON.parse(text).location)).toEqual(["/é", "/\xc3\xa9"]);
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
/** As it may stand in a log: with nothing escaped that the real engine reads unescaped. */
const written = fc.constantFrom(
  '"plain"',
  '"a\\"b"',
  '"a\\\\b"',
  '"a\tb"',
  '"\u0001"',
  '"[\t"',
  '""',
  "[]",
  '["x"]',
  '["x, y","z"]',
  '["",", "]',
  '[", ","a",", "]',
  '["a\tb"]',
  '["\\"",{"k":["v"]},-0.5]',
  "12",
  "null",
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

it("tells the fields, however the log wrote them", () => {
  const session = createSession(rulesetOf({ decoders: DECODERS, rules: RULES }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "id"), written), { maxLength: 4 }), (members) => {
      const event = `{${members.map(([key, text]) => `"${key}":${text}`).join(",")}}`;
      const decision = session.process({ event, at: 1_700_000_000 });
      const line = toAlertText(decision);
      expect(JSON.stringify(toAlert(decision))).toBe(line);
      const filled = decision.dynamic!.filter(([_key, text]) => text !== "").toReversed();
      const data = filled.map(([key, text]) => [key, arrayOf(text) ?? text] as const);
      const { id } = decision.fields!;
      expect(toAlert(decision).data ?? {}).toEqual({
        ...(id === undefined ? {} : { id }),
        ...Object.fromEntries(data),
      });
    }),
    { numRuns: 3_000 },
  );
});

function arrayOf(text: string): unknown[] | null {
  try {
    return text.startsWith("[") ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

describe("escapes, though the log's JSON needs none,", () => {
  const json = '<decoder name="c"><parent>j</parent><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';
  const pattern = '<decoder name="c"><parent>j</parent><regex>"a":(\\.+)}</regex><order>raw</order></decoder>';

  it.each([
    ["behind", json + pattern],
    ["in front of", pattern + json],
  ])("what a pattern takes %s it", (_place, children) => {
    const decoders = `<decoder name="j"><prematch>^{</prematch></decoder>${children}`;
    const session = createSession(rulesetOf({ decoders, rules: RULES }));
    expect(toAlert(session.process({ event: '{"a":"x"}', at: 1_700_000_000 })).data).toEqual({ a: "x", raw: '"x"' });
  });

  it("what an earlier event has lent", () => {
    const decoders = DECODERS.replace("</decoder>", "<accumulate /></decoder>");
    const session = createSession(rulesetOf({ decoders, rules: RULES }));
    session.process({ event: '{"id":"1","data":"say \\"hi\\""}', at: 1_700_000_000 });
    expect(toAlert(session.process({ event: '{"id":"1"}', at: 1_700_000_000 })).data).toEqual({
      id: "1",
      data: 'say "hi"',
    });
  });
});

it("reads the first of fields that have one name, in any case of letters", () => {
  expect(alertOf('{"user":{"name":"a"},"USER":{"name":"b"}}').rule).toMatchObject({ description: "hi a" });
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
