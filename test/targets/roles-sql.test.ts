import { afterAll, beforeAll, expect, it } from "vitest";
import type { SitePolicy } from "../../src/policy/site-policy.js";
import { PrivateCluster } from "../../src/postgresql/cluster.js";
import type { Preset } from "../../src/postgresql/presets.js";
import { rolesSql } from "../../src/targets/postgresql/roles-sql.js";
import { describeLive } from "../postgresql/live.js";

await describeLive("roles.sql on a server", "jsonlog", () => {
  let cluster: PrivateCluster;

  beforeAll(async () => {
    cluster = await PrivateCluster.start({ settings: { shared_preload_libraries: "pgaudit" } });
    await cluster.psql({ sql: "CREATE TABLE cards (); CREATE SEQUENCE serial; CREATE ROLE boss LOGIN;" });
  });
  afterAll(() => cluster?.stop());

  const scriptFor = (audit_role: string, preset: Preset = "full", accounts: SitePolicy["accounts"] = {}) =>
    rolesSql({
      accounts,
      sensitive_relations: ["public.cards", "public.serial", "public.missing"],
      postgresql: { preset, log_form: "jsonlog", log_location: "/var/log/pg/*.json", audit_role },
    }).text;

  it("makes the role and grants it relations, as often as it is run", async () => {
    for (let run = 0; run < 2; run++) {
      const { exitCode, stderr } = await cluster.psql({ sql: scriptFor("o'dd \\ one") });
      expect(stderr.replace(/^.*NOTICE.*\n/gm, "")).toBe("");
      expect(exitCode).toBe(0);
    }
    const sql = "SELECT relname FROM pg_class WHERE relacl::text LIKE '%dd%' AND relname NOT LIKE 'pg\\_%';";
    expect((await cluster.psql({ sql })).stdout).toBe("cards\n");
  });

  it("stops at a role that can log in, and leaves it as it is", async () => {
    const { exitCode, stderr } = await cluster.psql({ sql: scriptFor("boss") });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/the role boss can log in or is superuser/);
    expect((await cluster.psql({ sql: "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'boss';" })).stdout).toBe(
      "t\n",
    );
  });

  it("sets of each account what its kind and the preset ask for, and nothing when run again", async () => {
    const accounts: SitePolicy["accounts"] = {
      alice: { may: [], kind: "person" },
      app: { may: [] },
      backup: { may: ["dump"], audit: "full" },
    };
    const settings = async () =>
      (
        await cluster.psql({
          sql: "SELECT rolname, rolconfig FROM pg_roles WHERE rolname IN ('alice','app','backup','postgres') ORDER BY 1;",
        })
      ).stdout;
    await cluster.psql({ sql: "CREATE ROLE alice LOGIN; CREATE ROLE app LOGIN; CREATE ROLE backup LOGIN;" });
    const loud = `\\set QUIET off\n${scriptFor("watcher", "standard", accounts)}`;
    const first = await cluster.psql({ sql: loud });
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/ALTER ROLE/);
    const standard = await settings();
    expect(standard).toBe(
      [
        'alice|{"pgaudit.log=ddl, role, misc_set, function, write"}',
        "app|",
        "backup|{pgaudit.log=all}",
        "postgres|{pgaudit.log=all,log_statement=all}",
        "",
      ].join("\n"),
    );
    const again = await cluster.psql({ sql: loud });
    expect(again.stdout).not.toMatch(/ALTER ROLE/);
    await cluster.psql({ sql: scriptFor("watcher", "full", accounts) });
    expect(await settings()).toMatch(/^alice\|\napp\|\nbackup\|\npostgres\|\{/);
  });

  it("audits the hashes of passwords, and not who looks at the list of roles", async () => {
    const role = "watcher";
    const column = `SELECT has_column_privilege('${role}', 'pg_authid', 'rolpassword', 'SELECT'), has_column_privilege('${role}', 'pg_authid', 'rolname', 'SELECT');`;
    expect((await cluster.psql({ sql: column })).stdout).toBe("t|f\n");
  });
});
