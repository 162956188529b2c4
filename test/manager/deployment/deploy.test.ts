import { chmodSync, cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { Problem } from "../../../src/diagnostics/problem.js";
import { deployBuild, rollBack } from "../../../src/manager/deployment/deploy.js";
import { DeploymentLock } from "../../../src/manager/deployment/lock.js";
import { findDrift, isClean } from "../../../src/manager/drift.js";
import type { Target } from "../../../src/manager/target.js";
import { localManager, openLocal } from "../local-manager.js";
import { MANAGER_FILES, OSSEC_CONF, SAMPLE_DECODERS, sampleBuild, sampleOptions, treeOf } from "../sample-manager.js";

const GROUP = "databases";
const made: string[] = [];
function manager(over?: Readonly<Record<string, string>>): string {
  const root = localManager(over);
  made.push(root);
  return root;
}
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
});

async function deploy(root: string, version: 1 | 2, told?: string[]) {
  return deployBuild(await openLocal(root, GROUP), await sampleBuild(version), GROUP, sampleOptions(version, told));
}

/** The diagnostics that a failure prints. */
async function refusal(task: Promise<unknown>): Promise<string> {
  const error = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return (error as Problem).diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

describe("a deployment to a manager's directory", () => {
  test("puts lists, their declarations, decoders, rules and the group's block in place, and leaves the rest as it was", async () => {
    const root = manager();
    const result = await deploy(root, 1);
    expect(result).toMatchObject({ state: "deployed", number: 1, reload: { state: "by-hand" } });
    const { "etc/ossec.conf": configuration, "etc/shared/databases/agent.conf": group, ...rest } = treeOf(root);
    const build = await sampleBuild(1);
    for (const { address, content } of build.files)
      expect(rest[`etc/${address.kind}/${(address as { name: string }).name}`]).toBe(
        Buffer.from(content!).toString("latin1"),
      );
    const begin = configuration!.indexOf("    <!-- rulewright: begin");
    const end = configuration!.indexOf("end -->\n") + "end -->\n".length;
    expect(configuration!.slice(begin, end)).toContain("<list>etc/lists/sample-people</list>");
    expect(configuration!.slice(0, begin) + configuration!.slice(end)).toBe(OSSEC_CONF);
    expect(group!.startsWith(MANAGER_FILES["etc/shared/databases/agent.conf"]!)).toBe(true);
    expect(group).toContain("/var/log/sample.log");
    for (const path of ["etc/rules/local_rules.xml", "etc/lists/theirs", "ruleset/rules/0010-stock.xml"])
      expect(rest[path]).toBe(MANAGER_FILES[path]);
  });

  test("gives files the mode of custom files, and leaves ossec.conf its own", async () => {
    const root = manager();
    chmodSync(join(root, "etc/ossec.conf"), 0o640);
    await deploy(root, 1);
    const mode = (path: string) => statSync(join(root, path)).mode & 0o777;
    expect(mode("etc/rules/sample_rules.xml")).toBe(0o660);
    expect(mode("etc/lists/sample-people")).toBe(0o660);
    expect(mode("etc/ossec.conf")).toBe(0o640);
  });

  test("changes nothing the second time", async () => {
    const root = manager();
    await deploy(root, 1);
    const before = treeOf(root);
    expect(await deploy(root, 1)).toMatchObject({ state: "unchanged", number: 1 });
    expect(treeOf(root)).toEqual(before);
  });

  test("takes away what the last deployment put there and this one does not have", async () => {
    const root = manager();
    const target = await openLocal(root);
    const more = {
      files: {
        "wazuh/rules/sample_rules_more.xml":
          '<group name="more,">\n  <rule id="100150" level="3">\n    <if_sid>100100</if_sid>\n    <match>never seen</match>\n    <description>more</description>\n  </rule>\n</group>\n',
      },
    };
    await deployBuild(target, await sampleBuild(1, more), null, sampleOptions(1));
    expect(treeOf(root)).toHaveProperty(["etc/rules/sample_rules_more.xml"]);
    await deployBuild(target, await sampleBuild(1), null, sampleOptions(1));
    expect(treeOf(root)).not.toHaveProperty(["etc/rules/sample_rules_more.xml"]);
    expect(treeOf(root)).toHaveProperty(["etc/rules/local_rules.xml"]);
  });

  test("is declined without a trace", async () => {
    const root = manager();
    const before = treeOf(root);
    const options = { ...sampleOptions(1), confirm: async () => false };
    const result = await deployBuild(await openLocal(root), await sampleBuild(1), null, options);
    expect(result.state).toBe("declined");
    expect(treeOf(root)).toEqual(before);
  });

  test("is refused before anything is written where a recorded case would fail, and says which", async () => {
    const root = manager({
      "etc/rules/zz_local.xml":
        '<group name="z,">\n  <rule id="100900" level="0">\n    <if_sid>100101</if_sid>\n    <user>mallory</user>\n    <description>silenced</description>\n  </rule>\n</group>\n',
    });
    const before = treeOf(root);
    expect(await refusal(deploy(root, 1))).toContain(
      "fixture-fails: with this manager's ruleset, mallory comes (jsonlog)",
    );
    expect(treeOf(root)).toEqual(before);
  });

  test("is refused where ids collide, where an agent group is missing, and where a file is not writable", async () => {
    const taken = manager({
      "etc/rules/local_rules.xml":
        '<group name="theirs,">\n  <rule id="100101" level="5">\n    <decoded_as>theirs</decoded_as>\n    <description>theirs</description>\n  </rule>\n</group>\n',
    });
    expect(await refusal(deploy(taken, 1))).toContain("100101");
    const root = manager();
    const told = refusal(
      deployBuild(await openLocal(root, "nobody"), await sampleBuild(1), "nobody", sampleOptions(1)),
    );
    expect(await told).toContain("agent-group-missing");
    expect(treeOf(root)["etc/rules/sample_rules.xml"]).toBeUndefined();
  });

  test("refuses a second one at the same time, and takes over the lock of one that died", async () => {
    const root = manager();
    const target = await openLocal(root);
    const times = { beatMs: 100, deadMs: 300 };
    const lock = await DeploymentLock.acquire(target.state, times);
    expect(await refusal(deploy(root, 1))).toContain("deployment-under-way: another deployment is under way");
    await lock.release();
    const dead = { token: "t", who: "somebody", machine: null, pid: 1, beat: 0 };
    await target.state.create("lock", Buffer.from(JSON.stringify(dead)));
    expect(await deploy(root, 1)).toMatchObject({ state: "deployed" });
  });

  test("writes nothing where somebody has changed a file since the plan was shown", async () => {
    const root = manager();
    await deploy(root, 1);
    const theirs = "eve:\n";
    const options = {
      ...sampleOptions(2),
      confirm: async () => {
        writeFileSync(join(root, "etc/lists/sample-people"), theirs);
        return true;
      },
    };
    const task = deployBuild(await openLocal(root, GROUP), await sampleBuild(2), GROUP, options);
    expect(await refusal(task)).toBe(
      "changed-meanwhile: somebody has changed etc/lists/sample-people on the target since this was planned",
    );
    expect(treeOf(root)).toMatchObject({
      "etc/lists/sample-people": theirs,
      "etc/rules/sample_rules.xml": expect.not.stringContaining("100102"),
    });
  });

  test("stops at a signal and puts back what was there", async () => {
    const root = manager();
    await deploy(root, 1);
    const before = treeOf(root);
    const controller = new AbortController();
    const options = sampleOptions(2);
    const tell = (line: string) =>
      line.startsWith("writing etc/decoders") || line.startsWith("writing etc/rules") ? controller.abort() : undefined;
    const task = deployBuild(await openLocal(root, GROUP), await sampleBuild(2), GROUP, {
      ...options,
      tell,
      signal: controller.signal,
    });
    expect(await refusal(task)).toMatch(/interrupted: .*\n.*deployment-undone: what was there has been put back/);
    expect(treeOf(root)).toEqual(before);
  });
});

describe("every step that fails", () => {
  /** Fails the n-th call of the target or its store, once or from then on. */
  function failing(target: Target, at: number, forGood: boolean): { target: Target; calls: () => number } {
    let calls = 0;
    const trap = <T extends object>(object: T): T =>
      new Proxy(object, {
        get(inner, name) {
          const member: unknown = Reflect.get(inner, name, inner);
          if (name === "state") return trap(member as object);
          if (typeof member !== "function" || name === "close") return member;
          return (...values: unknown[]) => {
            calls++;
            if (calls === at || (forGood && calls > at))
              return Promise.reject(new Problem(2, [{ code: "full", severity: "error", message: "no space left" }]));
            return (member as (...values: unknown[]) => unknown).apply(inner, values);
          };
        },
      });
    return { target: trap(target), calls: () => calls };
  }

  test.each([false, true])(
    "ends in the old state or the new, and the next run in the new (for good: %s)",
    async (forGood) => {
      let reached = 0;
      const start = manager();
      await deploy(start, 1);
      const [old, all] = [treeOf(start), treeOf(start, true)];
      for (let at = 1; ; at++) {
        const root = manager();
        cpSync(start, root, { recursive: true });
        const { target, calls } = failing(await openLocal(root, GROUP), at, forGood);
        const result = await deployBuild(target, await sampleBuild(2), GROUP, sampleOptions(2)).catch((error) => error);
        const between = treeOf(root);
        // A process that could not release its lock has ended by then.
        rmSync(join(root, "var/rulewright/lock"), { force: true });
        if (calls() >= at) reached = at;
        // As if nothing had been done: what the next run does then has been seen.
        if (isDeepStrictEqual(treeOf(root, true), all)) continue;
        expect(await deploy(root, 2)).toMatchObject({ state: expect.stringMatching(/deployed|unchanged/) });
        const fresh = treeOf(root);
        // What cannot be put back because nothing works any more is told, and put right by the next run.
        const told = result instanceof Problem ? result.message : "";
        if (!told.includes("could not be put back")) expect([old, fresh]).toContainEqual(between);
        else expect(forGood).toBe(true);
        expect(isClean(await findDrift(await openLocal(root, GROUP)))).toBe(true);
        if (calls() < at) break;
        expect(result instanceof Problem || result.state === "deployed").toBe(true);
      }
      expect(reached).toBeGreaterThan(25);
    },
  );
});

describe("going back", () => {
  test("to the deployment before, or to any that is kept; each is a new one", async () => {
    const root = manager();
    await deploy(root, 1);
    const first = treeOf(root);
    await deploy(root, 2);
    const second = treeOf(root);
    expect(second).not.toEqual(first);
    const target = await openLocal(root, GROUP);
    const fresh = await openLocal(manager(), GROUP);
    expect(await refusal(rollBack(fresh, null, sampleOptions(1)))).toContain("there is no deployment before the last");
    expect(await rollBack(target, null, sampleOptions(1))).toMatchObject({ state: "deployed", number: 3 });
    expect(treeOf(root)).toEqual(first);
    expect(await rollBack(target, 2, sampleOptions(2))).toMatchObject({ state: "deployed", number: 4 });
    expect(treeOf(root)).toEqual(second);
    expect(await refusal(rollBack(target, 9, sampleOptions(1)))).toContain("there is no deployment 9");
  });

  test("to what was there before the first, a file that it replaced and one that was the same included", async () => {
    const theirs = { "etc/lists/sample-people": "theirs:\n", "etc/decoders/0000-sample_decoders.xml": SAMPLE_DECODERS };
    const root = manager(theirs);
    const before = treeOf(root);
    await deploy(root, 1);
    expect(treeOf(root)["etc/lists/sample-people"]).toBe("alice:\n");
    const target = await openLocal(root, GROUP);
    expect(await rollBack(target, null, sampleOptions(1))).toMatchObject({ state: "deployed", number: 2 });
    expect(treeOf(root)).toEqual(before);
    expect(isClean(await findDrift(target))).toBe(true);
    await deploy(root, 2);
    await rollBack(target, 0, sampleOptions(1));
    expect(treeOf(root)).toEqual(before);
  });

  test("is not forbidden by cases of newer rules", async () => {
    const root = manager();
    await deploy(root, 1);
    await deploy(root, 2);
    expect(await rollBack(await openLocal(root, GROUP), 1, sampleOptions(2))).toMatchObject({ state: "deployed" });
  });
});

describe("drift", () => {
  test("names what was changed, what is missing, what others did; what cannot be read is not clean", async () => {
    const root = manager();
    const target = await openLocal(root, GROUP);
    expect(isClean(await findDrift(target))).toBe(false);
    await deploy(root, 1);
    expect(isClean(await findDrift(target))).toBe(true);

    writeFileSync(
      join(root, "etc/rules/sample_rules.xml"),
      `${readFileSync(join(root, "etc/rules/sample_rules.xml"))} `,
    );
    rmSync(join(root, "etc/lists/sample-people"));
    writeFileSync(join(root, "etc/rules/new.xml"), '<group name="n,"/>');
    writeFileSync(join(root, "etc/lists/theirs"), "nobody:\n");
    const drift = await findDrift(target);
    const states = Object.fromEntries(drift.entries.map(({ path, state }) => [path, state]));
    expect(states).toMatchObject({
      "etc/rules/sample_rules.xml": "changed",
      "etc/lists/sample-people": "missing",
      "etc/decoders/0000-sample_decoders.xml": "as deployed",
    });
    expect(drift.others).toEqual([
      { path: "etc/lists/theirs", state: "changed" },
      { path: "etc/rules/new.xml", state: "added" },
    ]);
    expect(isClean(drift)).toBe(false);
  });

  test("a file that cannot be read is not checked", async () => {
    const root = manager();
    await deploy(root, 1);
    const target = await openLocal(root, GROUP);
    const blind = new Proxy(target, {
      get: (inner, name) =>
        name === "read"
          ? () => Promise.reject(new Problem(2, [{ code: "x", severity: "error", message: "no permission" }]))
          : typeof Reflect.get(inner, name) === "function"
            ? (Reflect.get(inner, name) as () => unknown).bind(inner)
            : Reflect.get(inner, name),
    });
    const drift = await findDrift(blind);
    expect(drift.entries.every(({ state }) => state === "not checked")).toBe(true);
    expect(isClean(drift)).toBe(false);
  });
});
