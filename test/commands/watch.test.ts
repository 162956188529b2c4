import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test, vi } from "vitest";
import { sampleBuildDirectory } from "../manager/sample-manager.js";
import { expectSecondVersion, sampleProject } from "./sample-project.js";

vi.setConfig({ testTimeout: 120_000 });

/** Starts `rulewright test --watch` in a project; `says` waits until a round that says so has ended. */
function watching(directory: string, ...args: string[]) {
  const child = execa("node", [resolve("dist/src/cli.js"), "test", "--watch", ...args], {
    reject: false,
    all: true,
    cwd: directory,
    env: { NO_COLOR: "1" },
    stdin: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let seen = "";
  child.all.on("data", (data: Buffer) => {
    seen += data;
  });
  const says = async (text: string, end = "Ctrl-C ends") => {
    await vi.waitFor(() => expect(seen).toContain(text), { timeout: 60_000 });
    await vi.waitFor(() => expect(seen).toContain(end), { timeout: 60_000 });
    seen = "";
  };
  return { child, says };
}

test("--watch tests again after each change, says what is broken, and goes on", async () => {
  const project = sampleProject("");
  const generated = join(project.directory, "generated");
  cpSync(sampleBuildDirectory(1), generated, { recursive: true });
  const { child, says } = watching(project.directory, "--generated", "generated");
  await says("failed sample: mallory comes");
  cpSync(sampleBuildDirectory(2), generated, { recursive: true });
  await says("failed sample: eve comes");
  expectSecondVersion(project);
  await says("3 passed, 0 failed");
  const cases = join(project.directory, "fixtures/sample/cases.yaml");
  const text = readFileSync(cases, "utf8");
  writeFileSync(cases, text.replace("use_case: sample", "use_case: [sample"));
  await says("fixtures/sample/cases.yaml:2:");
  writeFileSync(cases, text);
  await says("3 passed, 0 failed");
  child.kill("SIGINT");
  expect(await child).toMatchObject({ signal: "SIGINT" });
});

test("--watch builds changed definitions and policies first", async () => {
  const { directory } = sampleProject("");
  cpSync(sampleBuildDirectory(1), join(directory, "generated"), { recursive: true });
  const { says } = watching(directory);
  await says("2 passed, 1 failed");
  writeFileSync(join(directory, "site.yaml"), "site: sample\n");
  await says("changed: site.yaml", "there is no pack at");
});
