import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Problem } from "../../src/diagnostics/problem.js";
import { readTargetConfig } from "../../src/manager/deploy-config.js";

const directory = mkdtempSync(join(tmpdir(), "rulewright-config-"));
const file = join(directory, "deploy.yaml");

function read(text: string, name = "production") {
  writeFileSync(file, text);
  return readTargetConfig(file, name);
}

/** `line:column message` of every fault. */
async function faults(text: string, name?: string): Promise<string[]> {
  const error: unknown = await read(text, name).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).exitCode).toBe(3);
  return (error as Problem).diagnostics.map(({ message, where }) => `${where?.line}:${where?.column} ${message}`);
}

test("a manager by its API; paths are those of the file", async () => {
  expect(
    await read(
      "targets:\n  production:\n    kind: api\n    url: https://manager:55000\n    user: deployer\n    password_file: secret\n    ca: ca.pem\n",
    ),
  ).toMatchObject({ kind: "api", password_file: join(directory, "secret"), ca: join(directory, "ca.pem") });
});

test.each([
  [
    "targets:\n  production:\n    kind: api\n    url: http://manager:55000\n    user: u\n    password_env: P\n",
    "4:",
    "url",
  ],
  ["targets:\n  production:\n    kind: api\n    url: https://m\n    user: u\n    password: secret\n", "6:", "password"],
  ["targets:\n  production:\n    kind: api\n    url: https://m\n    user: u\n", "3:", "names no way to the password"],
  [
    "targets:\n  production:\n    kind: api\n    url: https://m\n    user: u\n    password_env: P\n    password_file: f\n",
    "3:",
    "several ways",
  ],
  [
    "targets:\n  production:\n    kind: api\n    url: https://m\n    user: u\n    password_env: P\n    ca: c\n    fingerprint: '00'\n",
    "8:",
    "fingerprint",
  ],
  ["targets:\n  production:\n    kind: directory\n    mode: '9'\n", "4:", "mode"],
  ["targets:\n  production:\n    kind: directory\n    root: var/ossec\n", "4:", "root"],
  ["targets:\n  production:\n    kind: directory\n    agent_group: all\n", "4:", "agent_group"],
  ["targets:\n  production:\n    kind: ssh\n", "3:", "kind"],
])("%j is wrong at %s: %s", async (text, where, what) => {
  const [first, ...more] = await faults(text);
  expect(more).toEqual([]);
  expect(first!.startsWith(where), first).toBe(true);
  expect(first).toContain(what);
});

test("a target that is not there, and a file that is not", async () => {
  const text = "targets:\n  lab: { kind: directory }\n";
  await expect(read(text)).rejects.toThrow('there is no target "production"');
  await expect(read(text, "constructor")).rejects.toThrow("there is no target");
  await expect(readTargetConfig(join(directory, "none.yaml"), "x")).rejects.toThrow("there is no");
});
