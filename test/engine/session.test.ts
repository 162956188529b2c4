import { describe, expect, it } from "vitest";
import { createSession } from "../../src/engine.js";
import { rulesetOf } from "./rulesets.js";

const RULES = '<rule id="100" level="5"><if_sid>1</if_sid><description>$(hostname) $(nothing)! $(</description></rule>';

describe("process", () => {
  const session = createSession(rulesetOf({ rules: RULES }), { hostname: "mgr" });

  it("shows UTF-8, an invalid byte as U+FFFD", () => {
    const event = Buffer.from([0xc3, 0xa9, 0xff]);
    expect(session.process({ event }).predecoder!.log).toBe("é\ufffd");
    expect(session.process({ event: "é" }).predecoder!.log).toBe("é");
  });

  it("shows a byte order mark", () => {
    expect(session.process({ event: "\ufeffé" }).predecoder!.log).toBe("\ufeffé");
  });

  it("an event ends at its first NUL", () => {
    expect(session.process({ event: "ab\0cd" }).predecoder!.log).toBe("ab");
  });

  it("reports a location that cannot be read", () => {
    expect(session.process({ event: "x", location: "[001" })).toEqual({ error: "FORMAT_ERROR" });
  });

  it("fills fields in, and leaves an open parenthesis", () => {
    expect(session.process({ event: "x" }).rule!.description).toBe("mgr ! $(");
  });

  it("shows lists of the rule that nobody can change for its later events", () => {
    const mitre = "<mitre><id>T1110</id></mitre>";
    const withMitre = createSession(rulesetOf({ rules: RULES.replace("</rule>", `${mitre}</rule>`) }));
    const rule = withMitre.process({ event: "x" }).rule!;
    for (const list of [rule.groups, rule.mitre]) expect(() => (list as string[]).push("other")).toThrow(TypeError);
    expect(withMitre.process({ event: "x" }).rule).toMatchObject({ groups: ["test"], mitre: ["T1110"] });
  });

  it("keeps a description that would grow too long as it was written", () => {
    const long = createSession(rulesetOf({ rules: RULES }), { hostname: "h".repeat(1020) });
    expect(long.process({ event: "x" }).rule!.description).toBe("$(hostname) $(nothing)! $(");
  });
});

it("sessions of one ruleset share nothing", () => {
  const ruleset = rulesetOf({ rules: RULES });
  const [a, b] = [createSession(ruleset), createSession(ruleset)];
  a.process({ event: "x" });
  expect(a.process({ event: "x" }).rule!.firedtimes).toBe(2);
  expect(b.process({ event: "x" }).rule!.firedtimes).toBe(1);
});
