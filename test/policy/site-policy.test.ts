import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Problem } from "../../src/diagnostics/problem.js";
import { accountsWith, readSitePolicy } from "../../src/policy/site-policy.js";

const SOUND = `accounts:
  alice: { may: [everything] }
  carl: { may: [tables, dump], note: moves data }
  dave: { may: [] }
sensitive_relations: [app.cards]
postgresql: { log_form: jsonlog, log_location: /var/log/pg/*.json, audit_role: auditor }
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
      expect.stringMatching(/^3:\d+ accounts\.carl has no key "notes" \(known keys: may, note\)$/),
      expect.stringMatching(/^3:25 accounts\.carl\.may\.1 is "dumps" \(one of: everything, routines, /),
      expect.stringMatching(/^5:\d+ sensitive_relations\.0 must match pattern .*: "cards"$/),
    ]);
  });

  test("a missing key, a broken file and a missing one are told apart", async () => {
    expect(await offences("accounts: {}\nsensitive_relations: []\n")).toEqual([
      '1:1 the file lacks the key "postgresql"',
    ]);
    expect(await offences("accounts: {\n  alice: [\n")).not.toEqual([]);
    await expect(readSitePolicy("/nowhere/site.yaml")).rejects.toThrow(/cannot read .*no such file/);
  });
});
