import { chownSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Check } from "../../src/assess/check.js";
import { CHECKS } from "../../src/assess/checks/index.js";
import { ReadOnlySession } from "../../src/assess/connection/session.js";
import { connectionTarget } from "../../src/assess/connection/target.js";
import { assess } from "../../src/assess/run.js";
import { isFine } from "../../src/commands/assess-report.js";
import { serverAccount } from "../../src/postgresql/installation.js";
import { CERTIFICATE, KEY } from "../manager/double/certificate.js";
import { describeLive } from "../postgresql/live.js";
import { LiveServer, PASSWORD } from "./live-server.js";

await describeLive("a session of assess", "jsonlog", () => {
  let server: LiveServer;
  let root: string;
  beforeAll(async () => {
    server = await LiveServer.start();
    root = join(await mkdtemp(join(tmpdir(), "rulewright-")), "root.pem");
    await writeFile(root, CERTIFICATE);
  });
  afterAll(() => server?.stop());

  const open = (parameters: string) => {
    const uri = `postgresql://postgres@127.0.0.1:${server.target.port}/appdb${parameters}`;
    return ReadOnlySession.open(connectionTarget(uri, {}), async () => PASSWORD);
  };
  const encrypted = async (parameters: string) => {
    const session = await open(parameters);
    const [row] = await session.rows<{ ssl: boolean }>({
      text: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    });
    await session.close();
    return row?.ssl;
  };

  test("cannot write, even as superuser, and cannot wait", async () => {
    const session = await open("");
    for (const text of [
      "CREATE TABLE app.x ()",
      "DELETE FROM app.orders",
      "SET default_transaction_read_only = off; CREATE ROLE x",
    ])
      await expect(session.rows({ text }), text).rejects.toMatchObject({ state: "25006" });
    // A read-only transaction does not stop this one before PostgreSQL 16; it is rolled back all the same.
    await session.rows({ text: "SELECT lo_create(1)" }).catch(() => {});
    expect(await session.rows({ text: "SELECT FROM pg_largeobject_metadata" })).toEqual([]);
    const [row] = await session.rows<{ path: string; timeout: string }>({
      text: "SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout",
    });
    expect(row).toEqual({ path: "pg_catalog,pg_temp", timeout: "15s" });
    await session.close();
  });

  test("that the server ends is a connection lost, not a check that failed", async () => {
    const session = await open("");
    const [own] = await session.rows<{ pid: number }>({ text: "SELECT pg_backend_pid() AS pid" });
    await server.cluster.psql({ sql: `SELECT pg_terminate_backend(${own!.pid}, 5000);`, password: PASSWORD });
    const lost = { exitCode: 2, diagnostics: [{ code: "connection-lost" }] };
    await expect(session.rows({ text: "SELECT 1" })).rejects.toMatchObject(lost);
    await session.close();
  });

  test("finds the server's functions before somebody's own of the same name", async () => {
    const trap = {
      sql: [
        "CREATE FUNCTION app.pg_get_userbyid(oid) RETURNS name LANGUAGE sql AS $$SELECT 'trapped'::name$$",
        "ALTER ROLE postgres SET search_path = app, pg_catalog",
      ],
      undo: ["DROP FUNCTION app.pg_get_userbyid", "ALTER ROLE postgres RESET search_path"],
    };
    const rows = await server.during(trap, async () => {
      const session = await open("");
      return session
        .rows<{ owner: string }>({ text: "SELECT pg_get_userbyid(10) AS owner" })
        .finally(() => session.close());
    });
    expect(rows).toEqual([{ owner: "postgres" }]);
  });

  test("sslmode, against a server without TLS and with it", async () => {
    expect(await encrypted("")).toBe(false);
    await expect(open("?sslmode=require")).rejects.toMatchObject({ exitCode: 2 });
    for (const [name, text] of [
      ["server.crt", CERTIFICATE],
      ["server.key", KEY],
    ] as const) {
      const file = join(server.cluster.dataDirectory, name);
      await writeFile(file, text, { mode: 0o600 });
      const account = serverAccount();
      if (account) chownSync(file, account.uid, account.gid);
    }
    const tls = { sql: ["ALTER SYSTEM SET ssl = on"], undo: ["ALTER SYSTEM RESET ssl"], reload: true as const };
    await server.during(tls, async () => {
      for (const parameters of [
        "",
        "?sslmode=require",
        `?sslmode=verify-ca&sslrootcert=${root}`,
        `?sslmode=verify-full&sslrootcert=${root}`,
      ])
        expect(await encrypted(parameters), parameters).toBe(true);
      expect(await encrypted("?sslmode=disable")).toBe(false);
      await expect(open("?sslmode=verify-full")).rejects.toMatchObject({
        exitCode: 2,
        diagnostics: [{ code: "connection-failed", message: expect.stringContaining("self-signed certificate") }],
      });
    });
  });

  test("what this version does not have, and what the server refuses, is not checked", async () => {
    const check = (changed: Partial<Check>): Check => ({
      code: "made-up",
      title: "never ok",
      severity: "high",
      scope: "server",
      references: [],
      query: () => ({ text: "SELECT" }),
      evaluate: () => [],
      ...changed,
    });
    const later = check({ since: 99 });
    const refused = check({ query: () => ({ text: "SELECT FROM of_nothing" }) });
    const hidden = check({ settings: ["of_nothing"] });
    const run = (checks: Check[]) => assess(server.target, async () => PASSWORD, server.policy, checks, ["appdb"]);
    const { outcomes } = await run([later, refused, hidden, check({})]);
    expect(outcomes.map(({ verdict, reason, notApplicable }) => [verdict, reason, notApplicable])).toEqual([
      ["not checked", "PostgreSQL 15 does not have this; 99 and later do", true],
      ["not checked", 'relation "of_nothing" does not exist', false],
      ["not checked", "there is no setting of_nothing in PostgreSQL 15", false],
      ["ok", null, false],
    ]);
    expect(isFine(await run([later]))).toBe(true);
    expect(isFine(await run([refused]))).toBe(false);
  });

  test("an account with the grants of docs/assess.md sees everything", async () => {
    const grants = {
      sql: [
        `CREATE ROLE assessor LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`,
        "GRANT SELECT ON pg_file_settings, pg_hba_file_rules TO assessor",
        "GRANT EXECUTE ON FUNCTION pg_show_all_file_settings(), pg_hba_file_rules() TO assessor",
      ],
      undo: ["DROP OWNED BY assessor", "DROP ROLE assessor"],
    };
    const target = { ...server.target, user: "assessor", database: "appdb" };
    const { outcomes } = await server.during(grants, () =>
      assess(target, async () => PASSWORD, server.policy, CHECKS, null),
    );
    expect(outcomes.filter(({ verdict }) => verdict === "not checked")).toEqual([]);
  });
});
