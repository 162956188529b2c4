import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareSnapshots } from "../../src/assess/snapshot/compare.js";
import { readSnapshot, writeSnapshot } from "../../src/assess/snapshot/file.js";
import type { Snapshot } from "../../src/assess/snapshot/snapshot.js";
import { takeSnapshot } from "../../src/assess/snapshot/take.js";
import { describeLive } from "../postgresql/live.js";
import { LiveServer, PASSWORD } from "./live-server.js";

const EMPTY: Snapshot = {
  format: 1,
  server: { version: "15.18", all_settings: true },
  roles: {},
  memberships: {},
  settings: { work_mem: "4096" },
  overrides: {},
  parameter_grants: {},
  databases: {},
};

describe("comparison of snapshots", () => {
  test("goes down to what differs, in the order of paths", () => {
    const changed: Snapshot = {
      ...EMPTY,
      server: { ...EMPTY.server, version: "15.19" },
      memberships: { "eve in dba": { admin: true } },
      settings: {},
    };
    expect(compareSnapshots(EMPTY, changed).changes).toEqual([
      { path: ["memberships", "eve in dba"], kind: "added", before: null, after: { admin: true } },
      { path: ["server", "version"], kind: "changed", before: "15.18", after: "15.19" },
      { path: ["settings", "work_mem"], kind: "removed", before: "4096", after: null },
    ]);
    expect(compareSnapshots(changed, changed)).toEqual({ changes: [], notCompared: [] });
  });

  test("settings that one account did not see are not compared, and that is said", () => {
    const partial: Snapshot = { ...EMPTY, settings: {}, server: { ...EMPTY.server, all_settings: false } };
    const { changes, notCompared } = compareSnapshots(EMPTY, partial);
    expect(changes).toEqual([]);
    expect(notCompared).toHaveLength(1);
  });

  test("a file is whole, for its owner alone, and refused when it is something else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rulewright-"));
    const file = join(folder, "a.json");
    await writeSnapshot(file, EMPTY);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["a.json"]);
    expect(await readSnapshot(file)).toEqual(EMPTY);
    for (const text of ["{", "null", "[]", '{"format":2}']) {
      await writeFile(file, text);
      await expect(readSnapshot(file), text).rejects.toMatchObject({
        exitCode: 2,
        diagnostics: [{ code: "snapshot-invalid" }],
      });
    }
  });
});

await describeLive("snapshots of a server", "jsonlog", () => {
  let server: LiveServer;
  let folder: string;
  beforeAll(async () => {
    server = await LiveServer.start();
    folder = await mkdtemp(join(tmpdir(), "rulewright-"));
  });
  afterAll(() => server?.stop());

  const take = (user = "postgres") =>
    takeSnapshot({ ...server.target, user }, async () => PASSWORD, server.policy, ["appdb", "postgres"]);
  const paths = (before: Snapshot, after: Snapshot) =>
    compareSnapshots(before, after).changes.map(({ kind, path }) => `${kind} ${path.join("/")}`);

  test("are the same bytes for the same state", async () => {
    expect(JSON.stringify(await take())).toBe(JSON.stringify(await take()));
  });

  test.each([
    [
      "a role whose attributes hide behind its password",
      "CREATE ROLE eve PASSWORD 'x' CREATEROLE",
      "DROP ROLE eve",
      ["added roles/eve"],
    ],
    [
      "an attribute",
      "ALTER ROLE app_rw PASSWORD 'x' REPLICATION",
      "ALTER ROLE app_rw NOREPLICATION",
      ["changed roles/app_rw/replication"],
    ],
    [
      "a membership",
      "GRANT dba_alice TO app_rw",
      "REVOKE dba_alice FROM app_rw",
      ["added memberships/app_rw in dba_alice"],
    ],
    [
      "a grant on a sensitive relation",
      "GRANT SELECT ON hr.salaries TO app_rw",
      "REVOKE SELECT ON hr.salaries FROM app_rw",
      ["changed databases/appdb/sensitive_relations/hr.salaries/grants"],
    ],
    [
      "a grant on one column of it",
      "GRANT SELECT (yearly) ON hr.salaries TO app_rw",
      "REVOKE SELECT (yearly) ON hr.salaries FROM app_rw",
      ["changed databases/appdb/sensitive_relations/hr.salaries/column_grants"],
    ],
    [
      "a routine that the catalogue was rewritten for",
      "UPDATE pg_proc SET prosrc = 'SELECT 2' WHERE proname = 'f_secdef_pans'",
      "UPDATE pg_proc SET prosrc = 'SELECT 1' WHERE proname = 'f_secdef_pans'",
      ["changed databases/appdb/routines/app.f_secdef_pans()/source_sha256"],
    ],
    [
      "a routine of the system that was rewritten",
      "UPDATE pg_proc SET prosrc = 'current_user' WHERE proname = 'timeofday'",
      "UPDATE pg_proc SET prosrc = 'timeofday' WHERE proname = 'timeofday'",
      ["changed databases/appdb/system_routines"],
    ],
    [
      "a setting of a role",
      "ALTER ROLE app_rw SET pgaudit.log = 'none'",
      "ALTER ROLE app_rw RESET pgaudit.log",
      ["added overrides/pgaudit.log of role app_rw"],
    ],
    [
      "an event trigger that is off",
      "ALTER EVENT TRIGGER pgaudit_sql_drop DISABLE",
      "ALTER EVENT TRIGGER pgaudit_sql_drop ENABLE",
      ["changed databases/appdb/event_triggers/pgaudit_sql_drop"],
    ],
  ])("bring to light %s", async (_what, change, undo, expected) => {
    const before = await take();
    const after = await server.during({ sql: [change], undo: [undo] }, () => take());
    expect(paths(before, after)).toEqual(expected);
    expect(paths(before, await take())).toEqual([]);
  });

  test("a parameter that was granted, whose row stays behind when it is taken back", async () => {
    const before = await take();
    const granted = {
      sql: ['GRANT SET ON PARAMETER "pgaudit.log" TO app_rw'],
      undo: ['REVOKE SET ON PARAMETER "pgaudit.log" FROM app_rw'],
    };
    const after = await server.during(granted, () => take());
    expect(paths(before, after)).toContain("added parameter_grants/SET on pgaudit.log to app_rw");
  });

  test("the commands: written, compared with the server, compared with another file", async () => {
    const [monday, tuesday] = [join(folder, "monday.json"), join(folder, "tuesday.json")];
    const run = (...args: string[]) =>
      execa("node", ["dist/bin/rulewright.js", "assess", ...args], {
        reject: false,
        env: { NO_COLOR: "1", PGPASSWORD: PASSWORD },
      });
    const uri = `postgresql://postgres@127.0.0.1:${server.target.port}/postgres`;
    expect((await run(uri, "--snapshot", monday)).exitCode).toBe(0);
    const same = await run(uri, "--compare", monday);
    expect([same.stdout, same.exitCode]).toEqual(["nothing differs", 0]);
    const eve = { sql: ["CREATE ROLE eve SUPERUSER"], undo: ["DROP ROLE eve"] };
    const live = await server.during(eve, () => run(uri, "--compare", monday, "--snapshot", tuesday));
    expect(live.exitCode).toBe(1);
    expect(live.stdout).toMatch(/^added roles › eve: \{"superuser":true,.*\n1 difference$/);
    const files = await run("--compare", monday, "--with", tuesday, "--json");
    expect(files.exitCode).toBe(1);
    expect(JSON.parse(files.stdout)).toMatchObject({
      changes: [{ path: ["roles", "eve"], kind: "added" }],
      not_compared: [],
    });
    expect((await run(uri, "--with", tuesday)).exitCode).toBe(3);
    expect((await run(uri, "--snapshot", join(folder, "x.json"), "--databases", "gone")).exitCode).toBe(2);
    expect(await readFile(tuesday, "utf8")).not.toContain(PASSWORD);
  });
});
