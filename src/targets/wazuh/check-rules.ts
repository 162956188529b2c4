import { fieldsUnder } from "../../compiler/check-pack.js";
import { ruleSections } from "../../compiler/rule-order.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { isStaticField } from "../../ir/field-names.js";
import type { ConditionNode, PackNode, RuleNode, UseCaseNode } from "../../ir/nodes.js";
import { checkCharacters, checkName, checkPattern, error } from "./check-text.js";
import {
  COMPARED_FIELDS,
  GROUPS_LIMIT,
  HIGHEST_LEVEL,
  HIGHEST_TIMEFRAME,
  NAME,
  RULE_ELEMENT_LIMIT,
  TECHNIQUE,
} from "./limits.js";
import { attackIds, ownGroups, sectionGroups } from "./rule-groups.js";

export function checkRules(pack: PackNode): Diagnostic[] {
  return ruleSections(pack).flatMap(({ rules, useCase }) =>
    rules.flatMap((rule) => [
      ...rule.conditions.flatMap((condition) => checkCondition(rule, condition)),
      ...checkStanding(rule),
      ...checkLabels(pack, rule, useCase),
      ...checkDescription(rule),
      ...checkCorrelation(rule),
    ]),
  );
}

function checkCondition(rule: RuleNode, { field, test }: ConditionNode): Diagnostic[] {
  const reason = {
    listed: () => whyNotListed(field),
    matches: () => whyNotMatched(rule, field),
    within: () => (field === "srcip" || field === "dstip" ? null : "only srcip and dstip are compared with networks"),
  }[test.kind]();
  return [
    ...(test.kind === "matches" ? checkPattern(test.pattern, RULE_ELEMENT_LIMIT) : []),
    ...(reason ? [unsayable(rule, field, reason)] : []),
  ];
}

/** The look-up `user` looks srcuser up, and dstuser only where no srcuser is set. */
function whyNotListed(field: string): string | null {
  return field === "dstuser" ? "a look-up of user looks srcuser up" : null;
}

/** The element `user` tests dstuser first, and srcuser only where no dstuser is set. */
function whyNotMatched(rule: RuleNode, field: string): string | null {
  if (field === "srcip" || field === "dstip") return "its element takes addresses, no patterns";
  if (field === "srcuser" && fieldsUnder(rule).has("dstuser"))
    return "the element user tests dstuser first, which its decoder sets too";
  return null;
}

function unsayable(rule: RuleNode, field: string, reason: string): Diagnostic {
  const message = `rule ${rule.key} uses ${field} in a way that Wazuh rules cannot say: ${reason}`;
  return error("field-unsayable", message, rule.where);
}

function checkStanding(rule: RuleNode): Diagnostic[] {
  const decoders = rule.on.filter(({ kind }) => kind === "decoder").length;
  if (decoders === 0 || rule.on.length === 1) return [];
  return [
    error(
      "rule-on-several-decoders",
      `rule ${rule.key} stands on ${rule.on.length} decoders or on decoders and rules`,
      rule.where,
      "a Wazuh rule is decoded as one decoder: write one rule for each, and refine them together",
    ),
  ];
}

/** Level, groups and techniques. */
function checkLabels(pack: PackNode, rule: RuleNode, useCase: UseCaseNode | null): Diagnostic[] {
  const { key, level, where } = rule;
  const groups = [...sectionGroups(pack, useCase), ...ownGroups(rule, useCase)];
  const size = Buffer.byteLength(`${groups.join(",")},`);
  return [
    ...(Number.isInteger(level) && level >= 0 && level <= HIGHEST_LEVEL
      ? []
      : [error("rule-level", `rule ${key} has the level ${level}: it must be 0 to ${HIGHEST_LEVEL}`, where)]),
    ...groups.flatMap((group) => checkName("group", group, NAME, where, "letters, digits, _, - and . only")),
    ...attackIds(rule, useCase).flatMap((id) =>
      checkName("technique", id, TECHNIQUE, where, "as in T1485 or T1070.001"),
    ),
    ...(size > GROUPS_LIMIT
      ? [error("groups-too-long", `the groups of rule ${key} take ${size} bytes: alerts keep ${GROUPS_LIMIT}`, where)]
      : []),
  ];
}

function checkDescription({ key, description, where }: RuleNode): Diagnostic[] {
  const name = `the description of rule ${key}`;
  const size = Buffer.byteLength(description);
  return [
    ...checkCharacters("description", name, description, where),
    ...(/[<&]/.test(description)
      ? [error("description-markup", `${name} holds < or &, which the manager's API refuses`, where)]
      : []),
    ...(/^[=+\-@].*['"]/s.test(description)
      ? [error("description-formula", `${name} begins like a formula: the manager's API would change it`, where)]
      : []),
    ...(size > RULE_ELEMENT_LIMIT
      ? [
          error(
            "description-too-long",
            `${name} takes ${size} bytes, the manager's loader ${RULE_ELEMENT_LIMIT}`,
            where,
          ),
        ]
      : []),
  ];
}

function checkCorrelation(rule: RuleNode): Diagnostic[] {
  const { key, correlation, where } = rule;
  if (!correlation) return [];
  const { of, times, seconds, same, different } = correlation;
  const notCompared = [...same, ...different].filter((field) => isStaticField(field) && !COMPARED_FIELDS.has(field));
  return [
    ...(times < (rule.on.includes(of) ? 2 : 1)
      ? [error("correlation-times", `rule ${key} counts to ${times}: it needs one event before its own`, where)]
      : []),
    ...(seconds < 1 || seconds > HIGHEST_TIMEFRAME
      ? [
          error(
            "correlation-seconds",
            `rule ${key} has a time of ${seconds} s: it must be 1 to ${HIGHEST_TIMEFRAME}`,
            where,
          ),
        ]
      : []),
    ...(of.level === 0
      ? [
          error(
            "correlation-of-silent",
            `rule ${key} counts ${of.key}, whose level is 0: the manager never counts such events`,
            where,
          ),
        ]
      : []),
    ...notCompared.map((field) => unsayable(rule, field, `events are not compared by ${field}`)),
  ];
}
