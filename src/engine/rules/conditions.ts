/** The conditions of a rule that depend on the event alone (`OS_CheckIfRuleMatch` in `rules.c`). */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, foldName } from "../event.js";
import type { AddressTest, Rule, TextElement, TextTest } from "../model.js";
import { mayHold, placesOf } from "../text-index.js";
import { COMPILED_RULES } from "./compiled-rules.js";

export type Condition = (event: EngineEvent) => boolean;

const SECONDS_PER_DAY = 86_400;
/** 1 January 1970 was a Thursday; Sunday is 0. */
const EPOCH_WEEKDAY = 4;

/** Every condition must hold; they have no effects, so that their order is free: the cheapest come first. */
export function compileConditions(rule: Rule): Condition[] {
  const conditions: Condition[] = [];
  const { maxSize, time, weekday, match, regex, srcip, dstip, compiledRule } = rule;
  // In spite of its name the least size that matches.
  if (maxSize > 0) conditions.push((event) => event.size >= maxSize);
  if (time !== null) conditions.push((event) => time.test(event.time % SECONDS_PER_DAY));
  if (weekday !== null) {
    conditions.push((event) => weekday.has((Math.floor(event.time / SECONDS_PER_DAY) + EPOCH_WEEKDAY) % 7));
  }
  for (const [element, test] of rule.texts) conditions.push(textCondition(element, test));
  for (const { name, test } of rule.fields) conditions.push(fieldCondition(foldName(name), testText(test)));
  if (match !== null) conditions.push(logCondition(match));
  if (srcip !== null) conditions.push(addressCondition("srcip", srcip));
  if (dstip !== null) conditions.push(addressCondition("dstip", dstip));
  if (compiledRule !== null) conditions.push(compiledCondition(compiledRule));
  if (regex !== null) conditions.push(logCondition(regex));
  return conditions;
}

type TestText = (text: Bytes) => boolean;

function testText(test: TextTest): TestText {
  if (test.kind === "string") {
    const { value, negate } = test;
    return (text) => (text === value) !== negate;
  }
  const { expression, negate } = test;
  return negate ? (text) => !expression.test(text) : (text) => expression.test(text);
}

/** A pattern that needs a text which the log does not hold is not tried. */
function logCondition(textTest: TextTest): Condition {
  const test = testText(textTest);
  const places = textTest.kind === "expression" ? placesOf(textTest.expression.needs.texts) : null;
  if (places === null || textTest.kind !== "expression") return (event) => test(event.log);
  const { negate } = textTest;
  return (event) => (mayHold(event.log, places) ? test(event.log) : negate);
}

/** A field that the event lacks fails the condition, negated or not. */
function fieldCondition(name: Bytes, test: TestText): Condition {
  return (event) => {
    const value = event.field(name);
    return value !== undefined && test(value);
  };
}

function textCondition(element: TextElement, textTest: TextTest): Condition {
  const read = textReader(element);
  const test = testText(textTest);
  return (event) => {
    const value = read(event);
    return value !== null && test(value);
  };
}

function textReader(element: TextElement): (event: EngineEvent) => Bytes | null {
  switch (element) {
    case "user":
      return (event) => event.dstuser ?? event.srcuser;
    case "program_name":
      return (event) => event.programName;
    // There is no GeoIP data base: no event has these.
    case "srcgeoip":
    case "dstgeoip":
      return () => null;
    default:
      return (event) => event[element];
  }
}

function addressCondition(field: "srcip" | "dstip", { addresses, negate }: AddressTest): Condition {
  return (event) => {
    const address = event[field];
    if (address === null) return false;
    for (const matcher of addresses) if (matcher.test(address)) return !negate;
    return negate;
  };
}

function compiledCondition(name: string): Condition {
  const condition = COMPILED_RULES.get(name);
  if (condition === undefined) throw new Error(`unsupported: compiled rule ${name} is not known to this engine`);
  return condition;
}
