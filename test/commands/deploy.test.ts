import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { withDouble } from "../manager/api/open-double.js";
import { PASSWORD, USER } from "../manager/double/api-double.js";
import { FINGERPRINT } from "../manager/double/certificate.js";
import { localManager } from "../manager/local-manager.js";
import { sampleBuildDirectory } from "../manager/sample-manager.js";
import { expectSecondVersion, sampleProject } from "./sample-project.js";

// A process each; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 180_000 });

const [first, second] = [sampleBuildDirectory(1), sampleBuildDirectory(2)];

test("plan, deploy, drift and rollback of a manager's directory, by their exit codes and what they print", async () => {
  const root = localManager();
  const project = sampleProject(`targets:
  lab: { kind: directory, root: ${root}, owner: "${process.getuid!()}", group: "${process.getgid!()}", agent_group: databases }
`);
  const { run } = project;

  const plan = await run("plan", "lab", "--generated", first, "--json");
  expect(plan.exitCode).toBe(1);
  expect(JSON.parse(String(plan.stdout))).toMatchObject({
    changes: true,
    settled: false,
    last_deployment: null,
    interrupted: false,
    // Of Mallory this build knows nothing, so that her case is left out.
    verdicts: { events: 2, changes: [{ case: "alice comes", line: "sample: alice" }, { case: "eve comes" }] },
  });

  const unasked = await run("deploy", "lab", "--generated", first);
  expect([unasked.exitCode, unasked.stderr]).toEqual([3, expect.stringContaining("there is no terminal to ask on")]);

  const deployed = await run("deploy", "lab", "--generated", first, "--yes");
  expect([deployed.exitCode, deployed.stdout]).toEqual([0, expect.stringContaining("deployment 1, 5 files changed")]);
  expect(deployed.stdout).toContain(`load the new ruleset with: ${root}/bin/wazuh-control restart`);
  expect(await run("plan", "lab", "--generated", first)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/\nnothing would change$/),
  });
  expect(await run("drift", "lab")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("5 as deployed, 0 changed"),
  });

  const failing = await run("deploy", "lab", "--generated", second, "--yes");
  expect([failing.exitCode, failing.stderr]).toEqual([
    1,
    expect.stringMatching(/cases\.yaml:5:5 error .*eve comes \(jsonlog\) gives somebody-else \(level 10\)/),
  ]);
  expectSecondVersion(project);
  const next = await run("plan", "lab", "--generated", second);
  expect([next.exitCode, next.stdout]).toEqual([1, expect.stringMatching(/~ 100101 .*\n.*level-raised level 7 to 10/)]);
  expect(next.stdout).toMatch(/\nsample: mallory comes\tjsonlog\tsomebody-else \(level 7\)\tmallory \(level 12\)/);
  await run("deploy", "lab", "--generated", second, "--yes");
  expect(await run("rollback", "lab", "--yes")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("deployment 3"),
  });
  expect(readFileSync(join(root, "etc/rules/sample_rules.xml"), "utf8")).not.toContain("100102");

  expect(String((await run("rollback", "lab", "--list")).stdout).split("\n")).toEqual([
    "deployment\tat\tby\twhat\tfiles\trules",
    expect.stringMatching(/^0\t.*\tbefore the first\t0\t0$/),
    expect.stringMatching(/^1\t.*\tsample [0-9a-f]{12}\t5\t2$/),
    expect.stringMatching(/^2\t.*\tsample [0-9a-f]{12}\t5\t3$/),
    expect.stringMatching(/^3\t.*\tback to 1\t5\t2$/),
  ]);

  writeFileSync(join(root, "etc/lists/sample-people"), "mallory:\n");
  expect(await run("drift", "lab")).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining("changed etc/lists/sample-people"),
  });
  expect(await run("verify", "lab")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("no logtest answers"),
  });
  for (const made of [root, project.directory]) rmSync(made, { recursive: true });
});

test("PostgreSQL's configuration is files, and what to do with them", async () => {
  const { directory, run } = sampleProject("targets:\n  files: { kind: postgresql, directory: postgresql }\n");
  const plan = () => run("plan", "files", "--generated", first);
  expect(await plan()).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^added .*pgaudit.conf\nthen, by hand:\n {2}name /),
  });
  const deploy = () => run("deploy", "files", "--generated", first, "--yes");
  expect(await deploy()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 files changed") });
  expect(readFileSync(join(directory, "postgresql/pgaudit.conf"), "utf8")).toBe("pgaudit.log = 'ddl'\n");
  expect(await deploy()).toMatchObject({ stdout: expect.stringContaining("0 files changed") });
  expect(await plan()).toMatchObject({ exitCode: 0, stdout: "nothing would change" });
  expect(await run("drift", "files")).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("only plan and deploy"),
  });
  rmSync(directory, { recursive: true });
});

test("a manager by its API: deployed, verified and gone back from, and its password is never printed", async () => {
  await withDouble([], async ({ manager }, url) => {
    const project = sampleProject(
      `targets:
  api: { kind: api, url: "${url}", user: ${USER}, password_env: WAZUH_PASSWORD, fingerprint: "${FINGERPRINT}" }
  stranger: { kind: api, url: "${url}", user: ${USER}, password_env: WAZUH_PASSWORD }
  locked: { kind: api, url: "${url}", user: ${USER}, password_env: NODE_VERSION_THAT_IS_NOT_SET, fingerprint: "${FINGERPRINT}" }
`,
      { WAZUH_PASSWORD: PASSWORD },
    );
    const printed: string[] = [];
    const run = async (...values: string[]) => {
      const { exitCode, stdout, stderr } = await project.run(...values);
      printed.push(`${stdout}${stderr}`);
      return { exitCode, stdout: String(stdout), stderr: String(stderr) };
    };
    expect(await run("plan", "stranger", "--generated", first)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is not trusted: self-signed certificate"),
    });
    expect(await run("drift", "locked")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("the environment has no NODE_VERSION_THAT_IS_NOT_SET"),
    });
    expect(await run("deploy", "api", "--generated", first, "--yes")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("deployed https://localhost"),
    });
    expect(manager.master.loaded.has("etc/rules/sample_rules.xml")).toBe(true);
    expect(await run("verify", "api")).toMatchObject({ exitCode: 0, stdout: "3 lines asked, 0 differ, 0 not checked" });
    const log = join(project.directory, "a.log");
    writeFileSync(log, "sample: alice\nsample: eve\n\xff\n", "latin1");
    expect(await run("verify", "api", log)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^not checked .*a\.log:3: .*\n2 lines asked, 0 differ, 1 not checked$/),
    });
    expectSecondVersion(project);
    const [one, two] = await Promise.all([1, 2].map(() => run("deploy", "api", "--generated", second, "--yes")));
    const refused = one!.exitCode === 0 ? two! : one!;
    expect([one!.exitCode, two!.exitCode].sort()).toEqual([0, 2]);
    expect(refused.stderr).toMatch(/another deployment is under way on this target: .*, process \d+/);
    expect(await run("rollback", "api", "1", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await run("drift", "api")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("deployment 3 of"),
    });
    expect(printed.join("\n")).not.toContain(PASSWORD);
    rmSync(project.directory, { recursive: true });
  });
});
