import { afterAll, beforeAll, expect, it } from "vitest";
import { PrivateCluster } from "../../src/postgresql/cluster.js";
import { rolesSql } from "../../src/targets/postgresql/roles-sql.js";
import { describeLive } from "../postgresql/live.js";

await describeLive("roles.sql on a server", "jsonlog", () => {
  let cluster: PrivateCluster;

  beforeAll(async () => {
    cluster = await PrivateCluster.start({ settings: { shared_preload_libraries: "pgaudit" } });
    await cluster.psql({ sql: "CREATE TABLE cards (); CREATE SEQUENCE serial; CREATE ROLE boss LOGIN;" });
  });
  afterAll(() => cluster?.stop());

  const scriptFor = (audit_role: string) =>
    rolesSql({
      accounts: {},
      sensitive_relations: ["public.cards", "public.serial", "public.missing"],
      postgresql: { log_form: "jsonlog", log_location: "/var/log/pg/*.json", audit_role },
    }).text;

  it("makes the role and grants it relations, as often as it is run", async () => {
    for (let run = 0; run < 2; run++) {
      const { exitCode, stderr } = await cluster.psql({ sql: scriptFor("o'dd \\ one") });
      expect(stderr.replace(/^.*NOTICE.*\n/gm, "")).toBe("");
      expect(exitCode).toBe(0);
    }
    const sql = "SELECT relname FROM pg_class WHERE relacl::text LIKE '%dd%' ORDER BY 1;";
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
});
