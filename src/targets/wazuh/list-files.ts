import { listsOf } from "../../compiler/rule-order.js";
import type { ListContent, ListNode, PackNode } from "../../ir/nodes.js";
import { accountsWith, type SitePolicy } from "../../policy/site-policy.js";
import type { EmittedFile } from "../emitted-file.js";

/** The API refuses an empty file. PostgreSQL cuts names at 63 bytes, so nothing is called this. */
const NOBODY = "-".repeat(64);

/** One file per list, `key:value` a line, sorted. */
export function listFiles(pack: PackNode, policy: SitePolicy): EmittedFile[] {
  return listsOf(pack).map((list) => {
    const entries = Object.entries(contentOf(list, policy)).sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = entries.map((entry) => entry.map(listText).join(":"));
    return { path: `wazuh/lists/${list.name}`, text: `${(lines.length > 0 ? lines : [`${NOBODY}:`]).join("\n")}\n` };
  });
}

function contentOf(list: ListNode, policy: SitePolicy): Readonly<Record<string, string>> {
  const { content } = list;
  if (content.from === "entries") return content.entries;
  return Object.fromEntries(keysOf(content, policy).map((key) => [key, ""]));
}

function keysOf(content: Exclude<ListContent, { from: "entries" }>, policy: SitePolicy): readonly string[] {
  switch (content.from) {
    case "grants":
      return accountsWith(policy, content.anyOf);
    case "people":
      return Object.entries(policy.accounts).flatMap(([name, { kind }]) => (kind === "person" ? [name] : []));
    case "sensitive-relations":
      return policy.sensitive_relations;
    case "sensitive-routines":
      return policy.sensitive_routines ?? [];
  }
}

const PLAIN = /^[^:"\s]+$/;
const QUOTED = /^[-\w: ]+$/;

/** Whether the manager's API has a way to write this key or value. */
export function isSayable(text: string): boolean {
  return PLAIN.test(text) || QUOTED.test(text);
}

function listText(text: string): string {
  return text === "" || PLAIN.test(text) ? text : `"${text}"`;
}
