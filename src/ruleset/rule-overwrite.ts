/** `overwrite="yes"`: what a later rule replaces of an earlier one, and what it cannot. */
import type { Reporter } from "./reporter.js";
import type { RuleBody, RuleDraft } from "./rule-draft.js";

/**
 * The body of the new rule. srcgeoip and dstgeoip tests stay the old ones, and are made only if the new rule has any
 * test of their kind; but no event ever has these fields, so what counts is whether such a test is made.
 */
export function withBodyOf(target: RuleDraft, rule: RuleDraft): RuleBody {
  const texts = new Map(rule.body.texts);
  texts.delete("srcgeoip");
  texts.delete("dstgeoip");
  if (hasExtraTests(rule.body)) {
    for (const name of ["srcgeoip", "dstgeoip"] as const) {
      const kept = target.body.texts.get(name);
      if (kept) texts.set(name, kept);
    }
  }
  return { ...rule.body, texts };
}

/** The real engine's DO_EXTRAINFO, which is taken from the new rule: no such element, no such tests. */
function hasExtraTests(body: RuleBody): boolean {
  return (
    body.maxSize > 0 ||
    body.time !== null ||
    body.weekday !== null ||
    body.compiledRule !== null ||
    body.checkDiff ||
    EXTRA_TEXTS.some((name) => body.texts.has(name))
  );
}
const EXTRA_TEXTS = ["user", "srcgeoip", "dstgeoip", "status", "hostname", "data", "extra_data"] as const;

/** A rule stays where it is in the tree; another parent in the new rule is reported and left out. */
export function warnOfFixedParents(target: RuleDraft, rule: RuleDraft, reporter: Reporter): void {
  const warn = (name: string): void => {
    const message = `rule ${rule.id} cannot overwrite ${name}; the old one stays`;
    reporter.warning("rule-overwrite-parent", message, rule.body.where);
  };
  const differs = <T>(mine: T | null, old: T | null): boolean => mine !== null && mine !== old;

  if (rule.ifMatchedSid === 0 && differs(rule.ifSid, target.ifSid)) warn("if_sid");
  if (!rule.ifMatchedGroup && differs(rule.ifGroup, target.ifGroup)) warn("if_group");
  if (differs(rule.ifLevel, target.ifLevel)) warn("if_level");
  if (differs(rule.ifMatchedGroup?.pattern ?? null, target.ifMatchedGroup?.pattern ?? null)) warn("if_matched_group");
  if (rule.ifMatchedSid !== 0 && rule.ifMatchedSid !== target.ifMatchedSid) warn("if_matched_sid");
}
