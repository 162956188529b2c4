import { XMLValidator } from "fast-xml-parser";
import { beforeAll, describe, expect, test } from "vitest";
import dam from "../../rulesets/pack.js";
import { fieldsUnder } from "../../src/compiler/check-pack.js";
import { type CompiledPack, compilePack } from "../../src/compiler/compile.js";
import { NO_IDS, readRuleIdLock } from "../../src/compiler/rule-ids.js";
import { rulesOf } from "../../src/compiler/rule-order.js";
import { Problem } from "../../src/diagnostics/problem.js";
import type { Rule } from "../../src/engine/model.js";
import { branch, decoder, list, listed, type PackNode, pcre2, rule } from "../../src/index.js";
import { type LocatedPolicy, readSitePolicy } from "../../src/policy/site-policy.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../../src/ruleset/standalone.js";
import { packOf } from "./sample-pack.js";

const TODAY = "2026-11-24";
let policy: LocatedPolicy;
let compiled: CompiledPack;

beforeAll(async () => {
  policy = await readSitePolicy("site.yaml");
  compiled = compilePack(dam, policy, await readRuleIdLock("rulesets/rule-ids.json"), process.cwd(), TODAY);
});

const isDynamic = ({ field }: { field: string }) => field !== "srcuser";
const textOf = (path: string) => compiled.files.find((file) => file.path === path)?.text ?? "";

describe("the shipped pack, compiled", () => {
  test("gives the same bytes each time", async () => {
    const again = compilePack(dam, policy, await readRuleIdLock("rulesets/rule-ids.json"), process.cwd(), TODAY);
    expect(again).toEqual(compiled);
  });

  test("is strict XML in which no text holds < or &, so that a reader without entities reads the same", () => {
    const xml = compiled.files.filter(({ path }) => path.endsWith(".xml"));
    expect(xml.length).toBe(1 + 1 + dam.useCases.length);
    for (const { text } of xml) {
      expect(XMLValidator.validate(`<root>${text}</root>`)).toBe(true);
      expect(text).not.toMatch(/&/);
      for (const [, content] of text.matchAll(
        /<(?:regex|prematch|program_name|field|description)[^>]*>([^\n]*)<\/\w+>/g,
      ))
        expect(content).not.toContain("<");
    }
  });

  test("sorts its decoders before the stock ones, its rules behind them, and stays below the loader's limits", () => {
    const names = compiled.files.map(({ path }) => path);
    expect(names.filter((path) => path.startsWith("wazuh/decoders/"))).toEqual([
      "wazuh/decoders/0000-dam_decoders.xml",
    ]);
    const rules = names.filter((path) => path.startsWith("wazuh/rules/")).map((path) => path.split("/").at(-1)!);
    expect(rules).toEqual([...rules].sort());
    for (const name of rules) expect(name > "0999").toBe(true);
    for (const [, tag, content] of textOf("wazuh/decoders/0000-dam_decoders.xml").matchAll(
      /<(regex|prematch)[^>]*>([^\n]*)<\//g,
    ))
      expect(Buffer.byteLength(content ?? ""), tag).toBeLessThan(1024);
  });

  test("looks for what a branch says so behind the match before, but for the first", () => {
    for (const { name, offset, extract } of dam.decoders.flatMap(({ branches }) => branches)) {
      const regexes = [
        ...textOf("wazuh/decoders/0000-dam_decoders.xml").matchAll(
          /<decoder name="(.+)">(?:(?!<decoder)[\s\S])*?<\/decoder>/g,
        ),
      ]
        .filter(([, of]) => of === name)
        .map(([element]) => element.includes('<regex type="pcre2" offset="after_regex">'));
      expect(regexes).toEqual(extract.map((_each, at) => at > 0 && offset === "after_regex"));
    }
  });

  test("reads back into what was authored", () => {
    const under = (folder: string) => compiled.files.filter(({ path }) => path.startsWith(`wazuh/${folder}/`));
    const { ruleset, diagnostics } = loadRuleset({
      decoders: [...under("decoders").map(({ path, text }) => ({ name: path, text })), STANDALONE_DECODERS],
      rules: [...under("rules").map(({ path, text }) => ({ name: path, text })), STANDALONE_RULES],
      lists: under("lists").map(({ path, text }) => ({ name: path.replace("wazuh/", "etc/"), text })),
    });
    expect(diagnostics).toEqual([]);
    for (const authored of rulesOf(dam)) {
      const read = ruleset!.ruleById.get(compiled.lock.rules[authored.key]!) as Rule;
      expect(read, authored.key).toBeDefined();
      expect(read.level).toBe(authored.level);
      expect(read.description).toBe(authored.description);
      const matches = authored.conditions.filter(({ test }) => test.kind === "matches");
      const looked = authored.conditions.filter(({ test }) => test.kind === "listed");
      // A user is tested by an element of its own.
      const [dynamic, users] = [matches.filter(isDynamic), matches.filter((each) => !isDynamic(each))];
      expect(read.fields.map(({ name }) => name)).toEqual(dynamic.map(({ field }) => field));
      expect([...read.texts.keys()]).toEqual(users.map(() => "user"));
      expect(read.lists.map((each) => each.list.name)).toEqual(
        looked.map(({ test }) => test.kind === "listed" && `etc/lists/${test.list.name}`),
      );
      if (authored.correlation) expect(read.correlation?.timeframe).toBe(authored.correlation.seconds);
      for (const group of authored.groups) expect(read.groups).toContain(group);
      expect(read.groups).toContain("dam_postgresql");
    }
    expect(ruleset!.ruleById.size).toBe(rulesOf(dam).length + 1);
  });

  test("knows accounts by what the policy lets them do", () => {
    expect(textOf("wazuh/lists/dam-may-change-roles")).toBe("dba_alice:\niam_admin:\n");
    expect(textOf("wazuh/lists/dam-sensitive-relations")).toBe(
      "app.customers:\napp.payments:\nhr.employees:\nhr.salaries:\n",
    );
    expect(textOf("wazuh/ossec-ruleset.conf")).toContain("<list>etc/lists/dam-may-change-roles</list>");
  });

  test("a list that nobody is on still has an entry, which no account can be", () => {
    const nobody = compilePack(
      dam,
      { ...policy, value: { ...policy.value, accounts: {} } },
      NO_IDS,
      process.cwd(),
      TODAY,
    );
    expect(nobody.files.find(({ path }) => path.endsWith("dam-may-change-roles"))?.text).toBe(`${"-".repeat(64)}:\n`);
  });

  test("tells the server what the rules rely on", () => {
    expect(textOf("postgresql/pgaudit.conf")).toMatch(/^pgaudit\.role = 'auditor'$/m);
    expect(textOf("postgresql/pgaudit.conf")).toMatch(/^pgaudit\.log_rows = 'off'$/m);
    expect(textOf("postgresql/pgaudit.conf")).toMatch(/^log_destination = 'jsonlog'$/m);
    expect(textOf("postgresql/roles.sql")).toContain('\'"app"."payments"\'');
    expect(textOf("agent/localfile.conf")).toContain("<log_format>syslog</log_format>");
  });

  test("each rule is in a use case's group, with ATT&CK and controls, and known by its place in the manifest", () => {
    const manifest = JSON.parse(textOf("manifest.json"));
    expect(manifest.rules).toHaveLength(rulesOf(dam).length);
    expect(manifest.lists).toContainEqual({
      name: "dam-may-dump",
      description: "accounts that may dump, back up and replicate databases",
    });
    for (const each of manifest.rules) {
      expect(each.file).toMatch(/^rulesets\/[\w-]+\.ts$/);
      expect(each.line).toBeGreaterThan(1);
    }
    const dropped = textOf("wazuh/rules/dam_060-drop-table_rules.xml");
    expect(dropped).toContain('<group name="dam_postgresql,dam_drop_table,">');
    expect(dropped).toMatch(/<mitre>\s*<id>T1485<\/id>/);
    for (const control of ["pci_dss_10.2.1.7", "hipaa_164.312.b", "gdpr_IV_32.1.b", "nist_800_53_AU.12", "tsc_CC7.2"])
      expect(dropped).toContain(control);
  });
});

/** Codes of everything that is found wrong with a pack. */
function findings(faulty: PackNode): string[] {
  try {
    compilePack(faulty, policy, NO_IDS, process.cwd(), TODAY);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const { where, code } of error.diagnostics)
      expect(where?.file, code).toMatch(/(compile|sample-pack)\.(test\.)?ts$/);
    return error.diagnostics.map(({ code }) => code).sort();
  }
}

describe("faults are all found at once, each with its place", () => {
  const one = packOf(["one"]);
  const onlyRule = one.useCases[0]!.rules[0]!;
  const withRules = (...rules: PackNode["base"]) => ({ ...one, useCases: [{ ...one.useCases[0]!, rules }] });

  test("a sound pack has none", () => expect(findings(one)).toEqual([]));

  test("rules", () => {
    expect(findings(withRules({ ...onlyRule, level: 17 }, onlyRule))).toEqual(["rule-level", "rule-twice"]);
    expect(findings(withRules({ ...onlyRule, description: "<b> $(s.none)", key: "Not_Kebab" }))).toEqual([
      "description-markup",
      "field-unknown",
      "rule-key",
    ]);
    expect(findings(withRules({ ...onlyRule, groups: ["x".repeat(1100)] }))).toEqual(["groups-too-long"]);
    const child = rule({ key: "child", level: 5, on: onlyRule, description: "child" });
    expect(findings(withRules(child, onlyRule))).toEqual(["rule-before-parent"]);
    expect(findings(withRules(child))).toEqual(["rule-parent-missing"]);
    const counted = { times: 1, seconds: 4000, same: [] as string[], different: [] };
    expect(findings(withRules(onlyRule, { ...child, correlation: { of: onlyRule, ...counted } }))).toEqual([
      "correlation-seconds",
      "correlation-times",
    ]);
  });

  test("patterns", () => {
    const tested = (source: string) =>
      withRules({
        ...onlyRule,
        conditions: [{ field: "s.verb", test: { kind: "matches", negate: false, pattern: pcre2(source) } }],
      });
    expect(findings(tested("(unclosed"))).toEqual(["pattern-invalid"]);
    expect(findings(tested("x".repeat(2048)))).toEqual(["pattern-too-long"]);
    expect(findings(tested("(?<!x)y"))).toEqual(["pattern-markup"]);
  });

  test("decoders", () => {
    const decoded = (...extract: ReturnType<typeof pcre2>[]) =>
      ({
        ...one,
        decoders: [
          decoder({
            name: "sample",
            description: "x",
            prefix: "",
            entries: [{ prematch: pcre2("open") }],
            branches: [branch({ name: "a", extract }), branch({ name: "b", extract: [pcre2("(?<srcuser>b)")] })],
          }),
        ],
      }) as PackNode;
    expect(findings(decoded(pcre2("(?<timestamp>x)"), pcre2("(y)"), pcre2("z")))).toEqual([
      "branch-unreachable",
      "capture-unnamed",
      "extract-captures-nothing",
      "field-forbidden",
      "prematch-open",
    ]);
    expect(findings(decoded(pcre2("(?<a>x)(?<A>y)")))).toContain("field-case");
  });

  test("prematches that are open in one alternative, or say nothing", () => {
    const entered = (prematch: ReturnType<typeof pcre2>, name = "sample") =>
      ({ ...one, decoders: [{ ...one.decoders[0]!, name, entries: [{ prematch }] }] }) as PackNode;
    expect(findings(entered(pcre2("^a|^b")))).toEqual([]);
    expect(findings(entered(pcre2("^a|b")))).toEqual(["prematch-open"]);
    expect(findings(entered(pcre2("^")))).toEqual(["prematch-open"]);
    expect(findings(entered(pcre2("^a"), "json"))).toEqual(["decoder-stock"]);
    expect(findings(entered(pcre2("^a"), "a b"))).toEqual(["decoder-name"]);
  });

  test("names, ids and characters that cannot be emitted", () => {
    expect(findings({ ...one, name: "../x" })).toEqual(["pack-name"]);
    expect(findings({ ...one, name: "0a" })).toEqual(["pack-name"]);
    expect(findings({ ...one, ids: [100, 200] })).toEqual(["pack-ids"]);
    expect(findings({ ...one, title: "a\u0001" })).toEqual(["title-characters"]);
    expect(findings(withRules({ ...onlyRule, description: "a\u0000", groups: ["<b>"], attack: ["1485"] }))).toEqual([
      "description-characters",
      "group-name",
      "technique-name",
    ]);
    expect(findings(withRules({ ...onlyRule, description: "x".repeat(2048) }))).toEqual(["description-too-long"]);
    expect(findings(withRules({ ...onlyRule, description: "trailing blank " }))).toEqual([]);
  });

  test("rules that Wazuh has no words for are all found at once", () => {
    const both = decoder({
      name: "both",
      description: "both",
      prefix: "",
      entries: [{ prematch: pcre2("^both ") }],
      branches: [branch({ name: "both-all", extract: [pcre2("(?<srcuser>a)(?<dstuser>b)(?<srcip>c)")] })],
    });
    const matches = (field: string) => ({
      field,
      test: { kind: "matches" as const, negate: false, pattern: pcre2("^x") },
    });
    const on = { ...onlyRule, on: [both] };
    const faulty = withRules(
      { ...on, key: "a", conditions: [matches("srcuser")] },
      { ...on, key: "b", conditions: [matches("srcip")] },
      { ...on, key: "c", conditions: [matches("dstuser")] },
      { ...on, key: "d", on: [both, ...one.decoders], conditions: [] },
      {
        ...on,
        key: "e",
        conditions: [],
        correlation: { of: on, times: 2, seconds: 9, same: ["dstuser"], different: [] },
      },
    );
    const described = (pack: PackNode) => ({
      ...pack,
      useCases: pack.useCases.map((each) => ({
        ...each,
        rules: [
          { ...on, conditions: [], description: "x" },
          ...each.rules.map((each) => ({ ...each, description: "x" })),
        ],
      })),
    });
    expect(findings(described(faulty)).filter((code) => !code.startsWith("rule-parent"))).toEqual([
      "field-unsayable",
      "field-unsayable",
      "field-unsayable",
      "rule-on-several-decoders",
    ]);
  });

  test("text behind which indentation would be taken for text", () => {
    const ended = withRules({ ...onlyRule, description: "-->" });
    const { files } = compilePack(ended, policy, NO_IDS, process.cwd(), TODAY);
    expect(files.find(({ path }) => path.includes("only_rules"))?.text).toContain("<description>--></description>");
  });

  test("lists of one name, and what they cannot hold", () => {
    const of = (...lists: ReturnType<typeof list>[]) =>
      withRules({ ...onlyRule, conditions: lists.map((each) => ({ field: "srcuser", test: listed(each) })) });
    const named = (entries: Record<string, string>) =>
      list({ name: "one", description: "x", content: { from: "entries", entries } });
    expect(findings(of(named({ a: "" }), named({ b: "" })))).toEqual(["list-twice"]);
    expect(findings(of(named({ a: "y\nz:", "b:c": "d e" })))).toEqual(["list-text-unsayable"]);
    expect(findings(of(named({ 'a"b': "" })))).toEqual(["list-text-unsayable"]);
  });

  test("an account that no list can hold is reported where the policy names it", () => {
    const where = { file: "site.yaml", line: 7, column: 3 };
    const site = {
      value: { ...policy.value, accounts: { 'a"b': { may: ["tables" as const] } } },
      locate: () => where,
    };
    const looked = listed(list({ name: "l", description: "x", content: { from: "grants", anyOf: ["tables"] } }));
    const compile = () =>
      compilePack(
        withRules({ ...onlyRule, conditions: [{ field: "srcuser", test: looked }] }),
        site,
        NO_IDS,
        ".",
        TODAY,
      );
    expect(compile).toThrow(/cannot hold the account "a\\"b"/);
    expect(compile).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ where })] }));
  });

  test("lists", () => {
    const bad = list({ name: "with.dot", description: "x", content: { from: "entries", entries: { a: "" } } });
    const looked = { ...onlyRule, conditions: [{ field: "srcuser", test: listed(bad) }] };
    expect(findings(withRules(looked))).toEqual(["list-name"]);
  });

  test("fields below a rule are those of all its decoders", () => {
    expect([...fieldsUnder(onlyRule)].sort()).toEqual(["s.verb", "srcuser"]);
  });
});
