import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { localManager } from "../manager/local-manager.js";
import { sampleBuildDirectory } from "../manager/sample-manager.js";

function cli(...values: string[]) {
  return execa("node", ["dist/src/cli.js", ...values], { reject: false, env: { NO_COLOR: "1" }, stdin: "ignore" });
}

test("plan, deploy, drift and rollback of a manager's directory, by their exit codes and what they print", async () => {
  const root = localManager();
  const directory = mkdtempSync(join(tmpdir(), "rulewright-cli-"));
  const config = join(directory, "deploy.yaml");
  writeFileSync(
    config,
    `targets:
  lab: { kind: directory, root: ${root}, owner: "${process.getuid!()}", group: "${process.getgid!()}", agent_group: databases }
  files: { kind: postgresql, directory: ${directory}/postgresql }
`,
  );
  const [first, second] = [sampleBuildDirectory(1), sampleBuildDirectory(2)];
  const on = (verb: string, ...more: string[]) => cli(verb, "lab", "--config", config, ...more);

  const plan = await on("plan", "--generated", first, "--json");
  expect(plan.exitCode).toBe(1);
  expect(JSON.parse(plan.stdout)).toMatchObject({ changes: true, last_deployment: null, interrupted: false });

  const unasked = await on("deploy", "--generated", first);
  expect([unasked.exitCode, unasked.stderr]).toEqual([3, expect.stringContaining("there is no terminal to ask on")]);

  const deployed = await on("deploy", "--generated", first, "--yes");
  expect([deployed.exitCode, deployed.stdout]).toEqual([0, expect.stringContaining("deployment 1, 5 files changed")]);
  expect(deployed.stdout).toContain(`load the new ruleset with: ${root}/bin/wazuh-control restart`);
  expect((await on("plan", "--generated", first)).exitCode).toBe(0);
  expect(await on("drift")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("5 as deployed, 0 changed") });

  const next = await on("plan", "--generated", second);
  expect([next.exitCode, next.stdout]).toEqual([1, expect.stringMatching(/~ 100101 .*\n.*level-raised level 7 to 10/)]);
  await on("deploy", "--generated", second, "--yes");
  expect(await on("rollback", "--yes")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("deployment 3") });
  expect(readFileSync(join(root, "etc/rules/sample_rules.xml"), "utf8")).not.toContain("100102");

  writeFileSync(join(root, "etc/lists/sample-people"), "mallory:\n");
  expect(await on("drift")).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining("changed etc/lists/sample-people"),
  });
  expect(await on("verify")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no logtest answers") });

  const files = () => cli("deploy", "files", "--config", config, "--generated", first, "--yes");
  expect(await files()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 files changed") });
  expect(readFileSync(join(directory, "postgresql/pgaudit.conf"), "utf8")).toBe("pgaudit.log = 'ddl'\n");
  expect(await files()).toMatchObject({ stdout: expect.stringContaining("0 files changed") });
  for (const made of [root, directory, first, second]) rmSync(made, { recursive: true });
});
