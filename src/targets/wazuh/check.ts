import { ruleSections, rulesOf } from "../../compiler/rule-order.js";
import type { Diagnostic, Where } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import { compileExpression } from "../../engine/regex/compile.js";
import { ExpressionError } from "../../engine/regex/expression.js";
import { fieldName } from "../../ir/field-names.js";
import type { PackNode, PatternNode } from "../../ir/nodes.js";
import { extractOrder } from "./decoder-xml.js";
import {
  DECODER_ELEMENT_LIMIT,
  FORBIDDEN_FIELDS,
  GROUPS_LIMIT,
  HIGHEST_LEVEL,
  HIGHEST_TIMEFRAME,
  LIST_NAME,
  RULE_ELEMENT_LIMIT,
} from "./limits.js";
import { listsOf } from "./list-files.js";
import { patternText } from "./pattern-text.js";
import { ownGroups, sectionGroups } from "./rule-groups.js";

/** What a Wazuh 4.14 manager, its API or its index would refuse, cut or lose. All findings are collected. */
export function checkForWazuh(pack: PackNode): Diagnostic[] {
  return [...checkDecoders(pack), ...checkRules(pack), ...checkLists(pack)];
}

function error(code: string, message: string, where: Where, hint?: string): Diagnostic {
  return { code, severity: "error", message, where, ...(hint && { hint }) };
}

/** Compiles as PCRE2 and fits into its element. */
function checkPattern(pattern: PatternNode, limit: number): Diagnostic[] {
  try {
    const { text } = patternText(pattern);
    compileExpression("pcre2", text);
    const size = Buffer.byteLength(text);
    return size > limit
      ? [error("pattern-too-long", `the pattern takes ${size} bytes, the manager's loader ${limit}`, pattern.where)]
      : [];
  } catch (caught) {
    if (caught instanceof Problem) return [...caught.diagnostics];
    if (caught instanceof ExpressionError) return [error("pattern-invalid", caught.message, pattern.where)];
    throw caught;
  }
}

function checkDecoders(pack: PackNode): Diagnostic[] {
  return pack.decoders.flatMap((decoder) => {
    const patterns = [
      ...decoder.entries.flatMap(({ program, prematch }) => [program, prematch]),
      ...decoder.branches.flatMap(({ prematch, extract }) => [prematch, ...extract.map((each) => each.pattern)]),
    ].filter((each) => each !== undefined);
    const fields = new Map<string, Where>();
    for (const branch of decoder.branches)
      for (const extract of branch.extract)
        for (const group of extractOrder(extract))
          if (group) fields.set(fieldName(decoder, group), extract.pattern.where);
    return [
      ...patterns.flatMap((pattern) => checkPattern(pattern, DECODER_ELEMENT_LIMIT)),
      ...decoder.entries.flatMap(({ prematch }) =>
        prematch && !prematch.source.startsWith("^")
          ? [
              error(
                "prematch-open",
                `a prematch of decoder ${decoder.name} is not anchored: it would take other programs' events`,
                prematch.where,
                "begin it with ^",
              ),
            ]
          : [],
      ),
      ...[...fields].flatMap(([field, where]) => checkField(field, where, fields)),
    ];
  });
}

function checkField(field: string, where: Where, all: ReadonlyMap<string, Where>): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (FORBIDDEN_FIELDS.has(field))
    found.push(
      error(
        "field-forbidden",
        `a field may not be called ${field}: the index would lose its alerts`,
        where,
        "give the decoder a prefix",
      ),
    );
  for (const other of all.keys()) {
    if (other.startsWith(`${field}.`))
      found.push(
        error(
          "field-hides-another",
          `field ${field} hides ${other} in alerts`,
          where,
          "rename one: at a dot fields nest",
        ),
      );
    if (other !== field && other.toLowerCase() === field.toLowerCase())
      found.push(
        error("field-case", `fields ${field} and ${other} differ in case only: the manager takes them for one`, where),
      );
  }
  return found;
}

function checkRules(pack: PackNode): Diagnostic[] {
  const conditions = rulesOf(pack).flatMap((rule) =>
    rule.conditions.flatMap(({ test }) =>
      test.kind === "matches" ? checkPattern(test.pattern, RULE_ELEMENT_LIMIT) : [],
    ),
  );
  const shapes = ruleSections(pack).flatMap(({ rules, useCase }) =>
    rules.flatMap((rule) => {
      const found: Diagnostic[] = [];
      const fail = (code: string, message: string, hint?: string) => found.push(error(code, message, rule.where, hint));
      if (!Number.isInteger(rule.level) || rule.level < 0 || rule.level > HIGHEST_LEVEL)
        fail("rule-level", `rule ${rule.key} has the level ${rule.level}: it must be 0 to ${HIGHEST_LEVEL}`);
      const groups = `${[...sectionGroups(pack, useCase), ...ownGroups(rule, useCase)].join(",")},`;
      if (Buffer.byteLength(groups) > GROUPS_LIMIT)
        fail(
          "groups-too-long",
          `the groups of rule ${rule.key} take ${groups.length} bytes: alerts keep ${GROUPS_LIMIT}`,
        );
      if (/[<&]/.test(rule.description))
        fail("description-markup", `the description of rule ${rule.key} holds < or &, which the manager's API refuses`);
      if (/^[=+\-@].*['"]/s.test(rule.description))
        fail(
          "description-formula",
          `the description of rule ${rule.key} begins like a formula: the manager's API would change it`,
        );
      const { correlation } = rule;
      if (correlation && correlation.times < 2) fail("correlation-times", `rule ${rule.key} needs at least two events`);
      if (correlation && (correlation.seconds < 1 || correlation.seconds > HIGHEST_TIMEFRAME))
        fail(
          "correlation-seconds",
          `rule ${rule.key} has a time of ${correlation.seconds} s: it must be 1 to ${HIGHEST_TIMEFRAME}`,
        );
      if (correlation && correlation.of.level === 0)
        fail(
          "correlation-of-silent",
          `rule ${rule.key} counts ${correlation.of.key}, whose level is 0: the manager never counts such events`,
        );
      return found;
    }),
  );
  return [...conditions, ...shapes];
}

function checkLists(pack: PackNode): Diagnostic[] {
  return listsOf(pack).flatMap((list) =>
    LIST_NAME.test(list.name)
      ? []
      : [
          error(
            "list-name",
            `list name ${JSON.stringify(list.name)} is not one that the manager's API takes`,
            list.where,
            "letters, digits, _ and - only",
          ),
        ],
  );
}
