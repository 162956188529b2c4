import { expect, it } from "vitest";
import { type CapturedStatement, captureStatements } from "../../src/postgresql/capture.js";
import { describeLive, SETUP } from "./live.js";

const message = (line: string) => (JSON.parse(line) as { message: string }).message;
const messages = ({ lines }: CapturedStatement) => lines.map(message);

await describeLive("captureStatements, jsonlog", "jsonlog", () => {
  it("gives each block the lines of its own sessions, from connection to disconnection", async () => {
    const account = { user: "dev_carol", database: "appdb" } as const;
    const [drop, refused, silenced, forged, again] = await captureStatements({
      form: "jsonlog",
      setup: SETUP,
      statements: [
        { id: "drop", ...account, application: "shell", sql: "DROP TABLE app.payments;" },
        { id: "refused", ...account, user: "stranger", sql: "SELECT 1;" },
        { id: "silenced", ...account, user: "dba_bob", sql: "SET log_min_messages = 'panic'; SELECT 2;" },
        {
          id: "forged",
          ...account,
          sql: "DO $$ BEGIN RAISE LOG 'disconnection: session time: 0'; END $$; SELECT 'Zoë';",
        },
        { id: "again", ...account, user: "dba_alice", host: "socket", sql: "\\connect - dba_bob\nSELECT 4;" },
      ],
    });

    expect(drop!.stderr).toBe("");
    expect(messages(drop!).at(0)).toMatch(/^connection received: host=127\.0\.0\.1 /);
    expect(messages(drop!)).toContain(
      "AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,app.payments,DROP TABLE app.payments;,<none>",
    );
    expect(messages(drop!).at(-1)).toMatch(/^disconnection: .* user=dev_carol database=appdb /);
    expect(messages(refused!).at(-1)).toBe('role "stranger" does not exist');
    expect(messages(silenced!)).toHaveLength(2);
    expect(messages(forged!).filter((text) => text.startsWith("disconnection: "))).toHaveLength(2);
    expect(Buffer.from(forged!.lines.at(-2)!, "latin1").toString("utf8")).toContain("SELECT 'Zoë';");
    expect(messages(again!).filter((text) => text === "connection received: host=[local]")).toHaveLength(2);
  });
});

await describeLive("captureStatements, stderr-rich", "stderr-rich", () => {
  it("keeps continued lines and forged headers, and the server's own lines where asked", async () => {
    const [lines, reload] = await captureStatements({
      form: "stderr-rich",
      setup: "",
      statements: [
        { id: "name", user: "x\n2026-01-01 00:00:00.000 UTC [1] root@db LOG:  hi", database: "postgres", sql: "" },
        {
          id: "reload",
          user: "postgres",
          database: "postgres",
          serverLines: true,
          sql: "ALTER SYSTEM SET pgaudit.log = 'none'; SELECT pg_reload_conf(),\n pg_sleep(0.2);",
        },
      ],
    });
    expect(
      lines!.lines.some((line) => line.startsWith("2026-01-01 00:00:00.000 UTC [1] root@db LOG:  hi@postgres ")),
    ).toBe(true);
    expect(reload!.lines.some((line) => line.endsWith('LOG:  parameter "pgaudit.log" changed to "none"'))).toBe(true);
    expect(reload!.lines.some((line) => line.startsWith("\t pg_sleep(0.2);"))).toBe(true);
  });
});

await describeLive("captureStatements, syslog-traditional", "syslog-traditional", () => {
  it("reads what a real rsyslogd wrote, one record a line however long", async () => {
    const [long] = await captureStatements({
      form: "syslog-traditional",
      setup: "",
      statements: [{ id: "long", user: "postgres", database: "postgres", sql: `SELECT '${"x".repeat(1500)}';` }],
    });
    expect(long!.lines.filter((line) => /postgres\[\d+\]: \d.* AUDIT: .*x{1500}/.test(line))).toHaveLength(1);
    expect(long!.lines.every((line) => /^[A-Z][a-z]{2} [ \d]\d [\d:]{8} db1 postgres\[\d+\]: /.test(line))).toBe(true);
  });
});
