import type { Diagnostic, Where } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import { toBytes } from "../../engine/bytes.js";
import { compileBytes } from "../../engine/regex/compile.js";
import { ExpressionError } from "../../engine/regex/expression.js";
import { compileProgram } from "../../engine/regex/pcre2/program.js";
import { fieldName } from "../../ir/field-names.js";
import type { DecoderNode, PackNode, PatternNode } from "../../ir/nodes.js";
import { checkCharacters, checkName, checkPattern, error } from "./check-text.js";
import { extractOrder } from "./decoder-xml.js";
import { DECODER_ELEMENT_LIMIT, FORBIDDEN_FIELDS, HIGHEST_FIELD_COUNT, NAME, STOCK_DECODERS } from "./limits.js";
import { patternText } from "./pattern-text.js";

const NAME_HINT = "letters, digits, _, - and . only";

export function checkDecoders(pack: PackNode): Diagnostic[] {
  return pack.decoders.flatMap((decoder) => {
    const patterns = [
      ...decoder.entries.flatMap(({ program, prematch }) => [program, prematch]),
      ...decoder.branches.flatMap(({ prematch, extract }) => [prematch, ...extract.map((each) => each.pattern)]),
    ].filter((each) => each !== undefined);
    return [
      ...checkNames(decoder),
      ...patterns.flatMap((pattern) => checkPattern(pattern, DECODER_ELEMENT_LIMIT)),
      ...decoder.entries.flatMap(({ prematch }) => (prematch ? checkPrematch(decoder, prematch) : [])),
      ...checkFields(decoder),
    ];
  });
}

function checkNames(decoder: DecoderNode): Diagnostic[] {
  const { name, description, where } = decoder;
  return [
    ...checkName("decoder", name, NAME, where, NAME_HINT),
    ...decoder.branches.flatMap((branch) => checkName("branch", branch.name, NAME, branch.where, NAME_HINT)),
    ...checkCharacters("description", `the description of decoder ${name}`, description, where),
    ...(STOCK_DECODERS.has(name)
      ? [error("decoder-stock", `a decoder may not be called ${name}: it would join the stock ruleset's`, where)]
      : []),
  ];
}

/** Other programs' events are not to be taken. A pattern that is no pattern is found elsewhere. */
function checkPrematch(decoder: DecoderNode, prematch: PatternNode): Diagnostic[] {
  try {
    const text = toBytes(patternText(prematch).text);
    if (!compileProgram(text).start.anchored)
      return [
        error(
          "prematch-open",
          `a prematch of decoder ${decoder.name} is not anchored: it would take other programs' events`,
          prematch.where,
          "begin it with ^, and each of its alternatives",
        ),
      ];
    if (compileBytes("pcre2", text).test(""))
      return [
        error("prematch-open", `a prematch of decoder ${decoder.name} takes every event`, prematch.where, "say more"),
      ];
    return [];
  } catch (caught) {
    if (caught instanceof Problem || caught instanceof ExpressionError) return [];
    throw caught;
  }
}

function checkFields(decoder: DecoderNode): Diagnostic[] {
  const fields = new Map<string, Where>();
  for (const branch of decoder.branches)
    for (const extract of branch.extract)
      for (const group of extractOrder(extract))
        if (group) fields.set(fieldName(decoder, group), extract.pattern.where);
  const found = [...fields].flatMap(([field, where]) => checkField(field, where, fields));
  if (fields.size > HIGHEST_FIELD_COUNT)
    found.push(
      error(
        "fields-too-many",
        `decoder ${decoder.name} sets ${fields.size} fields: the manager keeps ${HIGHEST_FIELD_COUNT}`,
        decoder.where,
      ),
    );
  return found;
}

function checkField(field: string, where: Where, all: ReadonlyMap<string, Where>): Diagnostic[] {
  const found = checkName("field", field, NAME, where, NAME_HINT);
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
