/** The rules that a node runs, as it tells them when it is asked for its active configuration: not what is on its disk. */
import type { ApiClient } from "./api-client.js";

/** Everything that a node tells of a rule, by the rule's id. */
export type LoadedRules = ReadonlyMap<number, string>;

interface ToldRule {
  readonly sigid: number;
  readonly children?: readonly ToldRule[];
}

export async function loadedRules(client: ApiClient, node: string): Promise<LoadedRules> {
  const { affected_items } = await client.data<{
    readonly affected_items: readonly { readonly rules?: readonly ToldRule[] }[];
  }>({
    method: "GET",
    path: `/cluster/${encodeURIComponent(node)}/configuration/analysis/rules`,
    query: { wait_for_complete: true },
  });
  const found = new Map<number, string>();
  const take = (rules: readonly ToldRule[]) => {
    for (const { children = [], ...rule } of rules) {
      // A rule with several parents is told under each of them.
      if (!found.has(rule.sigid)) found.set(rule.sigid, JSON.stringify(rule));
      take(children);
    }
  };
  take(affected_items[0]?.rules ?? []);
  return found;
}

/** Ids of the rules that are not the same in both. */
export function differingRules(a: LoadedRules, b: LoadedRules): number[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id)).sort((x, y) => x - y);
}
