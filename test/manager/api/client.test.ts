import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Problem } from "../../../src/diagnostics/problem.js";
import { assertAcceptable } from "../../../src/manager/api/acceptable.js";
import { ApiClient, type ApiClientOptions } from "../../../src/manager/api/api-client.js";
import { ApiFiles } from "../../../src/manager/api/api-files.js";
import { ApiState } from "../../../src/manager/api/api-state.js";
import { passwordOf } from "../../../src/manager/api/password.js";
import type { Address } from "../../../src/manager/target.js";
import { type ApiDouble, type Fault, PASSWORD, USER } from "../double/api-double.js";
import { CERTIFICATE, FINGERPRINT } from "../double/certificate.js";
import { passwordFile, withDouble } from "./open-double.js";

const GROUPS = { method: "GET", path: "/groups" } as const;
const QUICK = { requestMs: 500, retriesMs: [5, 5], busyMs: [5, 5] };

function client(url: string, over: Partial<ApiClientOptions> = {}): ApiClient {
  return new ApiClient({ url, user: USER, password: PASSWORD, fingerprint: FINGERPRINT, ...QUICK, ...over });
}

async function refusal(task: Promise<unknown>): Promise<Problem> {
  const error = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
}

/** Whatever is asked, with these faults in a row. */
function faults(double: ApiDouble, ...planned: (Fault | null)[]): void {
  double.fault = ({ path }) => (path.endsWith("/authenticate") ? null : (planned.shift() ?? null));
}

describe("the certificate", () => {
  test("is taken by its fingerprint or its authority, and refused otherwise before anything is sent", async () => {
    await withDouble([], async (double, url) => {
      await client(url).data(GROUPS);
      await client(url, { fingerprint: FINGERPRINT.replaceAll(":", "").toLowerCase() }).data(GROUPS);
      const ca = join(mkdtempSync(join(tmpdir(), "rulewright-ca-")), "ca.pem");
      writeFileSync(ca, CERTIFICATE);
      await client(url, { fingerprint: undefined, ca }).data(GROUPS);
      const before = double.requests.length;
      const wrong = await refusal(client(url, { fingerprint: "00".repeat(32) }).data(GROUPS));
      expect(wrong.message).toContain("its certificate has the fingerprint 8cc148c3");
      expect((await refusal(client(url, { fingerprint: undefined }).data(GROUPS))).diagnostics[0]).toMatchObject({
        code: "api-certificate",
        hint: expect.stringContaining("fingerprint"),
      });
      expect(double.requests).toHaveLength(before);
    });
  });
});

describe("log-in", () => {
  test("happens once, and again when the token has ended in mid-flight", async () => {
    await withDouble([], async (double, url) => {
      const logIns = () => double.requests.filter(({ path }) => path.endsWith("/authenticate")).length;
      const api = client(url);
      for (let times = 0; times < 5; times++) await api.data(GROUPS);
      expect(logIns()).toBe(1);
      faults(double, "401");
      await api.data(GROUPS);
      expect(logIns()).toBe(2);
      faults(double, "401", "401");
      expect((await refusal(api.data(GROUPS))).message).toContain("Unauthorized");
      faults(double);
      double.tokenLasts = 1;
      for (let times = 0; times < 3; times++) await api.data(GROUPS);
      await api.close();
    });
  });

  test("with a wrong password is refused at once, and no message holds a password", async () => {
    await withDouble([], async (double, url) => {
      const error = await refusal(client(url, { password: "wrong-secret" }).data(GROUPS));
      expect(error.message).toContain(`refuses user "${USER}"`);
      expect(JSON.stringify(error.diagnostics)).not.toContain("wrong-secret");
      expect(double.requests).toHaveLength(1);
    });
  });

  test("the password comes from the environment, a file, or nowhere", async () => {
    const config = { kind: "api", url: "https://x", user: "u" } as const;
    process.env.RULEWRIGHT_TEST_PASSWORD = "from the environment";
    expect(await passwordOf("t", { ...config, password_env: "RULEWRIGHT_TEST_PASSWORD" })).toBe("from the environment");
    expect(await passwordOf("t", { ...config, password_file: passwordFile })).toBe(PASSWORD);
    expect((await refusal(passwordOf("t", { ...config, password_env: "NOT_SET" }))).message).toContain(
      "has no NOT_SET",
    );
    expect((await refusal(passwordOf("t", { ...config, password_file: "/nowhere" }))).message).toContain("/nowhere");
    expect((await refusal(passwordOf("t", { ...config, password_prompt: true }))).message).toContain("no terminal");
  });
});

describe("a request", () => {
  test.each<Fault>(["500", "drop", "lost", "slow"])(
    "is made again after %s, and given up in the end",
    async (fault) => {
      await withDouble([], async (double, url) => {
        faults(double, fault, fault);
        await client(url).data(GROUPS);
        faults(double, fault, fault, fault);
        expect((await refusal(client(url).data(GROUPS))).exitCode).toBe(2);
      });
    },
  );

  test("waits where the manager gets too many, and says so", async () => {
    await withDouble([], async (double, url) => {
      const told: string[] = [];
      faults(double, "429", "429");
      await client(url, { tell: (line) => told.push(line) }).data(GROUPS);
      expect(told).toEqual(Array(2).fill("the manager takes no more requests for now: waiting 0.005 s"));
      faults(double, "429", "429", "429");
      expect((await refusal(client(url).data(GROUPS))).message).toContain("Maximum number of requests");
    });
  });

  test("that the manager answers with error 1 or 2 has failed, although it is HTTP 200", async () => {
    await withDouble(["worker-1"], async ({ manager }, url) => {
      const none = { method: "GET", path: "/rules/files/none.xml" } as const;
      expect((await refusal(client(url).data(none))).message).toBe(
        "GET /rules/files/none.xml: none.xml: file not found (1415)",
      );
      manager.master.files.set("etc/rules/broken.xml", Buffer.from("<broken"));
      const partly = client(url).data({ method: "PUT", path: "/cluster/analysisd/reload" });
      expect((await refusal(partly)).message).toContain(
        "it succeeded in part only: master-node: error reloading the ruleset (1914)",
      );
    });
  });

  test("to something that is no manager says so", async () => {
    expect((await refusal(client("https://localhost:9").data(GROUPS))).diagnostics[0]).toMatchObject({
      code: "api-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("files", () => {
  test("records survive any bytes; one that is there is not made again", async () => {
    await withDouble([], async (double, url) => {
      const api = client(url);
      const state = new ApiState(new ApiFiles(api, async () => "/manager/configuration"));
      const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256));
      expect(await state.create("journal", bytes)).toBe(true);
      expect(Buffer.compare((await state.read("journal"))!, bytes)).toBe(0);
      expect(await state.create("journal", Buffer.from("other"))).toBe(false);
      expect(await state.names()).toEqual(["journal"]);
      await state.remove("journal");
      await state.remove("journal");
      expect(await state.read("journal")).toBeNull();
      // The answer got lost, and asking again finds it made.
      faults(double, "lost");
      expect(await state.create("lock", bytes)).toBe(true);
    });
  });

  test("of a listing of many pages all are found", async () => {
    await withDouble([], async ({ manager }, url) => {
      for (let index = 0; index < 1_200; index++) manager.files.set(`etc/lists/l${index}`, Buffer.from("a:\n"));
      const files = new ApiFiles(client(url), async () => "/manager/configuration");
      expect(await files.list("lists")).toHaveLength(1_201);
    });
  });
});

describe("what the API would refuse or change is refused before it is sent", () => {
  const rules = { kind: "rules", name: "a.xml" } as const;
  test.each<[string, Address, string | Buffer]>([
    ["holds \\<", rules, "<rule><match>a \\< b</match></rule>"],
    ["holds a bare &", rules, "<!-- a & b -->\n<rule><match>a & b</match></rule>"],
    ["begins like a formula", rules, "<rule>\n<description>=HYPERLINK('x')</description></rule>"],
    ["is empty", rules, ""],
    ["has a name", { kind: "rules", name: "a.rules" }, "<group/>"],
    ["has a name", { kind: "lists", name: "a.txt" }, "a:\n"],
    ["line 2", { kind: "lists", name: "a" }, "a:\n\nb:\n"],
    ["line 1", { kind: "lists", name: "a" }, '"my db.table":\n'],
    ["10485761 bytes", rules, Buffer.alloc(10_485_761, "a")],
    ["is not UTF-8", rules, Buffer.from([0xff])],
  ])("%s", (reason, address, content) => {
    expect(() => assertAcceptable(address, Buffer.from(content))).toThrow(reason);
  });

  test("what the pack emits is none of it", () => {
    assertAcceptable(rules, Buffer.from("<!-- a & b, \\< -->\n<rule><match>a &amp; b</match></rule>\n"));
    assertAcceptable({ kind: "lists", name: "a" }, Buffer.from('a:\n"b c":d\n'));
  });
});
