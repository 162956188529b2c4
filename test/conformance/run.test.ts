import { describe, expect, it } from "vitest";
import { parseIni } from "../../src/conformance/ini.js";
import { runSuite } from "../../src/conformance/run.js";
import { rulesetOf } from "../engine/rulesets.js";

describe("parseIni", () => {
  it("adds the lines of repeated keys and sections, and of indented lines", () => {
    const file = parseIni(
      "; comment\n[a: x]\nLog 1 pass = one: 1\nlog 1 pass = two\r\n\tthree\n\n[b]\nk:v\n[a: x]\nk = w\n",
    );
    expect([...file.keys()]).toEqual(["a: x", "b"]);
    expect(file.get("a: x")).toEqual(
      new Map([
        ["log 1 pass", ["one: 1", "two", "three"]],
        ["k", ["w"]],
      ]),
    );
    expect(file.get("b")!.get("k")).toEqual(["v"]);
  });
});

describe("runSuite", () => {
  const ruleset = rulesetOf({
    decoders: '<decoder name="app"><prematch>^APP</prematch></decoder>',
    rules: `<rule id="100" level="5"><if_sid>1</if_sid><match>APP</match><description>one</description></rule>
      <rule id="101" level="7" frequency="2" timeframe="60"><if_matched_sid>100</if_matched_sid><description>two</description></rule>`,
  });
  const suite = (log: string, verdict: string) =>
    runSuite("x.ini", `[s]\n${log}\n${verdict}`, ruleset).cases[0]!.passed;

  it("compares rule, level and decoder of the last line", () => {
    expect(suite("log 1 pass = APP 1", "rule = 100\nalert = 5\ndecoder = app")).toBe(true);
    expect(suite("log 1 pass = APP 1", "rule = 100\nalert = 6\ndecoder = app")).toBe(false);
    expect(suite("log 1 pass = APP 1\nlog 1 pass = APP 2", "rule = 101\nalert = 7\ndecoder = app")).toBe(true);
    expect(suite("log 1 pass = APP 1", "rule = 100\nalert = 5\ndecoder =")).toBe(false);
  });

  it("a fail case must not agree", () => {
    expect(suite("log 1 fail = APP 1", "rule = 100\nalert = 5\ndecoder = app")).toBe(false);
    expect(suite("log 1 fail = APP 1", "rule = 100\nalert = 5\ndecoder = other")).toBe(true);
    expect(suite("log 1 fail = nothing", "rule =\nalert =\ndecoder =")).toBe(true);
  });
});
