import type { ActorNode, ConditionNode, ListNode, PackNode, RuleNode } from "../../ir/nodes.js";
import { LOCAL } from "../../policy/places.js";
import { type Account, accountsWith, type LocatedPolicy, type SitePolicy } from "../../policy/site-policy.js";
import type { AddedRules } from "./apply-policy.js";

/** Level of what an account may do, but not from there or not now. */
const OUT_OF_BOUNDS = 12;

/** Accounts that share their places and window. */
interface Bounds {
  readonly name: string;
  readonly accounts: readonly string[];
  readonly networks: readonly string[];
  readonly local: boolean;
  readonly window: NonNullable<RuleNode["during"]> | null;
}

/**
 * Accounts that may act only from some places or at some hours. Below the rules that say `authorised`, one rule of each use
 * case alerts on whatever they do, and its own children take the alert back where place and time are right: if a list is
 * missing on the manager, or an address in the log, there is an alert rather than silence.
 */
export function boundsOf(pack: PackNode, { value: policy, locate }: LocatedPolicy): AddedRules {
  const { actor } = pack;
  const bounds = allBounds(policy);
  const added = new Map<string, RuleNode[]>();
  if (!actor || bounds.length === 0) return added;
  const bounded = listOf(
    `${pack.name}-bounded-accounts`,
    "accounts that are bound to places or windows",
    bounds.flatMap(({ accounts }) => accounts),
    pack,
  );
  const lists = bounds.map((each) =>
    listOf(`${pack.name}-bound-${each.name}`, `accounts that are bound to ${each.name}`, each.accounts, pack),
  );
  for (const { key: useCase, rules } of pack.useCases) {
    const lets = rules.map((rule) => letsPass(rule, actor, policy));
    const levels = [...new Set(rules.filter((_, index) => lets[index]!.size > 0).map(({ level }) => level))];
    for (const level of levels.sort((a, b) => a - b)) {
      const on = rules.filter((rule, index) => rule.level === level && lets[index]!.size > 0);
      const accounts = new Set(rules.flatMap((rule, index) => (rule.level === level ? [...lets[index]!] : [])));
      const concerned = bounds.filter((each) => each.accounts.some((account) => accounts.has(account)));
      if (concerned.length === 0) continue;
      const suffix = level === Math.min(...levels) ? "" : `-${level}`;
      const common = {
        kind: "rule",
        compliance: {},
        where: locate(["accounts", concerned[0]!.accounts[0]!]),
      } as const;
      const outside: RuleNode = {
        ...common,
        key: `${useCase}-out-of-bounds${suffix}`,
        level: OUT_OF_BOUNDS,
        on,
        conditions: [{ field: actor.account, test: { kind: "listed", list: bounded, negate: false } }],
        description: `PostgreSQL: $(${actor.account}) did what it may, but from $(${actor.client}) or at this time it may not`,
        groups: ["dam_out_of_bounds"],
        attack: ["T1078"],
      };
      const within = concerned.flatMap((each) =>
        places(each, actor).map(
          ({ as, conditions }): RuleNode => ({
            ...common,
            key: `${useCase}-within-${each.name}${as}${suffix}`,
            level,
            on: [outside],
            conditions: [
              { field: actor.account, test: { kind: "listed", list: lists[bounds.indexOf(each)]!, negate: false } },
              ...conditions,
            ],
            ...(each.window && { during: each.window }),
            description: `PostgreSQL: $(${actor.account}) did what it may, from $(${actor.client}): authorised there and then`,
            groups: [],
            attack: [],
          }),
        ),
      );
      added.set(useCase, [...(added.get(useCase) ?? []), outside, ...within]);
    }
  }
  return added;
}

/** The bound accounts that this rule finds authorised. */
function letsPass(rule: RuleNode, actor: ActorNode, policy: SitePolicy): ReadonlySet<string> {
  const accounts = rule.conditions.flatMap(({ field, test }) =>
    field === actor.account && test.kind === "listed" && !test.negate && test.list.content.from === "grants"
      ? accountsWith(policy, test.list.content.anyOf)
      : [],
  );
  return new Set(accounts.filter((account) => isBound(policy.accounts[account]!)));
}

function isBound({ from, during }: Account): boolean {
  return from !== undefined || during !== undefined;
}

function allBounds({ accounts, places = {}, windows = {} }: SitePolicy): Bounds[] {
  const found = new Map<string, string[]>();
  for (const [account, spec] of Object.entries(accounts)) {
    if (!isBound(spec)) continue;
    const name = [...(spec.from ?? []).toSorted(), ...(spec.during ? [spec.during] : [])].join("-");
    found.set(name, [...(found.get(name) ?? []), account]);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => {
      const { from, during } = accounts[members[0]!]!;
      const networks = (from ?? []).flatMap((place) => places[place] ?? []);
      return {
        name,
        accounts: members,
        networks: networks.filter((network) => network !== LOCAL),
        local: networks.includes(LOCAL),
        window: windows[during ?? ""] ?? null,
      };
    });
}

/** Each way to be in the right place; without places there is one, that asks nothing. */
function places({ networks, local }: Bounds, { address, client, socket }: ActorNode) {
  if (networks.length === 0 && !local) return [{ as: "", conditions: [] as ConditionNode[] }];
  const byNetwork: ConditionNode = { field: address, test: { kind: "within", networks } };
  const bySocket: ConditionNode = { field: client, test: { kind: "matches", pattern: socket, negate: false } };
  return [
    ...(networks.length > 0 ? [{ as: "", conditions: [byNetwork] }] : []),
    ...(local ? [{ as: "-local", conditions: [bySocket] }] : []),
  ];
}

function listOf(name: string, description: string, accounts: readonly string[], { where }: PackNode): ListNode {
  const entries = Object.fromEntries(accounts.map((account) => [account, ""]));
  return { kind: "list", name, description, content: { from: "entries", entries }, where };
}
