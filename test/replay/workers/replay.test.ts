import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";

const CLI = "dist/bin/rulewright.js";
const run = (...args: string[]) => execa("node", [CLI, "replay", ...args], { reject: false, env: { NO_COLOR: "1" } });
let folder: string;
let log: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulewright-"));
  log = join(folder, "pg.json");
  const lines = readdirSync("fixtures").flatMap((useCase) => {
    const file = join("fixtures", useCase, "jsonlog.log");
    return existsSync(file) ? [readFileSync(file)] : [];
  });
  // Several blocks for every worker.
  await writeFile(log, Buffer.concat(lines));
});

describe("replay --workers", { timeout: 180_000 }, () => {
  test.each([["decisions"], ["alerts"]])("prints the %s that one worker prints", async (output) => {
    const one = await run("--output", output, log);
    const three = await run("--output", output, "--workers", "3", log);
    expect(one.stdout.length).toBeGreaterThan(1_000_000);
    expect(three.stdout === one.stdout).toBe(true);
    expect([three.exitCode, three.stderr]).toEqual([one.exitCode, one.stderr]);
  });

  test("prints what one worker prints of what the workers cannot read themselves", async () => {
    const one = await run("--output", "alerts", "--location", "pg", log);
    for (const input of [{ inputFile: log }, { input: gzipSync(readFileSync(log)) }]) {
      const options = ["replay", "--output", "alerts", "--location", "pg", "--workers", "3", "-"];
      const three = await execa("node", [CLI, ...options], input);
      expect(three.stdout === one.stdout).toBe(true);
    }
  });

  test.each([[[]], [["none.log"]]])("counts as one worker counts, over several inputs and %j", async (more) => {
    const args = ["--json", log, ...more.map((name) => join(folder, name)), log];
    const one = await run(...args);
    const two = await run("--workers", "2", ...args);
    expect(two.stdout).toBe(one.stdout);
    expect([two.exitCode, two.stderr]).toEqual([more.length === 0 ? 0 : 2, one.stderr]);
    expect(one.stderr).toContain("inputs-unordered");
  });

  test("takes what has no lines, and a ruleset that does not load, as one worker does", async () => {
    const empty = join(folder, "empty.log");
    await writeFile(empty, "");
    expect((await run("--workers", "2", empty)).stdout).toBe("0 lines, 0 alerts");
    const ruleset = join(folder, "ruleset");
    await mkdir(join(ruleset, "decoders"), { recursive: true });
    await writeFile(
      join(ruleset, "decoders", "d.xml"),
      '<decoder name="d"><prematch type="pcre2">(</prematch></decoder>',
    );
    const one = await run("--ruleset", ruleset, log);
    const two = await run("--ruleset", ruleset, "--workers", "2", log);
    expect([two.exitCode, two.stderr]).toEqual([3, one.stderr]);
  });

  test("refuses what is no number of threads", async () => {
    for (const number of ["0", "1.5", "many", "1000"]) {
      const { exitCode, stderr } = await run("--workers", number, log);
      expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/a number from 1 to 64/)]);
    }
  });
});
