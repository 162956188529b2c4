import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { expect, onTestFinished, test, vi } from "vitest";
import { sampleBuildDirectory, writeTree } from "../manager/sample-manager.js";
import { expectSecondVersion, sampleProject } from "./sample-project.js";

vi.setConfig({ testTimeout: 120_000 });

/** Starts `rulewright test --watch` in a project; `says` waits until a round that says so has ended. */
function watching(directory: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = execa(process.execPath, [resolve("dist/bin/rulewright.js"), "test", "--watch", ...args], {
    reject: false,
    all: true,
    cwd: directory,
    env: { NO_COLOR: "1", ...env },
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
    const round = seen;
    seen = "";
    return round;
  };
  return { child, says, since: () => seen };
}

test("--watch tests again after each change, says what is broken, and goes on", async () => {
  const project = sampleProject("");
  const generated = join(project.directory, "generated");
  cpSync(sampleBuildDirectory(1), generated, { recursive: true });
  const { child, says } = watching(project.directory, ["--generated", "generated"]);
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

/** A project with TypeScript that this script builds. */
function projectWithScript(build: string): string {
  const { directory } = sampleProject("");
  cpSync(sampleBuildDirectory(1), join(directory, "generated"), { recursive: true });
  writeTree(directory, {
    "package.json": JSON.stringify({ rulewright: { pack: "src/pack.js" }, scripts: { build } }),
    "src/pack.mts": "",
  });
  return directory;
}

test("--watch runs the project's build script, and does not take what it writes for changes", async () => {
  const directory = projectWithScript("date +%N > src/version.ts; date +%N > src/pack.d.ts; echo built");
  const { says, since } = watching(directory);
  await says("2 passed, 1 failed");
  writeFileSync(join(directory, "src/pack.mts"), "export {};\n");
  const rounds = await says(
    "changed: src/pack.mts",
    "not watched any more, because the build writes it: src/version.ts",
  );
  expect(rounds).not.toContain("pack.d.ts");
  await setTimeout(1_000);
  expect(since()).not.toContain("built");
});

test("--watch says so where the build cannot be run", async () => {
  const directory = projectWithScript("true");
  const { says } = watching(directory, [], { PATH: join(directory, "fixtures") });
  await says("2 passed, 1 failed");
  writeFileSync(join(directory, "src/pack.mts"), "export {};\n");
  await says("changed: src/pack.mts", "[build-not-run]");
});
