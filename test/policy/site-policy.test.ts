import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Problem } from "../../src/diagnostics/problem.js";
import { GRANTS } from "../../src/policy/grants.js";
import { accountsWith, readSitePolicy } from "../../src/policy/site-policy.js";

const SOUND = `accounts:
  alice: { may: [everything] }
  carl: { may: [tables, dump], note: moves data }
  dave: { may: [] }
sensitive_relations: [app.cards]
postgresql: { preset: full, log_form: jsonlog, log_location: /var/log/pg/*.json, audit_role: auditor }
`;

async function read(text: string) {
  const file = join(await mkdtemp(join(tmpdir(), "rulewright-")), "site.yaml");
  await writeFile(file, text);
  return readSitePolicy(file);
}

async function offences(text: string): Promise<string[]> {
  try {
    await read(text);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.diagnostics.map(
      ({ message, where, hint }) => `${where?.line}:${where?.column} ${message}${hint ? ` (${hint})` : ""}`,
    );
  }
}

describe("the site policy", () => {
  test("everything stands for every grant", async () => {
    const { value } = await read(SOUND);
    expect(accountsWith(value, ["tables"])).toEqual(["alice", "carl"]);
    expect(accountsWith(value, ["roles"])).toEqual(["alice"]);
    expect(accountsWith(value, [])).toEqual(["alice"]);
  });

  test("names the key and the line of everything that is wrong", async () => {
    const text = SOUND.replace("dump", "dumps").replace("note: moves", "notes: moves").replace("app.cards", "cards");
    expect(await offences(text)).toEqual([
      expect.stringMatching(
        /^3:\d+ accounts\.carl has no key "notes" \(known keys: may, kind, from, during, audit, note\)$/,
      ),
      expect.stringMatching(/^3:25 accounts\.carl\.may\.1 is "dumps" \(one of: everything, routines, /),
      expect.stringMatching(/^5:\d+ sensitive_relations\.0 must match pattern .*: "cards"$/),
    ]);
  });

  test("what PostgreSQL would cut, refuse or take for something else", async () => {
    const long = "ü".repeat(32);
    expect(await offences(SOUND.replace("alice", long))).toEqual([
      expect.stringMatching(new RegExp(`^2:\\d+ account "${long}" takes 64 bytes: PostgreSQL has 63$`)),
    ]);
    for (const [role, message] of [
      ["alice", /^6:\d+ audit_role "alice" is one of the accounts/],
      ["pg_monitor", /^6:\d+ audit_role "pg_monitor" is a name that PostgreSQL keeps/],
      ["none", /"none" is a name/],
      ['"a\\nb"', /control character/],
    ] as const)
      expect(await offences(SOUND.replace("auditor", role))).toEqual([expect.stringMatching(message)]);
  });

  test("places, windows and exceptions that cannot be meant", async () => {
    const bound = SOUND.replace("may: [tables, dump]", "may: [tables, dump], from: [office, attic], during: day");
    expect(
      await offences(`${bound}places: { office: [10.0.0.0/33, 10.0.0.0/8, local, ::1/128, "fe80::1%eth0"] }\n`),
    ).toEqual([
      expect.stringMatching(/^7:\d+ place office lists "10\.0\.0\.0\/33": its length must be 0 to 32 /),
      expect.stringMatching(/^7:\d+ place office lists "fe80::1%eth0": it is no address/),
      expect.stringMatching(/^3:\d+ account carl is bound to the place attic, which is not there \(places: office\)$/),
      expect.stringMatching(
        /^3:\d+ account carl is bound to the window day, which is not there \(there are no windows/,
      ),
    ]);
    const window = (hours: string) => offences(`${SOUND}windows: { day: { hours: ${hours} } }\n`);
    expect(await window("08:00-08:00")).toEqual([expect.stringMatching(/^7:\d+ window day begins and ends at 08:00$/)]);
    expect(await window("8:00-24:00")).toEqual([expect.stringMatching(/^7:\d+ windows\.day\.hours must match/)]);
    const exception = (expires: string) =>
      `  - { name: x, rule: r, account: a, owner: o, reason: why, expires: ${expires} }\n`;
    expect(await offences(`${SOUND}exceptions:\n${exception("2026-02-30")}${exception("2026-03-01")}`)).toEqual([
      expect.stringMatching(/^8:\d+ exception x expires on 2026-02-30, which is no day$/),
      expect.stringMatching(/^9:\d+ there is a second exception called x$/),
    ]);
  });

  test("a location that the server does not write to in this form", async () => {
    const located = (form: string, location: string) =>
      offences(SOUND.replace("jsonlog", form).replace("/var/log/pg/*.json", location));
    for (const [form, location] of [
      ["csvlog", "/var/log/pg/*.log"],
      ["jsonlog", "/var/log/pg*/x.json"],
      ["jsonlog", "/var/log/pg/.json"],
      ["stderr-debian", "/var/log/pg/*-*.log"],
    ] as const)
      expect(await located(form, location)).toEqual([expect.stringMatching(/^6:\d+ log_location .* does not fit: /)]);
    for (const [form, location] of [
      ["csvlog", "/var/log/pg/db.csv"],
      ["stderr-rich", "/var/log/pg/pg-*.log"],
      ["syslog-rfc3339", "/var/log/local0"],
    ] as const)
      expect(await located(form, location)).toEqual([]);
    expect(await located("stderr-plain", "/var/log/pg/*.log")).toEqual([expect.stringMatching(/one of: jsonlog, /)]);
  });

  test("an empty file, two documents and no text are said in words", async () => {
    expect(await offences("")).toEqual(["1:1 the file is empty: it must be a mapping (key: value)"]);
    expect(await offences(`${SOUND}---\n${SOUND}`)).toEqual([expect.stringMatching(/^7:1 .*second document/)]);
    expect(await offences("\u0000\u001b[31m")).toEqual([expect.stringMatching(/is no text in UTF-8$/)]);
    expect(await offences(SOUND.replace("alice", '""'))).toEqual([expect.stringMatching(/accounts has the key ""/)]);
  });

  test("the documentation lists every grant in the words of the program", async () => {
    const rows = (await readFile("docs/policy.md", "utf8")).matchAll(/^\| `([\w-]+)` \| ([^|]*) \|$/gm);
    const documented = Object.fromEntries([...rows].map(([, grant, allows]) => [grant, allows]));
    expect(documented).toEqual({ ...GRANTS, everything: "all of these" });
  });

  test("a missing key, a broken file and a missing one are told apart", async () => {
    expect(await offences("accounts: {}\nsensitive_relations: []\n")).toEqual([
      '1:1 the file lacks the key "postgresql"',
    ]);
    expect(await offences("accounts: {\n  alice: [\n")).not.toEqual([]);
    await expect(readSitePolicy("/nowhere/site.yaml")).rejects.toThrow(/cannot read .*no such file/);
  });
});
