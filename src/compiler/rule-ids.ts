import { readFile } from "node:fs/promises";
import { problem, systemReason } from "../diagnostics/problem.js";
import type { PackNode } from "../ir/nodes.js";
import { rulesOf } from "./rule-order.js";

/** Content of the lock file: which number a rule has, and which numbers are spent. */
export interface RuleIdLock {
  readonly rules: Readonly<Record<string, number>>;
  /** Numbers of rules that are gone; never given to another one. */
  readonly retired: Readonly<Record<string, number>>;
}

const EMPTY: RuleIdLock = { rules: {}, retired: {} };

/** Reads the lock file; a missing one is empty. Throws a Problem when it is not what `lockText` writes. */
export async function readRuleIdLock(file: string): Promise<RuleIdLock> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return EMPTY;
    throw problem(2, { code: "file-unreadable", message: `cannot read ${file}: ${systemReason(error)}` });
  }
  const unusable = (reason: string) =>
    problem(2, {
      code: "lock-unusable",
      message: `${file} ${reason}`,
      where: { file, line: 1, column: 1 },
      hint: "restore it from version control; a rule must never get another rule's number",
    });
  let parsed: { rules?: unknown; retired?: unknown };
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unusable("is no JSON");
  }
  const owners = new Map<number, string>();
  for (const part of [parsed.rules, parsed.retired]) {
    if (typeof part !== "object" || part === null) throw unusable("lacks the members rules and retired");
    for (const [key, id] of Object.entries(part)) {
      if (!Number.isInteger(id)) throw unusable(`gives ${key} the id ${JSON.stringify(id)}`);
      const owner = owners.get(id as number);
      if (owner) throw unusable(`gives ${id} to both ${owner} and ${key}`);
      owners.set(id as number, key);
    }
  }
  return { rules: parsed.rules as RuleIdLock["rules"], retired: parsed.retired as RuleIdLock["retired"] };
}

/**
 * The lock after this pack: known rules keep their number, a rule that came back gets its own again, new ones get the
 * next number above all that were ever given, gone ones are retired.
 */
export function assignRuleIds(pack: PackNode, lock: RuleIdLock): RuleIdLock {
  const [first, last] = pack.ids;
  const rules: Record<string, number> = {};
  const retired: Record<string, number> = { ...lock.retired };
  const spent = [...Object.values(lock.rules), ...Object.values(lock.retired)];
  let next = Math.max(first, ...spent.map((id) => id + 1));
  for (const { key, where } of rulesOf(pack)) {
    const id = lock.rules[key] ?? lock.retired[key] ?? next++;
    if (id > last) {
      throw problem(1, {
        code: "rule-ids-spent",
        message: `rule ${key} would get id ${id}, past the last id ${last} of the pack`,
        where,
        hint: "widen the pack's ids",
      });
    }
    rules[key] = id;
    delete retired[key];
  }
  for (const [key, id] of Object.entries(lock.rules)) if (!(key in rules)) retired[key] = id;
  return { rules, retired };
}

/** The lock as it is written: sorted by number, so that a merge of two branches shows who took which. */
export function lockText(lock: RuleIdLock): string {
  const sorted = (part: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(part).sort(([, a], [, b]) => a - b));
  return `${JSON.stringify({ rules: sorted(lock.rules), retired: sorted(lock.retired) }, null, 2)}\n`;
}
