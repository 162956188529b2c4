import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";

const CLI = "dist/bin/rulewright.js";
/** Gives up after 1,000 steps instead of ten million: the test is not to take that long. */
const EVIL = "(*LIMIT_MATCH=1000)^E (\\w+\\s?)*x$";
const DECODERS = `
<decoder name="p"><program_name>^p$</program_name></decoder>
<decoder name="e">
  <prematch>^E</prematch>
</decoder>`;
const RULES = `
<group name="t,">
  <rule id="1" level="0" noalert="1"><description>root</description></rule>
  <rule id="100" level="5">
    <decoded_as>e</decoded_as>
    <description>kept in
      several lines</description>
    <regex type="pcre2">${EVIL}</regex>
  </rule>
</group>`;
const HARMLESS = "other";
const BAD = `E ${"ab cd ".repeat(20)}xy`;
let folder: string;

async function replay(lines: readonly string[], ...args: string[]) {
  return replayFile(`${lines.join("\n")}\n`, ...args);
}

async function replayFile(content: string | Uint8Array, ...args: string[]) {
  const log = join(folder, "log");
  await writeFile(log, content);
  return execa("node", [CLI, "replay", "--ruleset", folder, ...args, log], { reject: false, env: { NO_COLOR: "1" } });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulewright-"));
  for (const name of ["decoders", "rules"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "decoders", "d.xml"), DECODERS);
  await writeFile(join(folder, "rules", "r.xml"), RULES);
});

test("a pattern that gives up is named with its file and line, and the first line that it gave up on", async () => {
  const { exitCode, stderr, stdout } = await replay([HARMLESS, BAD, HARMLESS], "--json");
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/rules\/r\.xml:8:1 warning .*of rule 100 <regex> gave up on 1 lines, first on line 2/);
  expect(JSON.parse(stdout).expensive_patterns).toEqual([
    {
      of: "rule 100 <regex>",
      pattern: EVIL,
      dialect: "pcre2",
      file: expect.stringMatching(/rules\/r\.xml$/),
      line: 8,
      first_on: 2,
      gave_up: 1,
      curtailed_from: null,
    },
  ]);
});

test.each([
  ["1", "as it is"],
  ["2", "as it is"],
  // Which the workers do not read themselves.
  ["2", "packed"],
])("one that does so again and again is curtailed, and that is a finding (%s workers, %s)", async (workers, form) => {
  // More than is read at once goes before.
  const lines = [...Array(60_000).fill(HARMLESS), ...Array(20).fill(BAD)].join("\n");
  const content = form === "packed" ? gzipSync(lines) : lines;
  const { exitCode, stderr, stdout } = await replayFile(content, "--json", "--workers", workers);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/r\.xml:8:1 error .*was stopped after 20000 steps from line 60006 on/);
  expect(JSON.parse(stdout).expensive_patterns).toMatchObject([
    { first_on: 60_001, gave_up: 20, curtailed_from: 60_006 },
  ]);
});

test("of patterns that do not give up nothing is said", async () => {
  const { exitCode, stderr, stdout } = await replay(["E ab x", HARMLESS], "--json");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ alerts: 1, expensive_patterns: [] });
});
