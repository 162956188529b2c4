import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { PackNode, RuleNode } from "../ir/nodes.js";
import type { SitePolicy } from "../policy/site-policy.js";
import { type AuditClass, classesOf, PRESETS, type Preset } from "../postgresql/presets.js";
import { rulesOf } from "./rule-order.js";

/**
 * Rules that live on records which the site's preset does not make everybody leave, and do not say that they know. Such a
 * rule would be silent and look as if nothing happened.
 */
export function checkReach(pack: PackNode, { postgresql: { preset } }: SitePolicy): Diagnostic[] {
  const starved = new Set<RuleNode>();
  return rulesOf(pack).flatMap((rule): Diagnostic[] => {
    // What stands on such a rule is mended with it.
    if (rule.on.some((each) => each.kind === "rule" && starved.has(each))) {
      starved.add(rule);
      return [];
    }
    const missing = starvedUnder(preset, rule);
    if (missing.length === 0 || rule.level === 0) return [];
    const least = PRESETS.find((each) => starvedUnder(each, rule).length === 0) ?? "full";
    const known = seenUnderOf(rule);
    if (known && PRESETS.indexOf(known) >= PRESETS.indexOf(least)) return [];
    starved.add(rule);
    return [
      {
        code: "records-not-logged",
        severity: "error",
        message: `rule ${rule.key} lives on records of class ${missing.join(", ")}, which preset ${preset} does not log of everybody`,
        where: rule.where,
        hint: `choose preset ${least}, or say seenUnder: "${least}" if it is enough to see the accounts that are audited so`,
      },
    ];
  });
}

/** The classes that a rule lives on and that the preset does not log of every account. */
export function missingUnder(preset: Preset, rule: RuleNode): AuditClass[] {
  const logged = classesOf(preset, "service");
  return [...recordsOf(rule)].filter((each) => !logged.includes(each));
}

/** Classes of record that a rule lives on: its own word for it, or what stands nearest above it. */
function recordsOf(rule: RuleNode): ReadonlySet<AuditClass> {
  if (rule.records) return new Set([rule.records]);
  const above = [...rule.on, ...(rule.correlation ? [rule.correlation.of] : [])];
  return new Set(above.flatMap((each) => (each.kind === "rule" ? [...recordsOf(each)] : [])));
}

/** The same, but empty where one of the rules that it stands on is fed: then it is not silent. */
function starvedUnder(preset: Preset, rule: RuleNode): AuditClass[] {
  if (rule.records) return missingUnder(preset, rule);
  const below = rule.on.map((each) => (each.kind === "rule" ? starvedUnder(preset, each) : []));
  const counted = rule.correlation ? starvedUnder(preset, rule.correlation.of) : [];
  const fed = below.some((missing) => missing.length === 0);
  return [...new Set([...(fed ? [] : below.flat()), ...counted])];
}

function seenUnderOf(rule: RuleNode): Preset | undefined {
  if (rule.seenUnder) return rule.seenUnder;
  const said = rule.on.flatMap((each) => (each.kind === "rule" ? [seenUnderOf(each)] : []));
  const known = said.filter((each) => each !== undefined);
  // Standing on several rules, it knows only what all of them say.
  if (known.length < said.length) return undefined;
  return known.sort((a, b) => PRESETS.indexOf(b) - PRESETS.indexOf(a))[0];
}
