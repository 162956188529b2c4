import type { Diagnostic, Where } from "../diagnostics/diagnostic.js";
import { fieldName } from "../ir/field-names.js";
import type { DecoderNode, PackNode, RuleNode } from "../ir/nodes.js";
import { groupOrder } from "../ir/pattern-groups.js";
import { checkRuleOrder, listsOf, rulesOf } from "./rule-order.js";

const ALWAYS_THERE = new Set(["hostname", "program_name", "location"]);

/** What holds for a pack whatever its target. All findings are collected. */
export function checkPack(pack: PackNode): Diagnostic[] {
  const names = pack.decoders.map((decoder) => ({ name: decoder.name, where: decoder.where }));
  const keys = rulesOf(pack).map((rule) => ({ name: rule.key, where: rule.where }));
  const useCases = pack.useCases.map((useCase) => ({ name: useCase.key, where: useCase.where }));
  return [
    ...twice("decoder", names),
    ...twice("rule", keys),
    ...twice("use case", useCases),
    ...twice("list", listsOf(pack)),
    ...pack.decoders.flatMap(checkDecoder),
    ...checkRuleOrder(pack),
    ...rulesOf(pack).flatMap(checkRule),
  ];
}

/** Fields that the decoders under a rule can set. */
export function fieldsUnder(rule: RuleNode): Set<string> {
  return new Set(rule.on.flatMap((each) => [...(each.kind === "rule" ? fieldsUnder(each) : decoderFields(each))]));
}

/** Fields that a decoder can set, by the names that rules use. */
export function decoderFields(decoder: DecoderNode): string[] {
  return decoder.branches.flatMap((branch) =>
    branch.extract.flatMap(({ pattern, order }) =>
      (order ?? groupOrder(pattern.source)).flatMap((group) => (group ? [fieldName(decoder, group)] : [])),
    ),
  );
}

function checkDecoder(decoder: DecoderNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  const fail = (code: string, message: string, where: Where, hint?: string) =>
    found.push({ code, severity: "error", message, where, ...(hint && { hint }) });
  if (decoder.entries.some((entry) => !entry.prematch && !entry.program))
    fail(
      "decoder-entry-open",
      `decoder ${decoder.name} has an entry that takes every event`,
      decoder.where,
      "give it a prematch or a program",
    );
  decoder.branches.forEach((branch, index) => {
    if (!branch.prematch && index < decoder.branches.length - 1)
      fail(
        "branch-unreachable",
        `branch ${branch.name} has no prematch, so ${decoder.branches[index + 1]!.name} is never reached`,
        branch.where,
        "list it last",
      );
    for (const { pattern, order } of branch.extract) {
      const groups = groupOrder(pattern.source);
      if (groups.length === 0)
        fail(
          "extract-captures-nothing",
          `a pattern of branch ${branch.name} captures nothing`,
          pattern.where,
          "name what it should capture: (?<name>…)",
        );
      else if (order && order.length !== groups.length)
        fail(
          "order-length",
          `a pattern of branch ${branch.name} has ${groups.length} captures and ${order.length} names in order`,
          pattern.where,
        );
      else if (!order && groups.includes(null))
        fail(
          "capture-unnamed",
          `capture ${groups.indexOf(null) + 1} of a pattern of branch ${branch.name} has no name`,
          pattern.where,
          "name it, or make it a group without capture: (?:…)",
        );
    }
  });
  return found;
}

function checkRule(rule: RuleNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  const fail = (code: string, message: string, hint?: string) =>
    found.push({ code, severity: "error", message, where: rule.where, ...(hint && { hint }) });
  const known = fieldsUnder(rule);
  const mentioned = [...rule.description.matchAll(/\$\(([^)]*)\)/g)].map(([, name]) => name ?? "");
  const compared = [...(rule.correlation?.same ?? []), ...(rule.correlation?.different ?? [])];
  const used = [...rule.conditions.map(({ field }) => field), ...compared, ...mentioned];
  for (const field of new Set(used)) {
    if (!known.has(field) && !ALWAYS_THERE.has(field))
      fail(
        "field-unknown",
        `rule ${rule.key} names the field ${field}, which none of its decoders sets`,
        `they set: ${[...known].sort().join(", ")}`,
      );
  }
  if (rule.description.trim() === "") fail("rule-undescribed", `rule ${rule.key} has no description`);
  if (rule.on.length === 0) fail("rule-on-nothing", `rule ${rule.key} stands on no decoder and no rule`);
  if (!/^[a-z][a-z0-9-]*$/.test(rule.key))
    fail("rule-key", `rule key ${JSON.stringify(rule.key)} is not in kebab-case`);
  return found;
}

function twice(what: string, named: readonly { name: string; where: Where }[]): Diagnostic[] {
  const first = new Map<string, Where>();
  return named.flatMap(({ name, where }): Diagnostic[] => {
    const earlier = first.get(name);
    if (!earlier) {
      first.set(name, where);
      return [];
    }
    return [
      {
        code: `${what.replace(" ", "-")}-twice`,
        severity: "error",
        message: `there is a second ${what} called ${name}`,
        where,
        hint: `the first one is at ${earlier.file}:${earlier.line}`,
      },
    ];
  });
}
