import { spawnSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { replaceDirectory, replaceFile, staleFiles } from "../../src/compiler/output-directory.js";

const withManifest = (...files: { path: string; text: string }[]) => [
  { path: "manifest.json", text: JSON.stringify({ format: 1, pack: "sample", files, rules: [] }) },
  ...files,
];
const FILES = withManifest({ path: "wazuh/rules/a.xml", text: "<a/>\n" });
let parent: string;
let out: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rulewright-"));
  out = join(parent, "generated");
});

describe("the output directory", () => {
  test("is replaced as a whole, and leaves nothing beside it", async () => {
    await replaceDirectory(out, withManifest({ path: "old.txt", text: "old" }));
    await replaceDirectory(out, FILES);
    expect(await readFile(join(out, "wazuh/rules/a.xml"), "utf8")).toBe("<a/>\n");
    expect((await readdir(out)).sort()).toEqual(["manifest.json", "wazuh"]);
    expect(await readdir(parent)).toEqual(["generated"]);
  });

  test("is not taken from anybody else", async () => {
    await mkdir(out);
    await writeFile(join(out, "thesis.txt"), "years of work");
    await expect(replaceDirectory(out, FILES)).rejects.toThrow(/did not write/);
    await writeFile(join(out, "manifest.json"), '{"name":"extension","manifest_version":3}');
    await expect(replaceDirectory(out, FILES)).rejects.toMatchObject({ exitCode: 3 });
    expect(await readdir(out)).toEqual(["manifest.json", "thesis.txt"]);
  });

  test("is not taken where somebody has put a file beside ours", async () => {
    await replaceDirectory(out, FILES);
    await writeFile(join(out, "wazuh/thesis.txt"), "years of work");
    await expect(replaceDirectory(out, FILES)).rejects.toThrow(/did not write: wazuh\/thesis\.txt$/);
  });

  test("is written by one process at a time; a dead one's lock and leavings are taken over", async () => {
    await replaceDirectory(out, FILES);
    await rename(out, `${out}.old.tmp`);
    const { pid } = spawnSync("true");
    await writeFile(`${out}.lock`, String(pid));
    await replaceDirectory(out, FILES);
    expect(await staleFiles(out, FILES)).toEqual([]);
    expect(await readdir(parent)).toEqual(["generated"]);
    await writeFile(`${out}.lock`, String(process.ppid));
    let done = false;
    const waiting = replaceDirectory(out, FILES).then(() => {
      done = true;
    });
    await sleep(150);
    expect(done).toBe(false);
    await rm(`${out}.lock`);
    await waiting;
  });

  test("may be named with a slash behind, or by a link, which stays one", async () => {
    await replaceDirectory(`${out}/`, FILES);
    const link = join(parent, "link");
    await symlink(out, link);
    await replaceDirectory(link, withManifest());
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readdir(out)).toEqual(["manifest.json"]);
  });

  test("that is a file or below one is a problem, not a crash", async () => {
    await writeFile(out, "");
    for (const path of [out, join(out, "below")]) {
      await expect(staleFiles(path, FILES)).rejects.toThrow(/cannot read .*not a directory/);
      await expect(replaceDirectory(path, FILES)).rejects.toMatchObject({ exitCode: 2 });
    }
  });

  test("keeps what was there when the new files cannot be written", async () => {
    await replaceDirectory(out, FILES);
    const impossible = [...FILES, { path: "manifest.json/below-a-file", text: "" }];
    await expect(replaceDirectory(out, impossible)).rejects.toThrow(/cannot write/);
    expect(await staleFiles(out, FILES)).toEqual([]);
    expect(await readdir(parent)).toEqual(["generated"]);
  });

  test("says what is missing, different and left over", async () => {
    await replaceDirectory(out, FILES);
    await writeFile(join(out, "manifest.json"), "changed");
    await writeFile(join(out, "extra"), "");
    expect(await staleFiles(out, [...FILES, { path: "z", text: "" }])).toEqual([
      { path: "extra", state: "left over" },
      { path: "manifest.json", state: "different" },
      { path: "z", state: "missing" },
    ]);
  });

  test("a file gets the directories above it", async () => {
    await replaceFile(join(out, "a/b.json"), "text");
    expect(await readFile(join(out, "a/b.json"), "utf8")).toBe("text");
  });

  test("a file that cannot be written leaves nothing half done", async () => {
    await mkdir(out);
    await expect(replaceFile(out, "text")).rejects.toThrow(/cannot write/);
    expect(await readdir(parent)).toEqual(["generated"]);
  });
});
