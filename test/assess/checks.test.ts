import { describe, expect, test } from "vitest";
import { auditClasses, missingClasses } from "../../src/assess/audit-classes.js";
import type { Check, Context, Finding } from "../../src/assess/check.js";
import { poolerFindings } from "../../src/assess/checks/clients.js";
import { CHECKS } from "../../src/assess/checks/index.js";
import { versionFindings } from "../../src/assess/checks/pgaudit.js";
import { booleanText, type Server } from "../../src/assess/server.js";
import { shortfall } from "../../src/assess/shortfall.js";
import { readSitePolicy, type SitePolicy } from "../../src/policy/site-policy.js";
import { LOG_FORMS, type LogForm } from "../../src/postgresql/log-forms.js";
import { serverSettings } from "../../src/targets/postgresql/server-conf.js";
import { LIVE_CASES } from "./live-cases.js";

const { value: example } = await readSitePolicy("site.yaml");

function serverWith(settings: Readonly<Record<string, string>>): Server {
  const each = Object.entries(settings).map(
    ([name, value]) =>
      [name, { name, value, context: "sighup", pendingRestart: false, changed: true, bySystem: false }] as const,
  );
  return {
    version: "15.18",
    major: 15,
    account: "postgres",
    readsAllSettings: true,
    readsAllStatistics: true,
    settings: new Map(each),
    overrides: [],
    databases: ["appdb"],
  };
}

const policyFor = (log_form: LogForm): SitePolicy => ({
  ...example,
  postgresql: { ...example.postgresql, log_form, log_location: "/var/log/pg/main.log" },
});

function evaluate(code: string, settings: Readonly<Record<string, string>>, policy = example): readonly Finding[] {
  const check = CHECKS.find((each) => each.code === code)!;
  const context: Context = { server: serverWith(settings), policy };
  const judged = check.evaluate([], context);
  return "notChecked" in judged ? [] : judged;
}

/** Checks whose finding needs a server of another kind than the live one, and the settings that give it or do not. */
const BY_SETTINGS: readonly [string, LogForm, Record<string, string>, Record<string, string>][] = [
  ["messages-translated", "jsonlog", { lc_messages: "pl_PL.UTF-8" }, { lc_messages: "en_GB.UTF-8" }],
  ["messages-translated", "jsonlog", { lc_messages: "" }, { lc_messages: "C.UTF-8" }],
  ["log-prefix-differs", "stderr-debian", { log_line_prefix: "%m [%p] " }, { log_line_prefix: "%m [%p] %q%u@%d " }],
  [
    "syslog-splits",
    "syslog-rfc3339",
    { syslog_split_messages: "on", syslog_sequence_numbers: "off" },
    { syslog_split_messages: "off", syslog_sequence_numbers: "off" },
  ],
  [
    "syslog-names-differ",
    "syslog-rfc3339",
    { syslog_facility: "local1", syslog_ident: "postgres" },
    { syslog_facility: "local0", syslog_ident: "postgres" },
  ],
  ["log-file-mode", "jsonlog", { log_file_mode: "0660" }, { log_file_mode: "416" }],
  [
    "log-truncate-off",
    "jsonlog",
    { log_truncate_on_rotation: "off", log_filename: "postgresql-%a.log" },
    { log_truncate_on_rotation: "off", log_filename: "postgresql-%Y-%m-%d.log" },
  ],
  [
    "log-truncate-off",
    "jsonlog",
    { log_truncate_on_rotation: "off", log_filename: "%H.log" },
    { log_truncate_on_rotation: "on", log_filename: "%H.log" },
  ],
  ["ssl-off", "jsonlog", { ssl: "off", listen_addresses: "*" }, { ssl: "off", listen_addresses: "localhost, ::1" }],
  ["ssl-off", "jsonlog", { ssl: "off", listen_addresses: "10.0.0.5" }, { ssl: "on", listen_addresses: "*" }],
  [
    "log-connections-off",
    "jsonlog",
    { log_connections: "receipt" },
    { log_connections: "receipt, authentication, authorization" },
  ],
  [
    "pgaudit-not-loaded",
    "jsonlog",
    { shared_preload_libraries: "pgaudit2" },
    { shared_preload_libraries: '"pg_stat", pgaudit' },
  ],
  [
    "pgaudit-not-loaded",
    "pgauditlogtofile",
    { shared_preload_libraries: "pgaudit" },
    { shared_preload_libraries: "pgauditlogtofile,pgaudit" },
  ],
];

describe("checks", () => {
  test.each(BY_SETTINGS)("%s in %s: %o, and not %o", (code, form, broken, harmless) => {
    expect(evaluate(code, broken, policyFor(form))).toHaveLength(1);
    expect(evaluate(code, harmless, policyFor(form))).toEqual([]);
  });

  test("each has a code, a title and references of its own, and every setting that pgaudit.conf sets has a check", () => {
    const codes = CHECKS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, title, references } of CHECKS) {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(title.length).toBeGreaterThan(10);
      expect(references.length, code).toBeGreaterThan(0);
    }
    for (const form of LOG_FORMS) {
      const policy = policyFor(form);
      const read = CHECKS.flatMap(({ settings }) =>
        typeof settings === "function" ? settings(policy) : (settings ?? []),
      );
      const unread = Object.keys(serverSettings(policy)).filter((name) => !read.includes(name));
      // Log files of their own that pgauditlogtofile turns over at midnight.
      expect(unread, form).toEqual([]);
    }
  });

  test("each is broken by a case", () => {
    const elsewhere = [
      // In live.test.ts, by itself.
      "account-audit-missing",
      "configuration-error",
      "hba-cleartext-password",
      "hba-trust",
      "log-collector-off",
      "log-statement-none",
      "superuser-of-installation",
      // Below.
      "pooled-connections",
    ];
    const broken = new Set([...LIVE_CASES.map(({ code }) => code), ...BY_SETTINGS.map(([code]) => code), ...elsewhere]);
    expect(CHECKS.map(({ code }) => code).filter((code) => !broken.has(code))).toEqual([]);
  });

  test("queries are a single SELECT", () => {
    const context: Context = { server: serverWith({}), policy: example };
    for (const { code, query } of CHECKS as readonly Check[])
      if (query) expect(query(context).text.trim(), code).toMatch(/^SELECT [^;]*$/);
  });

  test("a fix keeps what is already in a list", () => {
    expect(evaluate("pgaudit-not-loaded", { shared_preload_libraries: "timescaledb" })).toEqual([
      {
        found: 'shared_preload_libraries = "timescaledb" lacks pgaudit',
        fix: "in postgresql.conf: shared_preload_libraries = 'timescaledb,pgaudit', then SELECT pg_reload_conf()",
      },
    ]);
  });

  test("pooled-connections: many sessions from one address, where others' can be seen", () => {
    const many = { address: "10.0.0.9", sessions: 40, users: 3 };
    expect(poolerFindings([many, { ...many, sessions: 19 }], true, "mon")).toHaveLength(1);
    expect(poolerFindings([], false, "mon")).toHaveProperty("notChecked");
  });

  test("versions of the extension go with versions of the server", () => {
    for (const [version, major] of [
      ["1.7", 15],
      ["1.6.2", 14],
      ["16.0", 16],
      ["17.1", 17],
    ] as const)
      expect(versionFindings(version, major), version).toEqual([]);
    for (const [version, major] of [
      ["1.7", 16],
      ["1.6", 15],
      ["16.0", 17],
    ] as const)
      expect(versionFindings(version, major), version).toHaveLength(1);
    expect(versionFindings(null, 15)).toHaveProperty("notChecked");
  });
});

describe("audit classes", () => {
  test("count from left to right; misc holds misc_set, none adds nothing", () => {
    expect([...auditClasses("ddl, MISC, -misc_set")].sort()).toEqual(["ddl", "misc"]);
    expect([...auditClasses("none")]).toEqual([]);
    expect([...auditClasses("all,-all, role")]).toEqual(["role"]);
    expect(missingClasses("ddl,role,misc", "ddl, role, misc_set")).toEqual([]);
    expect(missingClasses("ddl", "ddl, role, misc_set")).toEqual(["role", "misc_set"]);
  });
});

describe("shortfall", () => {
  test("more than what is wanted is none", () => {
    expect(shortfall("log_statement", "all", "ddl")).toBeNull();
    expect(shortfall("log_min_messages", "debug", "warning")).toBeNull();
    expect(shortfall("log_min_messages", "error", "warning")).toBe("is quieter than warning");
    expect(shortfall("log_statement", "ddl", "all")).toBe("logs less than all");
  });

  test("booleans may be spelled in any way that the server takes", () => {
    expect(["on", "TRUE", "t", "y", "yes", "1"].map(booleanText)).toEqual(Array(6).fill("on"));
    expect(["off", "of", "false", "f", "no", "n", "0"].map(booleanText)).toEqual(Array(7).fill("off"));
    expect(booleanText("o")).toBe("o");
    expect(booleanText("")).toBe("");
  });
});
