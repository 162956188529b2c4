import { describe, expect, test } from "vitest";
import type { SitePolicy } from "../../src/policy/site-policy.js";
import { rolesSql } from "../../src/targets/postgresql/roles-sql.js";
import { serverConf } from "../../src/targets/postgresql/server-conf.js";

const policyWith = (postgresql: Partial<SitePolicy["postgresql"]>): SitePolicy => ({
  accounts: {},
  sensitive_relations: ["app.cards"],
  postgresql: {
    preset: "full",
    log_form: "jsonlog",
    log_location: "/var/log/pg/*.json",
    audit_role: "auditor",
    ...postgresql,
  },
});
const settingOf = (name: string, postgresql: Partial<SitePolicy["postgresql"]>) =>
  new RegExp(`^${name} = (.*)$`, "m").exec(serverConf(policyWith(postgresql)).text)?.[1];

describe("the server's settings", () => {
  test.each([
    ["jsonlog", "/var/log/pg/*.json", "'postgresql-%Y-%m-%d.log'"],
    ["csvlog", "/var/log/pg/db.csv", "'db.log'"],
    ["stderr-debian", "/var/log/postgresql/postgresql.log", "'postgresql.log'"],
    ["stderr-rich", "/var/log/pg/pg-*-100%.log", "'pg-%Y-%m-%d-100%%.log'"],
    ["syslog-rfc3339", "/var/log/pg.log", undefined],
  ] as const)("%s at %s", (log_form, log_location, name) => {
    expect(settingOf("log_filename", { log_form, log_location })).toBe(name);
  });

  test("quote what their syntax takes for an escape", () => {
    expect(settingOf("pgaudit.role", { audit_role: "o'a\\b" })).toBe("'o''a\\\\b'");
  });
});

describe("roles.sql", () => {
  const { text } = rolesSql(policyWith({ audit_role: "o'a" }));

  test("stops at a role that is somebody's, and changes none", () => {
    expect(text.indexOf("RAISE EXCEPTION")).toBeGreaterThan(text.indexOf("ON_ERROR_STOP on"));
    expect(text.indexOf("RAISE EXCEPTION")).toBeLessThan(text.indexOf("CREATE ROLE"));
    // A literal within the literal that DO takes.
    expect(text).toContain("rolname = ''o''''a''");
  });

  test("grants on relations only", () => {
    expect(text).toContain(`to_regclass('"app"."cards"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \\gexec`);
  });
});
