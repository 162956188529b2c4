import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertAcceptable } from "../../src/manager/api/acceptable.js";
import { readBuildOutput } from "../../src/manager/build-output.js";
import { sampleBuildDirectory } from "./sample-manager.js";

test("what was edited or is missing since the build is not deployed", async () => {
  const directory = sampleBuildDirectory(1);
  expect((await readBuildOutput(directory)).lists).toEqual(["etc/lists/sample-people"]);
  writeFileSync(join(directory, "wazuh/rules/sample_rules.xml"), "<group/>");
  rmSync(join(directory, "wazuh/lists/sample-people"));
  await expect(readBuildOutput(directory)).rejects.toThrow(
    /sample_rules.xml is not as its manifest says[\s\S]*people is missing|people is missing[\s\S]*sample_rules.xml is not as/,
  );
  writeFileSync(join(directory, "manifest.json"), "{}");
  await expect(readBuildOutput(directory)).rejects.toThrow("is not a manifest that rulewright wrote");
  rmSync(directory, { recursive: true });
});

test("the shipped pack is taken by a manager's API as it is", async () => {
  const { files } = await readBuildOutput("generated");
  expect(files.length).toBeGreaterThan(20);
  for (const { address, content } of files) assertAcceptable(address, content!);
});
