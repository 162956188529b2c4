import { type RuleSection, ruleSections } from "../../compiler/rule-order.js";
import { isStaticField } from "../../ir/field-names.js";
import type { ConditionNode, CorrelationNode, DecoderNode, PackNode, RuleNode } from "../../ir/nodes.js";
import type { EmittedFile } from "../emitted-file.js";
import { patternText } from "./pattern-text.js";
import { attackIds, ownGroups, sectionGroups } from "./rule-groups.js";
import { type XmlElement, xmlText } from "./xml-text.js";

/**
 * One file per use case. Base names sort behind the stock rules' and in the pack's order, because a rule is dropped when
 * its parent has not been read yet.
 */
export function ruleFiles(pack: PackNode, ids: Readonly<Record<string, number>>): EmittedFile[] {
  return ruleSections(pack).map((section, index) => ({
    path: `wazuh/rules/${pack.name}_${String(index * 10).padStart(3, "0")}-${section.key}_rules.xml`,
    text: xmlText([
      {
        comment: section.useCase ? `${section.useCase.title}: ${section.useCase.summary}` : `${pack.title}: base rules`,
      },
      {
        name: "group",
        attributes: { name: `${sectionGroups(pack, section.useCase).join(",")},` },
        children: section.rules.map((rule) => ruleElement(rule, section, ids)),
      },
    ]),
  }));
}

function ruleElement(rule: RuleNode, section: RuleSection, ids: Readonly<Record<string, number>>): XmlElement {
  const id = (of: RuleNode) => String(ids[of.key]);
  const { correlation } = rule;
  const attack = attackIds(rule, section.useCase);
  const groups = ownGroups(rule, section.useCase);
  return {
    name: "rule",
    attributes: {
      id: id(rule),
      level: String(rule.level),
      ...(correlation && {
        frequency: String(frequencyOf(rule, correlation)),
        timeframe: String(correlation.seconds),
      }),
    },
    children: [
      ...standing(rule, id),
      ...rule.conditions.flatMap(conditionElements),
      ...duringElements(rule),
      ...(correlation?.same ?? []).map((field) => comparedElement("same", field)),
      ...(correlation?.different ?? []).map((field) => comparedElement("different", field)),
      { name: "description", text: rule.description },
      ...(attack.length > 0 ? [{ name: "mitre", children: attack.map((text) => ({ name: "id", text })) }] : []),
      ...(groups.length > 0 ? [{ name: "group", text: `${groups.join(",")},` }] : []),
    ],
  };
}

/** The manager counts the current event in; where that is another rule's, it comes on top. */
function frequencyOf({ on }: RuleNode, { of, times }: CorrelationNode): number {
  return on.includes(of) ? times : times + 1;
}

function standing(rule: RuleNode, id: (of: RuleNode) => string): XmlElement[] {
  const of = rule.correlation?.of;
  const parents = rule.on.filter((each): each is RuleNode => each.kind === "rule" && each !== of);
  const stands = parents.length > 0 ? [{ name: "if_sid", text: parents.map(id).join(", ") }] : [];
  if (of) return [...stands, { name: "if_matched_sid", text: id(of) }];
  const decoders = rule.on.filter((each): each is DecoderNode => each.kind === "decoder");
  return decoders[0] ? [{ name: "decoded_as", text: decoders[0].name }] : stands;
}

function conditionElements({ field, test }: ConditionNode): XmlElement[] {
  if (test.kind === "within") return test.networks.map((text) => ({ name: field, text }));
  if (test.kind === "listed") {
    const attributes = { field: userOr(field), lookup: test.negate ? "not_match_key" : "match_key" };
    return [{ name: "list", attributes, text: `etc/lists/${test.list.name}` }];
  }
  const { text, negate } = patternText(test.pattern);
  const attributes = { type: "pcre2", ...(negate !== test.negate && { negate: "yes" }) };
  if (!isStaticField(field)) return [{ name: "field", attributes: { name: field, ...attributes }, text }];
  return [{ name: userOr(field), attributes, text }];
}

function duringElements({ during }: RuleNode): XmlElement[] {
  return [
    ...(during?.hours ? [{ name: "time", text: during.hours.replace("-", " - ") }] : []),
    ...(during?.weekdays ? [{ name: "weekday", text: during.weekdays.join(",") }] : []),
  ];
}

/** Both look-up and element are called `user`; which of the fields it means is looked after by the checks. */
function userOr(field: string): string {
  return field === "srcuser" || field === "dstuser" ? "user" : field;
}

function comparedElement(relation: "same" | "different", field: string): XmlElement {
  return isStaticField(field) ? { name: `${relation}_${field}`, text: "" } : { name: `${relation}_field`, text: field };
}
