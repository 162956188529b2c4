import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { CHECKS } from "../../src/assess/checks/index.js";
import { assess } from "../../src/assess/run.js";
import type { SitePolicy } from "../../src/policy/site-policy.js";
import { describeLive } from "../postgresql/live.js";
import { LIVE_CASES } from "./live-cases.js";
import { codesOf, LiveServer, PASSWORD } from "./live-server.js";

/** The superuser of the installation is no account of the policy; the pack has what log_statement = ddl logs from pgaudit. */
const AS_GENERATED = ["log-statement-none", "superuser-of-installation"];

/** Checks whose finding names no SQL and no setting. */
const FOR_PEOPLE: string[] = [];

await describeLive("assess on a server that is as generated", "jsonlog", () => {
  let server: LiveServer;
  beforeAll(async () => {
    server = await LiveServer.start();
  });
  afterAll(() => server?.stop());

  test("finds nothing of high or medium severity, and checks everything", async () => {
    const { outcomes, databases } = await server.assess();
    expect(databases).toEqual(["appdb", "postgres", "template1"]);
    expect(outcomes.filter(({ verdict }) => verdict === "not checked")).toEqual([]);
    const found = outcomes.filter(({ verdict }) => verdict === "finding");
    expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "log-statement-none note",
      "superuser-of-installation low",
    ]);
  });

  test.each(LIVE_CASES.map((each) => [each.code, each.broken.sql.join("; "), each] as const))(
    "%s: %s",
    async (code, _sql, { broken, harmless }) => {
      const putRight = async () => {
        const open = await server.open();
        expect(codesOf(open)).toEqual([...AS_GENERATED, code].sort());
        for (const { fix } of open.find((each) => each.code === code)!.findings)
          if (!(await server.apply(fix))) return FOR_PEOPLE.push(code);
        return expect(await server.found()).not.toContain(code);
      };
      await server.during(broken, putRight, true);
      expect(await server.during(harmless, () => server.found())).toEqual(AS_GENERATED);
    },
  );

  test("what a finding says to do puts it right, but for what people must decide", () => {
    expect([...new Set(FOR_PEOPLE)].sort()).toEqual([
      "pgaudit-user-mapping-leak",
      "policy-account-missing",
      "sensitive-relation-missing",
      "setting-pending-restart",
    ]);
  });

  test("account-audit-missing: a person who is audited as everybody, under the preset standard", async () => {
    const policy: SitePolicy = { ...server.policy, postgresql: { ...server.policy.postgresql, preset: "standard" } };
    const standard = {
      sql: ["ALTER SYSTEM SET pgaudit.log = 'ddl, role, misc_set, function'"],
      undo: ["ALTER SYSTEM RESET pgaudit.log"],
      reload: true as const,
    };
    const own = {
      sql: ["ALTER ROLE audit_olaf SET pgaudit.log = 'ddl, role, misc_set, function, write'"],
      undo: ["ALTER ROLE audit_olaf RESET pgaudit.log"],
    };
    await server.during(standard, async () => {
      expect(await server.found(policy)).toEqual([...AS_GENERATED, "account-audit-missing"].sort());
      expect(await server.during(own, () => server.found(policy))).toEqual(AS_GENERATED);
    });
  });

  test("log-statement-none goes when log_statement is ddl", async () => {
    const ddl = { sql: ["ALTER SYSTEM SET log_statement = 'ddl'"], undo: ["ALTER SYSTEM RESET log_statement"] };
    const found = await server.during({ ...ddl, reload: true }, () => server.found());
    expect(found).toEqual(["superuser-of-installation"]);
  });

  test("superuser-of-installation goes when the policy names it", async () => {
    const accounts: SitePolicy["accounts"] = { ...server.policy.accounts, postgres: { may: ["everything"] } };
    expect(await server.found({ ...server.policy, accounts })).toEqual(["log-statement-none"]);
  });

  test.each([
    ["hba-trust", "host appdb app_rw 10.0.0.0/8 trust", "local all postgres peer"],
    ["hba-cleartext-password", "host appdb app_rw 10.0.0.0/8 password", "local appdb app_rw password"],
  ])("%s: %s", async (code, line, harmless) => {
    const safe = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n";
    try {
      await server.writeHba(`${safe}${line}\n`);
      expect(await server.found()).toEqual([...AS_GENERATED, code].sort());
      await server.writeHba(`${safe}${harmless}\n`);
      expect(await server.found()).toEqual(AS_GENERATED);
    } finally {
      await server.writeHba(safe);
    }
  });

  test("configuration-error: a line that the server refuses, and one that it would take", async () => {
    expect(await server.withLine("work_mem = 'plenty'", () => server.found())).toEqual(
      [...AS_GENERATED, "configuration-error"].sort(),
    );
    expect(await server.withLine("work_mem = '5MB'", () => server.found())).toEqual(AS_GENERATED);
  });

  test("pgaudit's class misc holds misc_set, as the comparison of classes takes it", async () => {
    const misc = { sql: ["ALTER ROLE app_ro SET pgaudit.log = 'misc'"], undo: ["ALTER ROLE app_ro RESET pgaudit.log"] };
    const sql = "SET work_mem = '4321kB'";
    const session = { database: "appdb", sql, user: "app_ro", password: PASSWORD, host: "tcp" as const };
    const password = { sql: [`ALTER ROLE app_ro PASSWORD '${PASSWORD}'`], undo: ["ALTER ROLE app_ro PASSWORD NULL"] };
    await server.during(password, () => server.during(misc, () => server.cluster.psql(session)));
    expect(await server.logged("MISC,SET,,,SET work_mem = '4321kB'")).toBe(true);
  });

  test("reads and nothing else: its sessions are read-only and change no setting by a statement", async () => {
    await server.assess(server.policy, ["appdb"]);
    expect(await server.logged("rulewright assess")).toBe(true);
    const statements = await server.statementsOf("rulewright assess");
    expect(statements.length).toBeGreaterThan(60);
    expect(statements.filter((each) => !/^(?:BEGIN READ ONLY|ROLLBACK|SELECT\b)/.test(each.trim()))).toEqual([]);
  });

  test("what its own account cannot see is not checked, and never ok", async () => {
    const low = { sql: ["CREATE ROLE low LOGIN PASSWORD 'the right one'"], undo: ["DROP ROLE low"] };
    const { outcomes } = await server.during(low, () =>
      assess({ ...server.target, user: "low" }, async () => PASSWORD, server.policy, CHECKS, null),
    );
    const unchecked = outcomes.filter(({ verdict }) => verdict === "not checked");
    expect([...new Set(unchecked.map(({ code }) => code))].sort()).toEqual([
      "command-setting",
      "configuration-error",
      "hba-cleartext-password",
      "hba-trust",
      "library-setting",
      "log-location-differs",
      "log-truncate-off",
      "pgaudit-not-loaded",
      "pooled-connections",
    ]);
    for (const { reason, findings } of unchecked) {
      expect(reason).toMatch(/no permission|GRANT/);
      expect(findings).toEqual([]);
    }
  });

  test("the command: text, JSON and exit codes", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "rulewright-")), "site.yaml");
    const accounts = { ...server.policy.accounts, postgres: { may: ["everything"] } };
    await writeFile(file, stringify({ ...server.policy, accounts }));
    const uri = `postgresql://postgres@127.0.0.1:${server.target.port}/postgres`;
    const run = (args: string[], password = PASSWORD) =>
      execa("node", ["dist/bin/rulewright.js", "assess", ...args], {
        reject: false,
        env: { NO_COLOR: "1", PGPASSWORD: password, PGPASSFILE: "/nowhere" },
      });
    const fine = await run([uri, "--policy", file]);
    expect(fine.exitCode).toBe(0);
    expect(fine.stdout).toMatch(/^note log-statement-none \[server\]$/m);
    expect(fine.stdout).toMatch(/ ok, with findings 0 high, 0 medium, 0 low, 1 note; 0 not checked$/);
    const json = await run([uri, "--policy", file, "--databases", "appdb, postgres", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ databases: ["appdb", "postgres"], summary: { not_checked: 0 } });
    expect((await run([uri])).exitCode).toBe(1);
    const refused = await run([uri, "--policy", file], "wrong s3cret");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(
      /cannot connect to 127\.0\.0\.1:\d+, database postgres, as postgres: password authentication failed/,
    );
    expect(refused.stderr).not.toContain("s3cret");
    expect((await run(["postgresql://127.0.0.1:1/postgres", "--policy", file])).exitCode).toBe(2);
    expect((await run([uri, "--databases", ","])).exitCode).toBe(3);
    expect((await run([uri.replace("@", ":s3cret@")])).exitCode).toBe(3);
    expect((await run(["--help"])).stdout).toMatch(/Examples:\n {2}rulewright assess\n/);
  });

  test("a database that cannot be reached leaves its checks unchecked", async () => {
    const { outcomes } = await server.assess(server.policy, ["appdb", "gone"]);
    const gone = outcomes.filter(({ database }) => database === "gone");
    expect(gone.length).toBeGreaterThan(10);
    for (const { verdict, reason } of gone) {
      expect(verdict).toBe("not checked");
      expect(reason).toContain('database "gone" does not exist');
    }
    expect(outcomes.find(({ code }) => code === "sensitive-relation-missing")?.verdict).toBe("not checked");
  });
});

await describeLive("assess on a server without pgaudit", "jsonlog", () => {
  let server: LiveServer;
  beforeAll(async () => {
    server = await LiveServer.start({
      shared_preload_libraries: "",
      logging_collector: "off",
      listen_addresses: "0.0.0.0",
    });
  });
  afterAll(() => server?.stop());

  test("names what only a restart puts right, and what cannot be checked without it", async () => {
    expect(await server.found()).toEqual(
      [
        ...AS_GENERATED,
        "audit-role-unsafe",
        "log-collector-off",
        "pgaudit-extension-missing",
        "pgaudit-not-loaded",
        "ssl-off",
        "superuser-unannounced",
      ].sort(),
    );
    const { outcomes } = await server.assess();
    const classes = outcomes.find(({ code }) => code === "audit-classes-short");
    expect(classes?.reason).toBe("there is no pgaudit.log: pgaudit is not loaded, or of another version");
  });
});
