import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { deployBuild, rollBack } from "../../../src/manager/deployment/deploy.js";
import { localManager, openLocal } from "../local-manager.js";
import { sampleBuild, sampleBuildDirectory, sampleOptions, treeOf } from "../sample-manager.js";

const GROUP = "databases";
const CHILD = fileURLToPath(new URL("kill-child.mjs", import.meta.url));
/** Two at once, as this suite's machines have two processors at least. */
const AT_ONCE = 2;

/** In a process of its own. */
async function deploy(root: string, build: string, killAt: number) {
  const { stdout, signal, failed, stderr } = await execa("node", [CHILD, root, build, String(killAt), GROUP], {
    reject: false,
  });
  if (signal === "SIGKILL") return { killed: true, calls: 0 };
  if (failed) throw new Error(stderr);
  return { killed: false, ...(JSON.parse(stdout) as { state: string; calls: number }) };
}

function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "rulewright-killed-"));
  cpSync(root, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** A missing deployment is asked for, so that nothing is done but putting right what was interrupted. */
async function recoverOnly(root: string): Promise<void> {
  const task = rollBack(await openLocal(root, GROUP), 99, sampleOptions(1));
  await expect(task).rejects.toThrow("there is no deployment 99");
}

test("killed at any call to the file system, a deployment is put right by the next run, to the old state or the new", async () => {
  const [first, second] = [sampleBuildDirectory(1), sampleBuildDirectory(2)];
  const start = localManager();
  await deploy(start, first, 0);
  const old = treeOf(start);
  const whole = copyOf(start);
  const { calls } = await deploy(whole, second, 0);
  const fresh = treeOf(whole);
  const build = await sampleBuild(2);
  const options = { ...sampleOptions(2), fixtures: [], smoke: [] };
  expect(calls).toBeGreaterThan(30);
  expect(fresh).not.toEqual(old);

  const killed = async (at: number) => {
    const root = copyOf(start);
    expect(await deploy(root, second, at), `call ${at}`).toMatchObject({ killed: true });
    const other = copyOf(root);
    await recoverOnly(other);
    expect([old, fresh], `put right after call ${at}`).toContainEqual(treeOf(other));
    expect(await deployBuild(await openLocal(root, GROUP), build, GROUP, options)).toMatchObject({
      state: expect.stringMatching(/deployed|unchanged/),
    });
    expect(treeOf(root), `deployed again after call ${at}`).toEqual(fresh);
    for (const directory of [root, other]) rmSync(directory, { recursive: true });
  };
  const next = Array.from({ length: calls }, (_, index) => index + 1).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const at of next) await killed(at);
    }),
  );
  for (const directory of [start, whole, first, second]) rmSync(directory, { recursive: true });
}, 120_000);
