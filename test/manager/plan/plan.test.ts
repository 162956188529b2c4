import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planText } from "../../../src/commands/plan-report.js";
import { deployBuild } from "../../../src/manager/deployment/deploy.js";
import { piecesOfBuild } from "../../../src/manager/plan/desired.js";
import { isSettled, makePlan, type Plan } from "../../../src/manager/plan/plan.js";
import type { Target } from "../../../src/manager/target.js";
import { openApi, withDouble } from "../api/open-double.js";
import { localManager, openLocal } from "../local-manager.js";
import {
  MANAGER_FILES,
  SAMPLE_KEYS,
  type SampleOptions,
  sampleBuild,
  sampleOptions,
  sampleRuns,
} from "../sample-manager.js";

let root: string;
beforeEach(() => {
  root = localManager();
});
afterEach(() => rmSync(root, { recursive: true }));

async function planOf(target: Target, version: 1 | 2 = 1, options?: SampleOptions): Promise<Plan> {
  const build = await sampleBuild(version, options);
  return makePlan({
    target,
    wanted: (facts) => piecesOfBuild(target, facts, build, null),
    fixtures: sampleRuns(version),
    keys: SAMPLE_KEYS,
    tell: () => {},
  });
}

/** Codes and messages, the worst first. */
function findings({ findings }: Plan): string[] {
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

function put(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

describe("a plan", () => {
  test("says that nothing would change only when all was looked at and nothing speaks against it", async () => {
    const target = await openLocal(root);
    await deployBuild(target, await sampleBuild(1), null, sampleOptions(1));
    const settled = await planOf(target);
    expect([isSettled(settled), planText(settled, root, SAMPLE_KEYS)]).toEqual([
      true,
      expect.stringMatching(/nothing would change$/),
    ]);
    put(
      "etc/ossec.conf",
      `${(await target.read({ kind: "configuration", node: "manager" }))!}<ossec_config>
  <cluster>
    <disabled>no</disabled>
  </cluster>
</ossec_config>
`,
    );
    const half = await planOf(target);
    expect(half.files).toEqual([]);
    expect(isSettled(half)).toBe(false);
    expect(planText(half, root, SAMPLE_KEYS)).toMatch(
      /not checked\nthe other nodes.*\nnothing would change; 0 errors, 1 not checked$/s,
    );
  });

  test("of a cluster out of step, or that a node has left, is not settled; the next deployment forgets that node", async () => {
    await withDouble(["worker-1"], async (double, url) => {
      const target = await openApi(url);
      await deployBuild(target, await sampleBuild(1), null, sampleOptions(1));
      const worker = double.manager.node("worker-1")!;
      worker.files.set("etc/rules/local_rules.xml", Buffer.from('<group name="x,"/>'));
      worker.deaf = true;
      expect((await planOf(await openApi(url))).notChecked).toEqual([
        "whether every node has the files: worker-1 did not get the files in 0 s",
      ]);
      double.manager.nodes.push({ ...worker, name: "worker-2", deaf: false });
      double.manager.nodes.splice(1, 1);
      const left = await openApi(url);
      expect((await planOf(left)).notChecked).toEqual([
        "worker-1: the last deployment reached it, and it is not connected now",
      ]);
      await deployBuild(left, await sampleBuild(1), null, sampleOptions(1));
      expect(isSettled(await planOf(await openApi(url)))).toBe(true);
    });
  });

  test("names the decoders that are asked before ours, by file name and not by folder, and the rules on top of ours", async () => {
    put("etc/decoders/0000-a.xml", '<decoder name="a">\n  <prematch>^a: </prematch>\n</decoder>\n');
    put("ruleset/decoders/00.xml", '<decoder name="b">\n  <prematch>^b: </prematch>\n</decoder>\n');
    put(
      "etc/rules/z.xml",
      '<group name="z,">\n  <rule id="100900" level="0">\n    <if_sid>2, 100100</if_sid>\n    <match>never</match>\n    <description>z</description>\n  </rule>\n</group>\n',
    );
    expect(findings(await planOf(await openLocal(root)))).toEqual([
      "warning decoders-loaded-before: ruleset/decoders/00.xml and 1 more are loaded before etc/decoders/0000-sample_decoders.xml: an event that fits decoders of both is theirs",
      "warning rule-decides-instead: rule 100900 (level 0) of etc/rules/z.xml decides in place of rule 100100 where both match",
    ]);
  });

  test("names what collides: ids, names of decoders and files, and a file that is not read", async () => {
    put("ruleset/rules/sample_rules.xml", '<group name="s,"/>');
    put("etc/decoders/zz.xml", '<decoder name="sample">\n  <prematch>^s: </prematch>\n</decoder>\n');
    put(
      "etc/rules/zz.xml",
      '<group name="z,">\n  <rule id="100100" level="5" overwrite="yes">\n    <match>x</match>\n    <description>z</description>\n  </rule>\n</group>\n',
    );
    const text = findings(await planOf(await openLocal(root))).join("\n");
    expect(text).toContain("error file-name-taken: etc/rules/sample_rules.xml and ruleset/rules/sample_rules.xml");
    expect(text).toContain('error decoder-name-taken: there is a decoder "sample" in etc/decoders/zz.xml');
    expect(text).toContain("error rule-overwritten: etc/rules/zz.xml overwrites rule 100100");
    const configuration = (await (await openLocal(root)).read({ kind: "configuration", node: "manager" }))!.toString();
    put("etc/ossec.conf", configuration.replace("<rule_dir>etc/rules</rule_dir>", ""));
    expect(findings(await planOf(await openLocal(root))).join("\n")).toContain(
      "error file-not-loaded: etc/rules/sample",
    );
  });

  test("of a manager by its API says what the API would refuse, before anything is sent", async () => {
    const files = { "wazuh/lists/sample-people": '"a.b c":\n' };
    await withDouble([], async (_double, url) => {
      expect(findings(await planOf(await openApi(url), 1, { files }))[0]).toMatch(
        /^error api-would-refuse: etc\/lists\/sample-people has a line .*line 1/,
      );
    });
    expect(findings(await planOf(await openLocal(root), 1, { files })).join()).not.toContain("api-would-refuse");
  });

  test("of a manager whose own ruleset does not load still tries the cases on what would be there", async () => {
    put("etc/rules/local_rules.xml", "<group");
    const build = { files: { "wazuh/rules/local_rules.xml": MANAGER_FILES["etc/rules/local_rules.xml"]! } };
    const plan = await planOf(await openLocal(root), 1, build);
    expect(plan.verdicts).toMatchObject({ events: 3, changes: null, failing: [] });
    expect(plan.notChecked.join()).toContain("which recorded lines change verdict");
  });
});
