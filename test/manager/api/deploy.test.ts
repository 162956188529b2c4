import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Problem } from "../../../src/diagnostics/problem.js";
import { type DeployOptions, deployBuild, rollBack } from "../../../src/manager/deployment/deploy.js";
import { findDrift, isClean } from "../../../src/manager/drift.js";
import { verify } from "../../../src/manager/verify.js";
import type { ApiDouble, Fault } from "../double/api-double.js";
import { ManagerDouble } from "../double/manager-double.js";
import { OpenApi } from "../double/open-api.js";
import { OSSEC_CONF, sampleBuild, sampleOptions } from "../sample-manager.js";
import { AT_ONCE, GROUP, openApi, withDouble } from "./open-double.js";

const WORKERS = ["worker-1", "worker-2"];

async function deploy(url: string, version: 1 | 2, over: Partial<DeployOptions> = {}) {
  const target = await openApi(url);
  try {
    return await deployBuild(target, await sampleBuild(version), GROUP, { ...sampleOptions(version), ...over });
  } finally {
    await target.close();
  }
}

async function messages(task: Promise<unknown>): Promise<string> {
  const error = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return (error as Problem).diagnostics.map(({ message }) => message).join("\n");
}

describe.each([
  ["a manager", []],
  ["a cluster", WORKERS],
])("a deployment to %s", (_name, workers) => {
  test("reaches every node, is loaded there, and changes nothing the second time", async () => {
    await withDouble(workers, async (double, url) => {
      const { manager } = double;
      for (const node of manager.nodes) node.lag = 2;
      expect(await deploy(url, 1)).toMatchObject({ state: "deployed", number: 1, reload: { state: "reloaded" } });
      for (const node of manager.nodes) {
        expect(node.loaded.has("etc/rules/sample_rules.xml"), node.name).toBe(true);
        expect(node.loaded.get("etc/ossec.conf")!.toString(), node.name).toContain(
          "<list>etc/lists/sample-people</list>",
        );
      }
      expect(manager.files.get("etc/shared/databases/agent.conf")!.toString()).toContain("/var/log/sample.log");
      const before = manager.snapshot();
      expect(await deploy(url, 1)).toMatchObject({ state: "unchanged" });
      expect(manager.snapshot()).toEqual(before);
      // Nothing is left behind: no session of logtest, no lock, no journal.
      expect(manager.sessions).toBe(0);
      expect([...manager.files.keys()].filter((path) => path.startsWith("etc/lists/rulewright-"))).toEqual([
        "etc/lists/rulewright-deployment-0",
        "etc/lists/rulewright-deployment-1",
      ]);
    });
  });

  test("is gone back from", async () => {
    await withDouble(workers, async ({ manager }, url) => {
      await deploy(url, 1);
      const first = manager.snapshot();
      await deploy(url, 2);
      expect(manager.snapshot()).not.toEqual(first);
      const target = await openApi(url);
      expect(await rollBack(target, null, sampleOptions(1))).toMatchObject({ state: "deployed", number: 3 });
      expect(manager.snapshot()).toEqual(first);
      expect(isClean(await findDrift(target))).toBe(true);
      manager.files.set("etc/rules/sample_rules.xml", Buffer.from('<group name="x,"/>'));
      expect((await findDrift(target)).entries.find(({ state }) => state === "changed")?.path).toBe(
        "etc/rules/sample_rules.xml",
      );
    });
  });
});

test("verify: the manager and the embedded engine agree, and where they do not, it shows", async () => {
  await withDouble([], async ({ manager }, url) => {
    await deploy(url, 1);
    const target = await openApi(url);
    const lines = ["sample: alice", "sample: mallory", "nothing"].map((line) => ({ line, location: "x", about: line }));
    expect(await verify(target, lines, () => {})).toMatchObject({ events: 3, differences: [], notChecked: [] });
    const honest = manager.logtest.bind(manager);
    manager.logtest = (asked) => {
      const answer = honest(asked) as { data: { alert: boolean; output: { rule: { level: number } } } };
      if (answer.data.alert) answer.data.output.rule.level++;
      return answer;
    };
    const { differences } = await verify(target, lines, () => {});
    expect(differences.map(({ asked, members }) => [asked.about, members.map(({ name }) => name)])).toEqual([
      ["sample: alice", ["rule.level"]],
      ["sample: mallory", ["rule.level"]],
    ]);
    const odd = [{ line: "sample: \xff", location: "x", about: "no UTF-8" }];
    expect((await verify(target, odd, () => {})).notChecked).toHaveLength(1);
  });
});

describe("a deployment is refused, and what was there is back, where", () => {
  /** Deploys the second version over the first with something wrong, and expects the first to be there and loaded. */
  async function undone(
    workers: readonly string[],
    spoil: (double: ApiDouble) => void,
    over: Partial<DeployOptions> = {},
  ): Promise<string> {
    return withDouble(workers, async (double, url) => {
      await deploy(url, 1);
      const before = double.manager.snapshot();
      spoil(double);
      const told = await messages(deploy(url, 2, over));
      double.fault = () => null;
      for (const node of double.manager.nodes) Object.assign(node, { deaf: false, stuck: false });
      for (let check = 0; check < 3; check++) double.manager.integrityCheck();
      expect(double.manager.snapshot()).toEqual(before);
      return told;
    });
  }

  const SOON = { timeoutMs: 300 };

  test("a node never gets the files", async () => {
    const told = await undone(
      WORKERS,
      ({ manager }) => {
        manager.node("worker-2")!.deaf = true;
      },
      SOON,
    );
    expect(told).toContain("worker-2 did not get the files in 0.3 s");
  });

  test("a node gets the files and never loads them", async () => {
    const told = await undone(
      WORKERS,
      ({ manager }) => {
        manager.node("worker-1")!.stuck = true;
      },
      SOON,
    );
    expect(told).toContain("after 0.3 s, worker-1 still runs 2 old rules, as 100101");
  });

  test("somebody ends it while it waits for the nodes", async () => {
    const controller = new AbortController();
    const tell = (line: string) => (line.startsWith("waiting for the files") ? controller.abort() : undefined);
    const told = await undone(
      WORKERS,
      ({ manager }) => {
        manager.node("worker-2")!.lag = 20;
      },
      { tell, signal: controller.signal },
    );
    expect(told).toMatch(/^the deployment was interrupted\nwhat was there has been put back$/);
  });

  test("an upload is accepted and not written", async () => {
    const told = await undone([], (double) => {
      double.fault = ({ method, path }) =>
        method === "PUT" && path === "/rules/files/sample_rules.xml" ? "not-written" : null;
    });
    expect(told).toMatch(/is not what was written there|decides otherwise|is .*, not /);
  });

  test("the disk is full", async () => {
    let full = false;
    const told = await undone([], (double) => {
      double.fault = ({ method, path }) => {
        full ||= method === "PUT" && path === "/decoders/files/0000-sample_decoders.xml";
        full ||= method === "PUT" && path === "/rules/files/sample_rules.xml";
        const faulty = full && path === "/rules/files/sample_rules.xml";
        if (faulty) full = false;
        return faulty ? "disk-full" : null;
      };
    });
    expect(told).toContain("problem with the disk");
  });

  test("the manager warns of its ruleset", async () => {
    const told = await undone([], ({ manager }) => {
      const honest = manager.logtest.bind(manager);
      manager.logtest = (asked) => {
        const answer = honest(asked) as { data: { messages: string[] } };
        if (manager.files.get("etc/rules/sample_rules.xml")!.includes("100102"))
          answer.data.messages.push("WARNING: (7612): Rule ID '100102' is duplicated.");
        return answer;
      };
    });
    expect(told).toContain("the manager warns: WARNING: (7612)");
  });

  test("the manager decides otherwise than the embedded engine", async () => {
    const told = await undone([], ({ manager }) => {
      const honest = manager.logtest.bind(manager);
      manager.logtest = (asked) => {
        const answer = honest(asked) as { data: { output: { rule?: { level: number } } } };
        if (answer.data.output.rule?.level === 12) answer.data.output.rule.level = 3;
        return answer;
      };
    });
    expect(told).toContain("rule.level is 3, not 12");
  });

  test("a permission is taken away while it is under way", async () => {
    const told = await undone([], (double) => {
      double.fault = ({ method, path }) => {
        double.forbidden = new Set(method === "PUT" && path.startsWith("/rules/files/") ? ["rules:update"] : []);
        return null;
      };
    });
    expect(told).toContain("Permission denied: Resource type: rules:update (4000)");
  });

  test("a permission or an agent group is missing: before anything is written", async () => {
    await withDouble(WORKERS, async (double, url) => {
      double.forbidden = new Set(["cluster:restart", "rules:update"]);
      const before = double.manager.snapshot();
      const told = await messages(deploy(url, 1));
      expect(told).toContain("the API's user may not rules:update");
      expect(told).toContain("the API's user may not cluster:restart");
      double.forbidden = new Set();
      double.manager.files.delete("etc/shared/databases/agent.conf");
      expect(await messages(deploy(url, 1))).toContain('has no agent group "databases"');
      double.manager.files.set("etc/shared/databases/agent.conf", Buffer.from("<agent_config>\n</agent_config>\n"));
      double.manager.integrityCheck();
      expect(double.manager.snapshot()).toEqual(before);
    });
  });
});

test("what the manager warned of before forbids a deployment too, unless that is said to be known", async () => {
  const orphan =
    '<group name="o,">\n  <rule id="100300" level="5">\n    <if_sid>999999</if_sid>\n    <description>o</description>\n  </rule>\n</group>\n';
  await withDouble(new ManagerDouble([], { "etc/rules/orphan.xml": orphan }), async ({ manager }, url) => {
    const before = manager.snapshot();
    expect(await messages(deploy(url, 1))).toContain("the manager warns, as it did before this deployment: WARNING");
    expect(manager.snapshot()).toEqual(before);
    expect(await deploy(url, 1, { knownWarnings: true })).toMatchObject({ state: "deployed" });
    manager.files.set("etc/rules/other.xml", Buffer.from(orphan.replace("100300", "100301")));
    const honest = manager.logtest.bind(manager);
    manager.logtest = (asked) => {
      const answer = honest(asked) as { data: { messages: string[] } };
      if (manager.files.get("etc/rules/sample_rules.xml")!.includes("100102"))
        answer.data.messages.push("WARNING: (7612): Rule ID '100102' is duplicated.");
      return answer;
    };
    const told = await messages(deploy(url, 2, { knownWarnings: true }));
    expect(told).toBe(
      "the manager warns: WARNING: (7612): Rule ID '100102' is duplicated.\nwhat was there has been put back",
    );
  });
});

test("a manager that takes few requests a minute gets them all in the end", async () => {
  await withDouble([], async (double, url) => {
    double.limit = { requests: 20, refusals: 2 };
    const told: string[] = [];
    const target = await openApi(url, { ...AT_ONCE, busyMs: [1, 2, 3] }, (line) => told.push(line));
    expect(await deployBuild(target, await sampleBuild(1), GROUP, sampleOptions(1))).toMatchObject({
      state: "deployed",
    });
    const waiting = (seconds: number) => `the manager takes no more requests for now: waiting ${seconds} s`;
    expect(told.slice(0, 4)).toEqual([0.001, 0.002, 0.001, 0.002].map(waiting));
  });
});

test("lists in folders below etc/lists are read, and left alone", async () => {
  await withDouble([], async ({ manager }, url) => {
    manager.files.set("etc/lists/below/others", Buffer.from("a:\n"));
    const target = await openApi(url);
    const { files, unreadable } = await target.installed();
    expect([files.get("etc/lists/below/others")?.toString(), unreadable.size]).toEqual(["a:\n", 0]);
    expect(await target.list("lists")).toEqual(["theirs"]);
  });
});

test("a configuration in which the manager hides secrets is not written back", async () => {
  const secret = OSSEC_CONF.replace(
    "</ossec_config>",
    "  <cluster>\n    <key>*****</key>\n  </cluster>\n</ossec_config>",
  );
  await withDouble(new ManagerDouble([], { "etc/ossec.conf": secret }), async ({ manager }, url) => {
    const before = manager.snapshot();
    expect(await messages(deploy(url, 1))).toContain("etc/ossec.conf (manager) comes with secrets hidden");
    expect(manager.snapshot()).toEqual(before);
  });
});

test("a node that cannot get back what was there is named, although it never ran anything else", async () => {
  await withDouble(WORKERS, async (double, url) => {
    await deploy(url, 1);
    double.manager.node("worker-1")!.stuck = true;
    double.fault = ({ path }) => {
      if (path === "/cluster/analysisd/reload") double.manager.node("worker-2")!.deaf = true;
      return null;
    };
    expect(await messages(deploy(url, 2, { timeoutMs: 300 }))).toContain(
      "what was there could not be put back: worker-2 did not get the files in 0.3 s",
    );
  });
});

test("a node that is out of reach keeps no other from running again what it ran, and gets it when it is back", async () => {
  await withDouble(WORKERS, async (double, url) => {
    const { manager } = double;
    await deploy(url, 1);
    const before = manager.snapshot();
    const lost = manager.node("worker-2")!;
    double.fault = ({ path }) => {
      if (path === "/cluster/analysisd/reload") lost.lost = true;
      return null;
    };
    const told = await messages(deploy(url, 2, { timeoutMs: 300 }));
    expect(told).toContain("after 0.3 s, worker-2 has not checked its integrity since the request");
    expect(told).toContain("what was there could not be put back: after 0.3 s, worker-2");
    for (const { loaded } of manager.nodes)
      expect(loaded.get("etc/rules/sample_rules.xml")!.includes("100102")).toBe(false);
    double.fault = () => null;
    lost.lost = false;
    const target = await openApi(url);
    await expect(rollBack(target, 99, sampleOptions(1))).rejects.toThrow("there is no deployment 99");
    expect(manager.snapshot()).toEqual(before);
  });
});

describe("whatever request fails", () => {
  /** In the state after a deployment of the first version. */
  async function deployed(workers: readonly string[]): Promise<ManagerDouble> {
    return withDouble(workers, async ({ manager }, url) => {
      await deploy(url, 1);
      return manager;
    });
  }

  /** The requests of a deployment of the second version over the first. */
  async function requestsOf(first: ManagerDouble): Promise<number> {
    return withDouble(first, async ({ requests }, url) => {
      await deploy(url, 2);
      return requests.length;
    });
  }

  async function failingAt(first: ManagerDouble, at: number, fault: Fault, forGood: boolean): Promise<void> {
    await withDouble(first, async (double, url) => {
      const { manager } = double;
      const old = manager.snapshot();
      double.fault = (_request, index) => (index === at || (forGood && index > at) ? fault : null);
      const error: unknown = await deploy(url, 2).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      double.fault = () => null;
      if (error !== null && !(error instanceof Problem)) throw error;
      for (let check = 0; check < 3; check++) manager.integrityCheck();
      const between = manager.snapshot();
      // The one who died can be seen to be dead only where its process is gone: this one lives on.
      manager.files.delete("etc/lists/rulewright-lock");
      // As if nothing had been done: what the next run does then has been seen.
      if (manager.isLike(first)) return;
      expect(await deploy(url, 2)).toMatchObject({ state: expect.stringMatching(/deployed|unchanged/) });
      for (let check = 0; check < 3; check++) manager.integrityCheck();
      const fresh = manager.snapshot();
      const asked = double.requests[at];
      if (error?.message.includes("could not be put back")) expect(forGood).toBe(true);
      // A file that was put back without its having been loaded is as old as one that was never written.
      else expect([old, fresh], `request ${at}: ${asked?.method} ${asked?.path}`).toContainEqual(between);
      expect(fresh.loaded).toContain("100102");
    });
  }

  // Of drop and 500 nothing is done: to the target they are one fault, so they take turns.
  test.each<[string, readonly Fault[], boolean]>([
    ["a connection drops, or the manager fails", ["drop", "500"], false],
    ["the answer is lost", ["lost"], false],
    ["nothing answers any more", ["drop"], true],
  ])(
    "of a manager: %s, it ends in the old state or the new, and the next run in the new",
    async (_name, faults, forGood) => {
      const first = await deployed([]);
      const count = await requestsOf(first);
      expect(count).toBeGreaterThan(40);
      for (let at = 0; at < count; at++) await failingAt(first, at, faults[at % faults.length]!, forGood);
    },
    120_000,
  );

  test("of a cluster: the answer is lost", async () => {
    const first = await deployed(["worker-1"]);
    const count = await requestsOf(first);
    for (let at = 0; at < count; at += 2) await failingAt(first, at, "lost", false);
  }, 120_000);
});

test("every request is one that the manager's own description of its API has", async (context) => {
  const description = OpenApi.read(join("..", "shared", "wazuh-4.14.7", "api-spec.yaml"));
  if (!description) return context.skip("the manager's description of its API is not here");
  const seen = await withDouble(["worker-1"], async (double, url) => {
    await deploy(url, 1);
    await deploy(url, 2);
    const target = await openApi(url, AT_ONCE);
    await rollBack(target, null, sampleOptions(1));
    await findDrift(target);
    await target.close();
    return double.requests;
  });
  const alone = await withDouble([], async (double, url) => {
    await deploy(url, 1);
    return double.requests;
  });
  const all = [...seen, ...alone];
  expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBeGreaterThan(25);
  expect([...new Set(all.flatMap((request) => description.faults(request)))]).toEqual([]);
  const upload = all.find(({ method, path }) => method === "PUT" && path.startsWith("/rules/files/"))!;
  for (const spoiled of [
    { path: "/rules" },
    { contentType: "application/xml" },
    { query: new URLSearchParams("overwrite=x") },
  ])
    expect(description.faults({ ...upload, ...spoiled })).toHaveLength(1);
});
