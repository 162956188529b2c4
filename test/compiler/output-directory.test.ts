import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { replaceDirectory, replaceFile, staleFiles } from "../../src/compiler/output-directory.js";

const FILES = [
  { path: "manifest.json", text: "{}\n" },
  { path: "wazuh/rules/a.xml", text: "<a/>\n" },
];
let parent: string;
let out: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "rulewright-"));
  out = join(parent, "generated");
});

describe("the output directory", () => {
  test("is replaced as a whole, and leaves nothing beside it", async () => {
    await replaceDirectory(out, [...FILES, { path: "old.txt", text: "old" }]);
    await replaceDirectory(out, FILES);
    expect(await readFile(join(out, "wazuh/rules/a.xml"), "utf8")).toBe("<a/>\n");
    expect((await readdir(out)).sort()).toEqual(["manifest.json", "wazuh"]);
    expect(await readdir(parent)).toEqual(["generated"]);
  });

  test("is not taken from anybody else", async () => {
    await mkdir(out);
    await writeFile(join(out, "thesis.txt"), "years of work");
    await expect(replaceDirectory(out, FILES)).rejects.toThrow(/did not write/);
    expect(await readdir(out)).toEqual(["thesis.txt"]);
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

  test("a file that cannot be written leaves nothing half done", async () => {
    await mkdir(out);
    await expect(replaceFile(out, "text")).rejects.toThrow(/cannot write/);
    expect(await readdir(parent)).toEqual(["generated"]);
  });
});
