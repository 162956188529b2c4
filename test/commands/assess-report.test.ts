import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/assess/check.js";
import type { Assessment } from "../../src/assess/run.js";
import { assessmentJson, assessmentText, isFine } from "../../src/commands/assess-report.js";

const outcome = (changed: Partial<Outcome>): Outcome => ({
  code: "superuser-unknown",
  title: "every superuser is an account of the policy",
  severity: "high",
  references: ["CIS 4.2"],
  database: null,
  verdict: "ok",
  findings: [],
  reason: null,
  notApplicable: false,
  ...changed,
});

const OK = outcome({});
const FOUND = outcome({
  verdict: "finding",
  findings: [{ found: "eve\u001b[2J is superuser", fix: 'ALTER ROLE "eve" NOSUPERUSER;' }],
});
const NOTE = outcome({ ...FOUND, code: "command-setting", severity: "note" });
const UNCHECKED = outcome({ code: "hba-trust", verdict: "not checked", reason: "no permission" });
const NOT_THERE = outcome({ ...UNCHECKED, reason: "PostgreSQL 14 does not have this", notApplicable: true });

const assessment = (...outcomes: Outcome[]): Assessment => ({
  server: {
    version: "15.18",
    major: 15,
    account: "mon",
    readsAllSettings: true,
    readsAllStatistics: true,
    settings: new Map(),
    overrides: [],
    databases: ["appdb"],
  },
  databases: ["appdb"],
  outcomes,
});

describe("report of an assessment", () => {
  test("fine is: ok, notes, and what the server's version does not have", () => {
    expect(isFine(assessment(OK, NOTE, NOT_THERE))).toBe(true);
    expect(isFine(assessment(OK, FOUND))).toBe(false);
    expect(isFine(assessment(OK, outcome({ ...FOUND, severity: "low" })))).toBe(false);
    expect(isFine(assessment(OK, UNCHECKED))).toBe(false);
  });

  test("plain text has the worst first, what was not checked, and no control characters", () => {
    expect(
      assessmentText("db:5432", assessment(UNCHECKED, NOTE, OK, FOUND), null),
    ).toBe(`PostgreSQL 15.18 at db:5432 as mon; databases appdb

high superuser-unknown [server]
  found: eve\\x1b[2J is superuser
  do: ALTER ROLE "eve" NOSUPERUSER;
  see: CIS 4.2

note command-setting [server]
  found: eve\\x1b[2J is superuser
  do: ALTER ROLE "eve" NOSUPERUSER;
  see: CIS 4.2

not checked hba-trust [server]
  reason: no permission
  see: CIS 4.2

4 checks: 1 ok, with findings 1 high, 0 medium, 0 low, 1 note; 1 not checked`);
  });

  test("a table keeps to the terminal's width, and SQL below it is not wrapped", () => {
    const fix = `ALTER ROLE ${"x".repeat(200)} NOSUPERUSER;`;
    const long = outcome({ ...FOUND, database: "appdb", findings: [{ found: "word ".repeat(60), fix }] });
    const lines = assessmentText("db:5432", assessment(long, UNCHECKED), 100).split("\n");
    const table = lines.slice(2, lines.indexOf("", 2));
    expect(table.length).toBeGreaterThan(6);
    for (const line of table) expect(line.replace(/\u001b\[\d+m/g, "").length).toBeLessThanOrEqual(100);
    expect(lines).toContain(`  [appdb] ${fix}`);
    expect(table.some((line) => line.includes("not checked") && line.includes("no permission"))).toBe(true);
  });

  test("a person is shown ten findings of a check, a program all", () => {
    const findings = Array.from({ length: 12 }, (_, index) => ({ found: `thing ${index}`, fix: `fix ${index}` }));
    const many = assessment(outcome({ verdict: "finding", findings }));
    for (const width of [null, 120]) {
      const text = assessmentText("db:5432", many, width);
      expect(text).toContain("thing 9");
      expect(text).not.toContain("thing 10");
      expect(text).toContain("and 2 more: --json");
    }
    const json = JSON.parse(assessmentJson("db:5432", many)) as { checks: { findings: object[] }[]; summary: object };
    expect(json.checks[0]!.findings).toHaveLength(12);
    expect(json.summary).toEqual({ ok: 0, not_checked: 0, findings: { high: 1, medium: 0, low: 0, note: 0 } });
  });
});
