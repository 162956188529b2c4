import { beforeAll, describe, expect, test } from "vitest";
import dam from "../../rulesets/pack.js";
import { missingUnder } from "../../src/compiler/check-reach.js";
import { compilePack } from "../../src/compiler/compile.js";
import { readRuleIdLock } from "../../src/compiler/rule-ids.js";
import { rulesOf } from "../../src/compiler/rule-order.js";
import { createSession } from "../../src/engine/session.js";
import { presetOf } from "../../src/fixtures/captures.js";
import { readFixtures } from "../../src/fixtures/fixture-file.js";
import { fixtureRuns } from "../../src/fixtures/run-fixtures.js";
import { type LocatedPolicy, readSitePolicy, type SitePolicy } from "../../src/policy/site-policy.js";
import { PRESETS } from "../../src/postgresql/presets.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../../src/ruleset/standalone.js";

const TODAY = "2026-11-24";
let shipped: LocatedPolicy;
let dropped: string;

beforeAll(async () => {
  shipped = await readSitePolicy("site.yaml");
  const runs = await fixtureRuns(await readFixtures("fixtures"));
  const events = runs
    .filter(({ form, useCase, case: { as } }) => form === "jsonlog" && useCase === "drop-table" && as === "deploy_ci")
    .flatMap(({ events }) => events);
  dropped = events.find((event) => event.includes(",DROP TABLE,TABLE,")) ?? "";
});

async function compile(policy: SitePolicy) {
  const lock = await readRuleIdLock("rulesets/rule-ids.json");
  return compilePack(dam, { ...shipped, value: policy }, lock, process.cwd(), TODAY).files;
}

describe("the shipped pack under other policies", () => {
  test.each(PRESETS)("compiles under preset %s, and the server is told", async (preset) => {
    const files = await compile({ ...shipped.value, postgresql: { ...shipped.value.postgresql, preset } });
    const log = { light: "ddl, role, misc_set", standard: "ddl, role, misc_set, function", full: "all" }[preset];
    const conf = files.find(({ path }) => path === "postgresql/pgaudit.conf")!.text;
    expect(conf).toContain(`pgaudit.log = '${log}'\n`);
  });

  test("the second example compiles, with its bounds and its exception", async () => {
    const shop = await readSitePolicy("sites/small-shop.yaml");
    const lock = await readRuleIdLock("rulesets/rule-ids.json");
    const { files } = compilePack(dam, shop, lock, process.cwd(), TODAY);
    const rules = files.filter(({ path }) => path.startsWith("wazuh/rules/")).map(({ text }) => text);
    expect(rules.join("")).toContain("exception price-import of owner_ines until 2031-03-31");
    expect(rules.filter((text) => text.includes("dam_out_of_bounds")).length).toBeGreaterThan(8);
    expect(() => compilePack(dam, shop, lock, process.cwd(), "2031-04-01")).toThrow(/price-import expired/);
  });

  test("an account that may drop tables may not do it from elsewhere", async () => {
    expect(dropped).toContain('"remote_host":"127.0.0.1"');
    const levelFrom = async (network: string) => {
      const files = await compile({
        ...shipped.value,
        places: { there: [network] },
        accounts: { ...shipped.value.accounts, deploy_ci: { may: ["tables"], from: ["there"] } },
      });
      const under = (folder: string) =>
        files
          .filter(({ path }) => path.startsWith(`wazuh/${folder}/`))
          .map(({ path, text }) => ({ name: path.replace("wazuh/", "etc/"), text }));
      const { ruleset } = loadRuleset({
        decoders: [...under("decoders"), STANDALONE_DECODERS],
        rules: [STANDALONE_RULES, ...under("rules")],
        lists: under("lists"),
      });
      const { rule } = createSession(ruleset!).process({ event: Buffer.from(dropped, "latin1"), at: 0 });
      expect(rule!.groups).toContain("dam_drop_table");
      return rule!.level;
    };
    expect(await levelFrom("127.0.0.0/8")).toBe(3);
    expect(await levelFrom("10.0.0.0/8")).toBe(12);
    expect(await levelFrom("local")).toBe(12);
  });
});

describe("the fixtures under lighter presets", async () => {
  const fixtures = await readFixtures("fixtures");
  const rules = new Map(rulesOf(dam).map((rule) => [rule.key, rule]));

  test.each(["jsonlog-light", "jsonlog-standard"] as const)(
    "%s: what the preset logs of everybody alerts as ever",
    (capture) => {
      let kept = 0;
      for (const { fixture } of fixtures)
        for (const each of fixture.cases) {
          const here = (each.expect_in?.[capture] ?? each.expect).map(({ rule }) => rule);
          // Counted events are fewer, and statement: lines of superusers come on top.
          const sure = each.expect.filter(({ rule }) => missingUnder(presetOf(capture), rules.get(rule)!).length === 0);
          for (const { rule } of sure) expect(here, `${fixture.use_case}: ${each.name}`).toContain(rule);
          kept += sure.length;
        }
      expect(kept).toBeGreaterThan(200);
    },
  );
});
