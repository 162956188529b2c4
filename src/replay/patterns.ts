import type { Where } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import type { EngineEvent } from "../engine/event.js";
import { foldName } from "../engine/field-names.js";
import type { Decoder, DecoderNode, Rule, Ruleset, TextTest } from "../engine/model.js";
import type { Expression } from "../engine/regex/expression.js";
import { textReader } from "../engine/rules/conditions.js";

/** A pattern of a ruleset, and where it stands. */
export interface PlacedPattern {
  readonly expression: Expression;
  /** The decoder or rule, and the element. */
  readonly owner: string;
  /** Where the decoder or rule begins. */
  readonly where: Where;
  /** What it is tried on; null where the event has none. */
  readonly subject: (event: EngineEvent) => Bytes | null | undefined;
}

/** The patterns that may take long: osmatch never does. */
export function patternsOf(ruleset: Ruleset): PlacedPattern[] {
  const trees = [...ruleset.decodersWithProgramName, ...ruleset.decodersWithoutProgramName];
  const found = [...new Set(trees.flatMap(decodersIn))].flatMap(ofDecoder);
  found.push(...[...ruleset.ruleById.values()].flatMap(ofRule));
  return found.filter(({ expression }) => expression.dialect !== "osmatch");
}

function decodersIn({ decoder, children }: DecoderNode): Decoder[] {
  return [decoder, ...children.flatMap(decodersIn)];
}

const log = (event: EngineEvent) => event.log;

function ofDecoder({ ownName, where, programName, prematch, regex }: Decoder): PlacedPattern[] {
  const of = (element: string, expression: Expression | null, subject: PlacedPattern["subject"]) =>
    expression === null ? [] : [{ expression, owner: `decoder ${ownName} <${element}>`, where, subject }];
  return [
    ...of("program_name", programName, (event) => event.programName),
    ...of("prematch", prematch, log),
    ...of("regex", regex, log),
  ];
}

function ofRule({ id, where, match, regex, texts, fields, correlation }: Rule): PlacedPattern[] {
  const of = (element: string, expression: Expression | null | undefined, subject: PlacedPattern["subject"] = log) =>
    expression ? [{ expression, owner: `rule ${id} <${element}>`, where, subject }] : [];
  const inTest = (test: TextTest | null) => (test?.kind === "expression" ? test.expression : null);
  return [
    ...of("match", inTest(match)),
    ...of("regex", inTest(regex)),
    ...[...texts].flatMap(([name, test]) => of(name, inTest(test), textReader(name))),
    ...fields.flatMap(({ name, test }) => {
      const folded = foldName(name);
      return of(`field name="${name}"`, inTest(test), (event) => event.field(folded));
    }),
    ...of("if_matched_regex", correlation?.regex),
  ];
}
