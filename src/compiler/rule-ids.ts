import { readFile } from "node:fs/promises";
import { problem, systemReason } from "../diagnostics/problem.js";
import type { PackNode } from "../ir/nodes.js";
import { rulesOf } from "./rule-order.js";

/** Content of the lock file: which number a rule has, and which numbers are spent. */
export interface RuleIdLock {
  readonly rules: Readonly<Record<string, number>>;
  /** Numbers of rules that are gone; never given to another one. */
  readonly retired: Readonly<Record<string, number>>;
  /** Rules that site policies add: each keeps its number, whichever policy is compiled now. */
  readonly policy: Readonly<Record<string, number>>;
}

export const NO_IDS: RuleIdLock = { rules: {}, retired: {}, policy: {} };

/** Reads the lock file; a missing one is empty. Throws a Problem when it is not what `lockText` writes. */
export async function readRuleIdLock(file: string): Promise<RuleIdLock> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_IDS;
    throw problem(2, { code: "file-unreadable", message: `cannot read ${file}: ${systemReason(error)}` });
  }
  const unusable = (reason: string) =>
    problem(2, {
      code: "lock-unusable",
      message: `${file} ${reason}`,
      where: { file, line: 1, column: 1 },
      hint: "restore it from version control; a rule must never get another rule's number",
    });
  let parsed: { rules?: unknown; retired?: unknown; policy?: unknown };
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unusable("is no JSON");
  }
  const owners = new Map<number, string>();
  for (const part of [parsed.rules, parsed.retired, parsed.policy ?? {}]) {
    if (typeof part !== "object" || part === null) throw unusable("lacks the members rules and retired");
    for (const [key, id] of Object.entries(part)) {
      if (!Number.isInteger(id)) throw unusable(`gives ${key} the id ${JSON.stringify(id)}`);
      const owner = owners.get(id as number);
      if (owner) throw unusable(`gives ${id} to both ${owner} and ${key}`);
      owners.set(id as number, key);
    }
  }
  return { policy: {}, ...(parsed as Omit<RuleIdLock, "policy">) };
}

/**
 * The lock after this pack: known rules keep their number, a rule that came back gets its own again, new ones get the
 * next number above all that were ever given, gone ones are retired.
 *
 * @param ofPolicy keys of the pack's rules that the site policy added
 */
export function assignRuleIds(pack: PackNode, lock: RuleIdLock, ofPolicy: ReadonlySet<string> = new Set()): RuleIdLock {
  const [first, last] = pack.ids;
  const rules: Record<string, number> = {};
  const retired: Record<string, number> = { ...lock.retired };
  const policy: Record<string, number> = { ...lock.policy };
  let next = Math.max(first, ...[lock.rules, retired, policy].flatMap(Object.values).map((id) => id + 1));
  for (const { key, where } of rulesOf(pack)) {
    const id = lock.rules[key] ?? lock.retired[key] ?? lock.policy[key] ?? next++;
    if (id > last) {
      throw problem(1, {
        code: "rule-ids-spent",
        message: `rule ${key} would get id ${id}, past the last id ${last} of the pack`,
        where,
        hint: "widen the pack's ids",
      });
    }
    delete retired[key];
    delete policy[key];
    (ofPolicy.has(key) ? policy : rules)[key] = id;
  }
  for (const [key, id] of Object.entries(lock.rules)) if (!(key in rules) && !(key in policy)) retired[key] = id;
  return { rules, retired, policy };
}

/** The numbers of all rules in the lock by their keys. */
export function idsIn({ rules, policy }: RuleIdLock): Readonly<Record<string, number>> {
  return { ...policy, ...rules };
}

/** The lock as it is written: sorted by number, so that a merge of two branches shows who took which. */
export function lockText(lock: RuleIdLock): string {
  const sorted = (part: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(part).sort(([, a], [, b]) => a - b));
  const { rules, retired, policy } = lock;
  return `${JSON.stringify({ rules: sorted(rules), retired: sorted(retired), policy: sorted(policy) }, null, 2)}\n`;
}
