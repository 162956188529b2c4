import { rulesOf } from "../../compiler/rule-order.js";
import { problem } from "../../diagnostics/problem.js";
import type { ListNode, PackNode } from "../../ir/nodes.js";
import { accountsWith, type SitePolicy } from "../../policy/site-policy.js";
import type { EmittedFile } from "../emitted-file.js";

/** The API refuses an empty file. PostgreSQL cuts names at 63 bytes, so nothing is called this. */
const NOBODY = "-".repeat(64);

/** The lists that the pack's rules look fields up in, by name. */
export function listsOf(pack: PackNode): ListNode[] {
  const lists = rulesOf(pack).flatMap((rule) =>
    rule.conditions.flatMap(({ test }) => (test.kind === "listed" ? [test.list] : [])),
  );
  return [...new Set(lists)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One file per list, `key:value` a line, sorted. */
export function listFiles(pack: PackNode, policy: SitePolicy): EmittedFile[] {
  return listsOf(pack).map((list) => {
    const entries = Object.entries(contentOf(list, policy)).sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = entries.map(([key, value]) => `${listKey(list, key)}:${value}`);
    return { path: `wazuh/lists/${list.name}`, text: `${(lines.length > 0 ? lines : [`${NOBODY}:`]).join("\n")}\n` };
  });
}

function contentOf(list: ListNode, policy: SitePolicy): Readonly<Record<string, string>> {
  const { content } = list;
  if (content.from === "entries") return content.entries;
  const keys = content.from === "grants" ? accountsWith(policy, content.anyOf) : policy.sensitive_relations;
  return Object.fromEntries(keys.map((key) => [key, ""]));
}

/** A plain key where the API's rule allows it, else a quoted one, else an error. */
function listKey(list: ListNode, key: string): string {
  if (/^[^:"\s]+$/.test(key)) return key;
  if (/^[\w\-: ]+$/.test(key)) return `"${key}"`;
  throw problem(3, {
    code: "list-key-unsayable",
    message: `list ${list.name} cannot hold the key ${JSON.stringify(key)}`,
    where: list.where,
    hint: "a key has no blank, colon or quote, or else only letters, digits, blanks, colons and hyphens",
  });
}
