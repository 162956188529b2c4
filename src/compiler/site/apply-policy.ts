import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { PackNode } from "../../ir/nodes.js";
import type { LocatedPolicy } from "../../policy/site-policy.js";
import { boundsOf } from "./bounds.js";
import { exceptionsOf } from "./exceptions.js";
import { withSensitiveNames } from "./sensitive-names.js";
import { withThresholds } from "./thresholds.js";

/** A pack as one site wants it. */
export interface SitePack {
  readonly pack: PackNode;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What the policy changes about the rules themselves: over what bursts are counted, from where and when an account may
 * do what it may, and what is let pass for a while. What it says about accounts and relations else goes into lists.
 *
 * @param today the day as `yyyy-mm-dd`, on which exceptions are judged
 */
export function applyPolicy(pack: PackNode, site: LocatedPolicy, today: string): SitePack {
  const counted = withThresholds(withSensitiveNames(pack, site.value), site);
  const bounded = withRules(counted.pack, boundsOf(counted.pack, site));
  const excepted = exceptionsOf(bounded, site, today);
  return {
    pack: withRules(bounded, excepted.rules),
    diagnostics: [...counted.diagnostics, ...excepted.diagnostics],
  };
}

/** Rules that a policy adds, by the key of the use case that they go to. */
export type AddedRules = ReadonlyMap<string, readonly PackNode["base"][number][]>;

function withRules(pack: PackNode, added: AddedRules): PackNode {
  if (added.size === 0) return pack;
  return {
    ...pack,
    useCases: pack.useCases.map((useCase) => ({
      ...useCase,
      rules: [...useCase.rules, ...(added.get(useCase.key) ?? [])],
    })),
  };
}
