import { appendFile, cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { beforeAll, describe, expect, test, vi } from "vitest";

const CLI = "dist/bin/rulewright.js";
const run = (...args: string[]) => execa("node", [CLI, ...args], { reject: false, env: { NO_COLOR: "1" } });
/** Two who may not drop roles and one who may, with a connection between them. */
const LINES = [
  record("dev_carol", "DROP ROLE", "AUDIT: SESSION,1,1,ROLE,DROP ROLE,,,DROP USER leaver_1;,<none>"),
  record("iam_admin", "authentication", "connection authorized: user=iam_admin database=appdb"),
  record("iam_admin", "DROP ROLE", "AUDIT: SESSION,1,1,ROLE,DROP ROLE,,,DROP ROLE leaver_2;,<none>"),
  record("app_ro", "DROP ROLE", "AUDIT: SESSION,1,1,ROLE,DROP ROLE,,,DROP ROLE leaver_3;,<none>"),
];
// A process each; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let log: string;

function record(user: string, ps: string, message: string): string {
  return JSON.stringify({
    timestamp: "2026-11-22 23:45:49.591 UTC",
    user,
    dbname: "appdb",
    pid: 4999,
    remote_host: "127.0.0.1",
    remote_port: 36696,
    session_id: "6b037ead.1387",
    line_num: 3,
    ps,
    session_start: "2026-11-22 23:45:49 UTC",
    vxid: "2/532",
    txid: 988,
    error_severity: "LOG",
    message,
    application_name: "psql",
    backend_type: "client backend",
    query_id: 0,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulewright-"));
  log = join(folder, "postgresql.json");
  await writeFile(log, `${LINES.join("\n")}\n`);
});

describe("rulewright", () => {
  test("every verb has help with examples", async () => {
    const { stdout } = await run("--help");
    expect(stdout).toContain("Exit codes: 0 fine, 1 findings, 2 input unreadable, 3 bad usage");
    const verbs = ["build", "test", "replay", "capture", "plan", "deploy", "verify", "drift", "rollback"];
    for (const help of await Promise.all(verbs.map((verb) => run(verb, "--help"))))
      expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Examples:\n {2}rulewright /) });
  });

  test("bad usage exits 3 and says what is wrong", async () => {
    for (const [args, message] of [
      [["bild"], /unknown command 'bild'/],
      [["help", "bild"], /there is no command bild/],
      [["replay"], /missing required argument/],
      [["replay", "-x", "f"], /unknown option/],
      [["replay", "--output", "xml", "f"], /Allowed choices are summary, alerts, decisions/],
      [["replay", "--json", "--output", "alerts", "f"], /--json is for the summary/],
      [["test", "no such case"], /no fixture below .* is called like "no such case"/],
      [["build", "--policy", "package.json"], /schema|has no key/],
    ] as const) {
      const { exitCode, stderr } = await run(...args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(exitCode).toBe(3);
    }
  });

  test("what is no terminal gets no colours, in CI either", async () => {
    const env = { NO_COLOR: "", CI: "true" };
    const { stderr } = await execa("node", [CLI, "replay", join(folder, "none.log")], { reject: false, env });
    expect(stderr).toMatch(/^\S+none\.log:1:1 error cannot read/);
    const forced = await execa("node", [CLI, "replay", "none"], {
      reject: false,
      env: { NO_COLOR: "", FORCE_COLOR: "1" },
    });
    expect(forced.stderr).toContain("\u001b[31merror");
  });

  test("unreadable input exits 2", async () => {
    const { exitCode, stderr } = await run("replay", join(folder, "none.log"));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/cannot read .*none\.log: no such file or directory/);
  });

  test("build --check tells a changed output, and build mends it", async () => {
    const out = join(folder, "generated");
    await cp("generated", out, { recursive: true });
    expect((await run("build", "--out", out, "--check")).exitCode).toBe(0);
    await appendFile(join(out, "manifest.json"), "\n");
    const stale = await run("build", "--out", out, "--check");
    expect(stale.exitCode).toBe(1);
    expect(stale.stderr).toMatch(/manifest\.json is different/);
    expect((await run("build", "--out", out)).stdout).toMatch(/^built .*1 changed$/);
    expect(await readFile(join(out, "manifest.json"))).toEqual(await readFile("generated/manifest.json"));
  });

  test("test prints a table in a pipe, JSON and a JUnit report", async () => {
    const report = join(folder, "report.xml");
    const { stdout, exitCode } = await run("test", "drop-user", "--junit", report);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^use case\tcases\tforms\tevents\talerts\tpassed\tfailed\ndrop-user\t\d+\t12\t/);
    const { results } = JSON.parse((await run("test", "drop-user", "--json")).stdout);
    const suite = `<testsuite name="drop-user" tests="${results.length}" failures="0">`;
    expect(await readFile(report, "utf8")).toContain(suite);
  });

  test("replay prints one decision per line, alerts as the manager logs them, or a summary", async () => {
    const decisions = (await run("replay", "--output", "decisions", log)).stdout
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(decisions.map(({ predecoder }) => predecoder.log)).toEqual(LINES);
    const alerts = (await run("replay", "--output", "alerts", log)).stdout.split("\n").map((line) => JSON.parse(line));
    expect(alerts.map(({ rule }) => rule.level)).toEqual([12, 3, 12]);
    expect(alerts[0]).toMatchObject({ data: { srcuser: "dev_carol", pg: { command: "DROP ROLE" } }, location: log });
    const fromPipe = await execa("node", [CLI, "replay", "--json", "-"], { inputFile: log });
    expect(JSON.parse(fromPipe.stdout)).toMatchObject({ lines: 4, alerts: 3, by_level: { 3: 1, 12: 2 } });
  });

  test("replay of several inputs goes on behind one that cannot be read, and still exits 2", async () => {
    const { exitCode, stdout, stderr } = await run("replay", join(folder, "none.log"), log);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/, 3 alerts/);
    expect(stderr).toMatch(/cannot read .*none\.log/);
  });

  test("replay unpacks what comes gzipped through a pipe", async () => {
    const input = gzipSync(await readFile(log));
    expect((await execa("node", [CLI, "replay", "-"], { input })).stdout).toMatch(/, 3 alerts/);
    expect((await execa("node", [CLI, "replay", "-"], { input: "" })).stdout).toBe("0 lines, 0 alerts");
  });

  test("replay names a ruleset that is none", async () => {
    for (const [ruleset, reason] of [
      ["/none", /cannot read the ruleset \/none: no such file/],
      ["package.json", /cannot read the ruleset package\.json: .*not a directory/],
      [folder, /there are no decoders and no rules in it/],
    ] as const) {
      const { exitCode, stderr } = await run("replay", "--ruleset", ruleset, log);
      expect(stderr).toMatch(reason);
      expect(exitCode).toBe(3);
    }
  });

  test("replay takes what a build wrote for a ruleset, alone and beside others", async () => {
    const alerts = async (...args: string[]) => JSON.parse((await run("replay", "--json", ...args, log)).stdout).alerts;
    const found = await alerts();
    expect(found).toBeGreaterThan(0);
    for (const directory of ["generated", "generated/", "generated/wazuh", "generated/wazuh/"])
      expect(await alerts("--ruleset", directory)).toBe(found);
    const inside = await execa("node", [resolve(CLI), "replay", "--json", "--ruleset", ".", resolve(log)], {
      cwd: "generated/wazuh",
    });
    expect(JSON.parse(inside.stdout).alerts).toBe(found);
    const base = join(folder, "base");
    await mkdir(join(base, "rules"), { recursive: true });
    await writeFile(
      join(base, "rules/0010-base.xml"),
      '<group name="x,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>',
    );
    expect(await alerts("--ruleset", base, "--ruleset", "generated")).toBe(found);
  });

  test("replay says of a ruleset what it lacks, and where a file of it is wrong", async () => {
    const ruleset = join(folder, "lacking");
    await mkdir(join(ruleset, "decoders"), { recursive: true });
    await writeFile(join(ruleset, "decoders/a.xml"), '<decoder name="a">\n  <prematch>x</prematch>\n</decoder>');
    expect((await run("replay", "--ruleset", ruleset, log)).stderr).toContain("there are no rules in");
    await writeFile(
      join(ruleset, "decoders/a.xml"),
      '<decoder name="a">\n  <prematch type="pcre2">(</prematch>\n</decoder>',
    );
    const { stderr, exitCode } = await run("replay", "--ruleset", ruleset, log);
    expect(stderr).toContain(`${join(ruleset, "decoders/a.xml")}:2:3 error prematch of decoder "a"`);
    expect(exitCode).toBe(3);
  });

  test("replay reads standard input once, and no input without a name", async () => {
    for (const inputs of [
      ["-", "-"],
      ["-", log, "-"],
    ])
      expect((await execa("node", [CLI, "replay", ...inputs], { reject: false, input: "x\n" })).stderr).toContain(
        "standard input can be read once only",
      );
    expect(await run("replay", "")).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("empty name") });
  });

  test("replay joins the records of a form that it is told, and counts lines where it is not", async () => {
    const stderr = join(folder, "postgresql.log");
    const first = '2026-11-22 23:45:49.591 UTC [1] a@b LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,"SELECT';
    await writeFile(stderr, `${first}\n\t1",<none>\n${first} 2",<none>\n`);
    const events = async (...args: string[]) =>
      JSON.parse((await run("replay", "--json", ...args, stderr)).stdout).lines;
    expect(await events()).toBe(3);
    expect(await events("--form", "stderr-debian")).toBe(2);
  });

  test("a reader that goes away is no crash, a full disk is exit code 2", async () => {
    const shell = (command: string) => execa("bash", ["-c", command], { reject: false, env: { NO_COLOR: "1" } });
    const many = Array(400).fill(log).join(" ");
    for (const workers of [1, 2]) {
      const replay = `node ${CLI} replay --workers ${workers} --output`;
      const cut = await shell(`${replay} decisions ${many} | head -1 | wc -l; exit \${PIPESTATUS[0]}`);
      expect(cut).toMatchObject({ stdout: "1", stderr: "", exitCode: 0 });
      for (const output of ["summary", "decisions"]) {
        const lost = await shell(`${replay} ${output} ${log} > /dev/full`);
        expect(lost.stderr).toMatch(/^error cannot write standard output: no space left on the device/);
        expect(lost.exitCode).toBe(2);
      }
    }
  });

  test("build names the line at which a definition throws", async () => {
    const project = await mkdtemp(join(folder, "project-"));
    await writeFile(join(project, "package.json"), '{ "rulewright": { "pack": "pack.mjs" } }');
    await writeFile(join(project, "pack.mjs"), "const none = undefined;\nexport default none.key;\n");
    const { exitCode, stderr } = await execa("node", [resolve(CLI), "build"], { reject: false, cwd: project });
    expect(stderr).toMatch(/pack\.mjs:2:21.* cannot be imported: Cannot read properties/);
    expect(exitCode).toBe(1);
  });

  test("build names the place that cannot be parsed, in a module that the pack imports too", async () => {
    const project = await mkdtemp(join(folder, "project-"));
    await writeFile(join(project, "package.json"), '{ "rulewright": { "pack": "pack.mjs" } }');
    const build = () => execa("node", [resolve(CLI), "build"], { reject: false, cwd: project });
    await writeFile(join(project, "pack.mjs"), 'import { part } from "./part.mjs";\nexport default part;\n');
    await writeFile(join(project, "part.mjs"), "export const part =\n  ;\n");
    expect((await build()).stderr).toMatch(/part\.mjs:2:3.* cannot be imported: Unexpected token/);
    await writeFile(join(project, "part.mjs"), "export const other = 1;\n");
    expect((await build()).stderr).toMatch(/pack\.mjs:1:10.* does not provide an export named 'part'/);
  });

  test("a setting of package.json that is none is refused", async () => {
    const project = await mkdtemp(join(folder, "project-"));
    const build = async (settings: string) => {
      await writeFile(join(project, "package.json"), `{ "rulewright": ${settings} }`);
      return execa("node", [resolve(CLI), "build"], { reject: false, cwd: project });
    };
    expect(await build('{ "polcy": "x.yaml" }')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("rulewright.polcy is no setting"),
    });
    expect((await build('{ "pack": 1 }')).stderr).toContain("rulewright.pack must be a path");
    expect((await build("[1]")).stderr).toContain("rulewright must be an object");
  });

  test("the program is built so that it can be run by itself", async () => {
    expect((await execa(resolve(CLI), ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("conformance refuses suites without a case, and names them", async () => {
    const suites = join(folder, "suites");
    await mkdir(suites);
    await writeFile(join(suites, "a.ini"), "garbage [\n=\n");
    const conform = () => run("conformance", suites, "--ruleset", "generated/wazuh");
    expect(await conform()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("a.ini holds no case") });
    await writeFile(join(suites, "b.ini"), "[x]\nlog 1 fail = x\nrule = 1\nalert = 1\ndecoder = x\n");
    const { stdout, stderr } = await conform();
    expect(stderr).toContain("warning");
    expect(stdout).toContain("1 passed, 0 failed");
  });

  test("test names a directory that no build wrote", async () => {
    const { stderr, exitCode } = await run("test", "--generated", folder);
    expect(stderr).toContain("is no output of a build: it has no manifest.json");
    expect(exitCode).toBe(2);
  });

  test("build does not write into an installed package", async () => {
    const { exitCode, stderr } = await run("build", "--out", join(folder, "node_modules/rulewright/generated"));
    expect(stderr).toMatch(/is inside an installed package.*\n.*--policy site\.yaml --out generated/);
    expect(exitCode).toBe(3);
  });

  test("the package holds what a build needs, and no tests", async () => {
    const { stdout } = await execa("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"]);
    const files: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
    for (const needed of ["site.yaml", "rulesets/rule-ids.json", "dist/bin/rulewright.js", "dist/rulesets/pack.js"])
      expect(files).toContain(needed);
    expect(files.filter((path) => /^dist\/test|tsbuildinfo|\.test\./.test(path))).toEqual([]);
  });
});
