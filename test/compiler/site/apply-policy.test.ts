import { describe, expect, test } from "vitest";
import { type CompiledPack, compilePack } from "../../../src/compiler/compile.js";
import { NO_IDS } from "../../../src/compiler/rule-ids.js";
import { Problem } from "../../../src/diagnostics/problem.js";
import { createSession } from "../../../src/engine/session.js";
import { branch, decoder, list, listed, pack, pcre2, rule, useCase } from "../../../src/index.js";
import type { SitePolicy } from "../../../src/policy/site-policy.js";
import { loadRuleset } from "../../../src/ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../../../src/ruleset/standalone.js";

/** `act alice 10.1.2.3 drop app.t`; a client `[local]` has no address. */
const acts = decoder({
  name: "acts",
  description: "who does what",
  prefix: "x.",
  entries: [{ prematch: pcre2("^act ") }],
  branches: [
    branch({
      name: "acts-all",
      extract: [
        pcre2("^act (?<srcuser>\\S+) (?<client>\\S+) (?<verb>\\S+) (?<object>\\S+)"),
        pcre2("^act \\S+ (?<srcip>[0-9a-f.:]+) "),
      ],
    }),
  ],
});
const mayDrop = list({ name: "may-drop", description: "may drop", content: { from: "grants", anyOf: ["tables"] } });
const dropped = rule({
  key: "dropped",
  level: 10,
  on: acts,
  where: { "x.verb": pcre2("^drop$") },
  description: "$(srcuser) dropped $(x.object): not authorised",
});
const allowed = rule({
  key: "dropped-authorised",
  level: 3,
  on: dropped,
  where: { srcuser: listed(mayDrop) },
  description: "$(srcuser) dropped $(x.object): authorised",
});
const burst = rule({
  key: "burst",
  level: 14,
  on: dropped,
  correlate: { of: dropped, times: 5, seconds: 60, same: ["srcuser"] },
  description: "$(srcuser) dropped and dropped",
});
const sample = pack({
  name: "sample",
  title: "Sample",
  group: "sample",
  ids: [100_000, 100_099],
  actor: {
    account: "srcuser",
    address: "srcip",
    client: "x.client",
    socket: pcre2("^\\[local\\]$"),
    object: "x.object",
  },
  decoders: [acts],
  base: [],
  useCases: [
    useCase({
      key: "drop",
      title: "Drop",
      summary: "drops",
      group: "dam_drop",
      attack: [],
      compliance: {},
      rules: [dropped, allowed, burst],
    }),
  ],
});

const SITE: SitePolicy = {
  accounts: {
    free: { may: ["tables"] },
    desk: { may: ["tables"], from: ["office", "here"], during: "day" },
    night: { may: ["tables"], during: "night" },
    remote: { may: ["tables"], from: ["office"] },
    nobody: { may: [], from: ["office"] },
  },
  places: { office: ["10.1.0.0/16", "2001:db8::/32"], here: ["local"] },
  windows: {
    day: { hours: "08:00-18:00", weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday"] },
    night: { hours: "22:00-04:00" },
  },
  sensitive_relations: [],
  postgresql: { preset: "full", log_form: "jsonlog", log_location: "/var/log/pg/*.json", audit_role: "auditor" },
};
const WHERE = { file: "site.yaml", line: 1, column: 1 };

function compile(change: Partial<SitePolicy> = {}, of = sample): CompiledPack {
  return compilePack(of, { value: { ...SITE, ...change }, locate: () => WHERE }, NO_IDS, ".", "2026-11-24");
}

function judge(files: CompiledPack["files"]) {
  const under = (folder: string) =>
    files
      .filter(({ path }) => path.startsWith(`wazuh/${folder}/`))
      .map(({ path, text }) => ({ name: path.replace("wazuh/", "etc/"), text }));
  const { ruleset } = loadRuleset({
    decoders: [...under("decoders"), STANDALONE_DECODERS],
    rules: [STANDALONE_RULES, ...under("rules")],
    lists: under("lists"),
  });
  const session = createSession(ruleset!);
  return (event: string, at = "2026-11-24T10:00:00Z") => {
    const { rule } = session.process({ event, at: Date.parse(at) / 1000 });
    return rule && `${rule.level} ${rule.description}`;
  };
}

function codes(change: Partial<SitePolicy>, of = sample): string[] {
  try {
    compile(change, of);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`);
  }
}

describe("places and windows", () => {
  const verdict = judge(compile().files);
  const LET = /^3 .*authorised/;
  const OUT = /^12 .*did what it may, but from \S+ or at this time it may not$/;

  test.each([
    ["free", "192.0.2.9", "2026-11-22T03:00:00Z", LET],
    ["desk", "10.1.9.9", "2026-11-24T10:00:00Z", LET],
    ["desk", "10.2.9.9", "2026-11-24T10:00:00Z", OUT],
    ["desk", "2001:db8::7", "2026-11-24T10:00:00Z", LET],
    ["desk", "[local]", "2026-11-24T10:00:00Z", LET],
    ["desk", "[local]", "2026-11-24T19:00:00Z", OUT],
    ["desk", "10.1.9.9", "2026-11-22T10:00:00Z", OUT], // a Sunday
    ["desk", "10.1.9.9", "2026-11-24T07:59:00Z", OUT],
    ["night", "192.0.2.9", "2026-11-24T23:30:00Z", LET],
    ["night", "192.0.2.9", "2026-11-24T03:00:00Z", LET],
    ["night", "192.0.2.9", "2026-11-24T12:00:00Z", OUT],
    ["remote", "10.1.0.1", "2026-11-22T03:00:00Z", LET],
    ["remote", "[local]", "2026-11-22T03:00:00Z", OUT],
    // Being in the right place authorises nobody for anything.
    ["nobody", "10.1.0.1", "2026-11-24T10:00:00Z", /^10 .*not authorised$/],
  ])("%s from %s at %s", (account, client, at, expected) => {
    expect(verdict(`act ${account} ${client} drop app.t`, at)).toMatch(expected);
  });

  test("a list that is missing on the manager makes alerts, not silence", () => {
    const { files } = compile();
    const without = files.map((file) =>
      file.path.includes("lists/sample-bound-") ? { ...file, text: `${"-".repeat(64)}:\n` } : file,
    );
    expect(judge(without)("act remote 10.1.0.1 drop app.t")).toMatch(OUT);
  });

  test("no rule is added for a policy that binds nobody, or nobody who may do it", () => {
    const count = (accounts: SitePolicy["accounts"]) => compile({ accounts }).rules;
    expect(count({ free: { may: ["tables"] }, remote: { may: ["roles"], from: ["office"] } })).toBe(3);
    expect(count(SITE.accounts)).toBe(3 + 1 + 2 + 1 + 1);
  });
});

describe("thresholds", () => {
  test("take the place of the rule's own", () => {
    const verdict = judge(compile({ thresholds: { burst: { times: 3, seconds: 10 } } }).files);
    const events = [0, 4, 8].map((second) => verdict("act x 10.1.1.1 drop app.t", `2026-11-24T10:00:0${second}Z`));
    expect(events).toEqual([
      expect.stringMatching(/^10 /),
      expect.stringMatching(/^10 /),
      expect.stringMatching(/^14 /),
    ]);
  });

  test("for a rule that counts nothing are an error that names those that do", () => {
    expect(codes({ thresholds: { dropped: { times: 3, seconds: 10 } } })).toEqual([
      "threshold-unknown: there is no rule dropped that counts events",
    ]);
  });
});

describe("exceptions", () => {
  const exception = {
    name: "q4-clean-up",
    rule: "dropped",
    account: "x.y",
    object: "tmp.*",
    owner: "alice",
    reason: "old partitions",
    expires: "2026-11-24",
  };

  test("log what they name and nothing else", () => {
    const verdict = judge(compile({ exceptions: [exception] }).files);
    expect(verdict("act x.y 10.1.1.1 drop tmp.t")).toBe(
      "3 x.y dropped tmp.t: exception q4-clean-up of alice until 2026-11-24, old partitions",
    );
    expect(verdict("act xzy 10.1.1.1 drop tmp.t")).toMatch(/^10 /);
    expect(verdict("act x.y 10.1.1.1 drop tmpx")).toMatch(/^10 /);
    expect(verdict("act x.y 10.1.1.1 drop app.tmp.t")).toMatch(/^10 /);
  });

  test("end: the day after, they are an error", () => {
    expect(codes({ exceptions: [{ ...exception, expires: "2026-11-23" }] })).toEqual([
      "exception-expired: exception q4-clean-up expired on 2026-11-23",
    ]);
  });

  test("from a rule that is not there are an error", () => {
    expect(codes({ exceptions: [{ ...exception, rule: "none" }] })).toEqual([
      "exception-rule: exception q4-clean-up is for the rule none, which is in no use case",
    ]);
  });
});

describe("presets", () => {
  const with_ = (change: Partial<(typeof sample)["useCases"][number]["rules"][number]>) => ({
    ...sample,
    useCases: [{ ...sample.useCases[0]!, rules: [{ ...dropped, ...change }] }],
  });
  const under = (preset: SitePolicy["postgresql"]["preset"]) => ({ postgresql: { ...SITE.postgresql, preset } });

  test("a rule that lives on records which nobody leaves does not compile, unless it says that it knows", () => {
    const error =
      /^records-not-logged: rule dropped lives on records of class READ, which preset light does not log of everybody/;
    expect(codes(under("light"), with_({ records: "READ" }))).toEqual([expect.stringMatching(error)]);
    expect(codes(under("light"), with_({ records: "READ", seenUnder: "standard" }))).toEqual([
      expect.stringMatching(error),
    ]);
    expect(codes(under("light"), with_({ records: "READ", seenUnder: "full" }))).toEqual([]);
    expect(codes(under("full"), with_({ records: "READ" }))).toEqual([]);
    expect(codes(under("light"), with_({ records: "DDL" }))).toEqual([]);
    expect(codes(under("light"), with_({ records: "FUNCTION" }))).toHaveLength(1);
    expect(codes(under("standard"), with_({ records: "FUNCTION" }))).toEqual([]);
    expect(codes(under("standard"), with_({ records: "WRITE" }))).toHaveLength(1);
  });

  test("what stands on such a rule is mended with it", () => {
    const withChild = (records: "READ", seenUnder?: "full") => {
      const parent = { ...dropped, records, ...(seenUnder && { seenUnder }) };
      const child = { ...allowed, on: [parent] };
      return { ...sample, useCases: [{ ...sample.useCases[0]!, rules: [parent, child] }] };
    };
    expect(codes(under("light"), withChild("READ"))).toHaveLength(1);
    expect(codes(under("light"), withChild("READ", "full"))).toEqual([]);
  });
});
