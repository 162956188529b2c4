import { describe, expect, it } from "vitest";
import { decide } from "../rulesets.js";

function withPlugin(plugin: string, options = "") {
  return `<decoder name="d"><prematch>^</prematch>${options}<plugin_decoder>${plugin}</plugin_decoder></decoder>`;
}

describe("JSON_Decoder", () => {
  const json = (line: string, options = "") => decide({ decoders: withPlugin("JSON_Decoder", options) }, [line])[0]!;

  it("nests with dots, prints numbers as C does, keeps order and repeats", () => {
    expect(json('{"b":{"c":1.5},"a":4294967296,"t":true,"n":null,"b":{"c":2}} garbage').dynamic).toEqual([
      ["b.c", "1.500000"],
      ["a", "4294967296.000000"],
      ["t", "true"],
      ["n", "null"],
      ["b.c", "2"],
    ]);
  });

  it("fills static fields from whole dotted names only", () => {
    expect(json('{"srcip":"1.1.1.1","systemname":"s","a":{"srcip":"2.2.2.2"},"system_name":"d"}')).toMatchObject({
      fields: { srcip: "1.1.1.1", system_name: "s", "a.srcip": "2.2.2.2" },
    });
  });

  it("user is dstuser when it comes first", () => {
    expect(json('{"user":"u","dstuser":"d"}').fields).toEqual({ dstuser: "d" });
    expect(json('{"dstuser":"d","user":"u"}').fields).toEqual({ dstuser: "d", user: "u" });
    expect(json('{"user":"a","user":"b"}').fields).toEqual({ dstuser: "a", user: "b" });
  });

  it("arrays are JSON text, or comma-separated without what is nested", () => {
    const line = '{"a":[1,"x",[2],null]}';
    expect(json(line).fields).toEqual({ a: '[1, "x", [2], null]' });
    const csv = "<json_array_structure>csv</json_array_structure>";
    expect(json(line, csv).fields).toEqual({ a: "1,x,null" });
    expect(json('{"a":[1,[2]]}', csv).fields).toEqual({ a: "1," });
    expect(json('{"a":[[2]]}', csv).fields).toEqual({});
    // Nothing is seen behind a number that its buffer cuts.
    expect(json('{"a":["x",1e70,2]}', csv).fields!.a).toBe(`x,${BigInt(1e70).toString().slice(0, 63)}`);
  });

  it("null can be discarded", () => {
    expect(json('{"a":null,"b":1}', "<json_null_field>discard</json_null_field>").fields).toEqual({ b: "1" });
  });

  it("takes a name like __proto__ for a name", () => {
    const { fields } = json('{"__proto__":"x"}');
    expect(Object.entries(fields!)).toEqual([["__proto__", "x"]]);
  });

  it("keeps 256 dynamic fields", () => {
    const members = Array.from({ length: 300 }, (_, i) => `"k${i}":${i}`).join(",");
    const { dynamic, fields } = json(`{${members},"id":"x"}`);
    expect(dynamic).toHaveLength(256);
    expect(fields!.id).toBe("x");
  });
});

it("PF_Decoder", () => {
  const line = "rule 2/(match) pass in on xl0: 140.211.166.3.6667 > 192.168.2.10.16290: P 7408:7677(269) ack 1773";
  expect(decide({ decoders: withPlugin("PF_Decoder") }, [line])[0]!.fields).toEqual({
    action: "pass",
    srcip: "140.211.166.3",
    srcport: "6667",
    dstip: "192.168.2.10",
    dstport: "16290",
    protocol: "TCP",
  });
  const ping = "rule 2/(match) block in on lo0: 127.0.0.1 > 127.0.0.1: icmp: echo reply";
  expect(decide({ decoders: withPlugin("PF_Decoder") }, [ping])[0]!.fields).toEqual({
    action: "block",
    srcip: "127.0.0.1",
    dstip: "127.0.0.1",
    protocol: "ICMP",
  });
});

it("SymantecWS_Decoder", () => {
  const line = "20070717,73614,1=5,11=1.2.3.4,1106=News,60=http://h/,10=userX,1000=212.58.240.42,2=27";
  expect(decide({ decoders: withPlugin("SymantecWS_Decoder") }, [line])[0]!.fields).toEqual({
    srcip: "1.2.3.4",
    url: "http://h/",
    dstuser: "userX",
    id: "2=27",
  });
});

describe("SonicWall_Decoder", () => {
  const line = (rest: string) =>
    `id=firewall sn=0 pri=6 ${rest} src=2.2.2.2:36701:WAN dst=1.1.1.1:50000:WAN proto=tcp/80`;

  it("reads addresses, and changes the decoder's type for the rest of the session", () => {
    const decisions = decide(
      { decoders: withPlugin("SonicWall_Decoder") },
      [line("c=262144 m=98")],
      [line("c=32 m=1")],
      ["x"],
    );
    expect(decisions.map((decision) => decision.decoder!.type)).toEqual([3, 2, 1]);
    expect(decisions[0]!.fields).toEqual({
      status: "6",
      id: "98",
      action: "pass",
      srcip: "2.2.2.2",
      srcport: "36701",
      dstip: "1.1.1.1",
      dstport: "50000",
      protocol: "tcp",
    });
  });
});

describe("OSSECAlert_Decoder", () => {
  const texts = {
    decoders: withPlugin("OSSECAlert_Decoder"),
    rules: '<rule id="100" level="7"><if_sid>1</if_sid><description>taken $(srcip)</description></rule>',
  };

  it("does not take over the rule that the alert names, and no other matches", () => {
    const [decision] = decide(texts, [
      "ossec: Alert Level: 7; Rule: 100 - x; Location: (h) 1.1.1.1->/var/log/x; srcip: 9.9.9.9; user: bob;  the log",
    ]);
    expect(decision).toMatchObject({
      predecoder: { location: "stdin" },
      decoder: { type: 12 },
      rule: null,
      alert: false,
    });
    expect(decision!.fields).toEqual({});
  });

  it("no rule matches any other event of that decoder", () => {
    expect(decide(texts, ["ossec: Alert Level: 7; Rule: 999 - x;"])[0]).toMatchObject({
      decoder: { type: 12 },
      rule: null,
    });
  });
});
