import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PrivateCluster } from "../../src/postgresql/cluster.js";
import { describeLive } from "./live.js";

await describeLive("PrivateCluster", "jsonlog", () => {
  let cluster: PrivateCluster;

  beforeAll(async () => {
    cluster = await PrivateCluster.start({ settings: { log_line_prefix: "it's %m " } });
  });
  afterAll(() => cluster?.stop());

  it("speaks UTF-8 in the C locale and UTC", async () => {
    const sql = "SHOW server_encoding; SHOW lc_messages; SHOW timezone; SHOW log_line_prefix;";
    expect((await cluster.psql({ sql })).stdout).toBe("UTF8\nC\nUTC\nit's %m \n");
  });

  it("tells SQL errors instead of throwing, and stops at one only when asked", async () => {
    const sql = "SELECT nothing;\nSELECT 'after';";
    const result = await cluster.psql({ sql });
    expect(result).toMatchObject({ exitCode: 0, stdout: "after\n" });
    expect(result.stderr).toContain('column "nothing" does not exist');
    expect(await cluster.psql({ sql, stopOnError: true })).toMatchObject({ exitCode: 3, stdout: "" });
  });

  it("connects as told", async () => {
    await cluster.psql({ sql: 'CREATE ROLE "odd one"; CREATE ROLE guest LOGIN IN ROLE "odd one";' });
    const sql = "SELECT session_user, current_user, current_setting('application_name'), inet_client_addr();";
    const session = { user: "guest", application: "till", host: "tcp", role: "odd one", sql } as const;
    expect((await cluster.psql(session)).stdout).toBe("guest|odd one|till|127.0.0.1\n");
  });
});

await describeLive("PrivateCluster.stop", "jsonlog", () => {
  it("leaves nothing behind", async () => {
    const cluster = await PrivateCluster.start({ settings: {} });
    await cluster.stop();
    expect(existsSync(cluster.dataDirectory)).toBe(false);
    expect(() => process.kill(cluster.pid, 0)).toThrow("ESRCH");
  });

  it("says in the server's words why it does not start", async () => {
    await expect(PrivateCluster.start({ settings: { shared_preload_libraries: "no_such" } })).rejects.toThrow(
      'could not access file "no_such"',
    );
  });
});
