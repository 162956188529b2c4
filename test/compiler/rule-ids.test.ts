import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignRuleIds, lockText, NO_IDS, type RuleIdLock, readRuleIdLock } from "../../src/compiler/rule-ids.js";
import { packOf } from "./sample-pack.js";

describe("rule ids", () => {
  test("no id is ever given to a second rule, whatever comes and goes", () => {
    const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 8 }), (versions) => {
        const owners = new Map<number, string>();
        let lock: RuleIdLock = NO_IDS;
        for (const version of versions) {
          lock = assignRuleIds(packOf(version), lock);
          expect(Object.keys(lock.rules).sort()).toEqual([...version].sort());
          for (const [key, id] of [...Object.entries(lock.rules), ...Object.entries(lock.retired)]) {
            expect(owners.get(id) ?? key).toBe(key);
            owners.set(id, key);
          }
        }
      }),
    );
  });

  test("a rule that comes back gets its own id again", () => {
    const first = assignRuleIds(packOf(["a", "b"]), NO_IDS);
    const without = assignRuleIds(packOf(["b"]), first);
    expect(without.retired).toEqual({ a: first.rules.a });
    expect(assignRuleIds(packOf(["a", "b"]), without)).toEqual(first);
  });

  test("a rule of a policy keeps its id while another policy is compiled", () => {
    const own = packOf(["a"]);
    const withAdded = assignRuleIds(packOf(["a", "added"]), assignRuleIds(own, NO_IDS), new Set(["added"]));
    expect(withAdded).toEqual({ rules: { a: 100_000 }, retired: {}, policy: { added: 100_001 } });
    const other = assignRuleIds(packOf(["a", "b"]), withAdded, new Set(["b"]));
    expect(other.policy).toEqual({ added: 100_001, b: 100_002 });
    expect(assignRuleIds(packOf(["a", "added"]), other, new Set(["added"]))).toEqual(other);
    expect(assignRuleIds(packOf(["a", "c"]), other).rules.c).toBe(100_003);
  });

  test("ids past the pack's range are refused", () => {
    expect(() => assignRuleIds(packOf(["a", "b", "c"], [100, 101]), NO_IDS)).toThrow(/past the last id/);
  });

  test("a lock file that gives an id twice is refused with its name", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "rulewright-")), "ids.json");
    await writeFile(file, lockText({ rules: { a: 7, b: 7 }, retired: {}, policy: {} }));
    await expect(readRuleIdLock(file)).rejects.toThrow(/gives 7 to both a and b/);
    await writeFile(file, "{");
    await expect(readRuleIdLock(file)).rejects.toThrow(/is no JSON/);
  });
});
