/** The conditions of a rule that depend on the event alone (`OS_CheckIfRuleMatch` in `rules.c`). */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, READ_STATIC, type StaticSet } from "../event.js";
import { foldName } from "../field-names.js";
import type { AddressTest, Rule, TextElement, TextTest } from "../model.js";
import { mayHold, placesOf, type TextPlaces } from "../text-index.js";
import type { Checks, Condition, Prepared } from "./checks.js";
import { COMPILED_RULES } from "./compiled-rules.js";
import { staticSet } from "./event-kind.js";
import { FAILS, type FieldTable, HOLDS } from "./field-table.js";

const SECONDS_PER_DAY = 86_400;
/** 1 January 1970 was a Thursday; Sunday is 0. */
const EPOCH_WEEKDAY = 4;

/** What a rule asks of an event alone. Every condition must hold; they have no effects, so that their order is free. */
export interface Conditions {
  /** Numbers of the conditions, the cheapest first; those on the program name are apart. */
  readonly checks: Int32Array;
  /** On the program name. */
  readonly programTests: readonly Condition[];
  /** Places of the dynamic fields without which it cannot match. */
  readonly places: readonly number[];
  /** Of each set at least one field is needed. */
  readonly statics: readonly StaticSet[];
}

export function compileConditions(rule: Rule, checks: Checks, fields: FieldTable): Conditions {
  const ids: number[] = [];
  const statics: StaticSet[] = [];
  const addPrepared = (key: string, prepare: () => Prepared) => ids.push(checks.add(key, prepare));
  const add = (key: string, make: () => Condition) => addPrepared(key, () => ({ make }));
  // The same pattern as `match` and as `regex` is the same question.
  const addLog = (test: TextTest) => {
    addPrepared(`match ${keyOf(test)}`, () => ({ make: () => logCondition(test), places: () => logPlaces(test) }));
  };
  const { maxSize, time, weekday, match, regex, srcip, dstip, compiledRule } = rule;
  /** Of this rule alone. */
  const own = `rule ${checks.size}`;
  // In spite of its name the least size that matches.
  if (maxSize > 0) add(`maxsize ${maxSize}`, () => (event) => event.size >= maxSize);
  if (time !== null) add(`${own} time`, () => (event) => time.test(event.time % SECONDS_PER_DAY));
  if (weekday !== null) {
    add(`${own} weekday`, () => (event) => weekday.has((Math.floor(event.time / SECONDS_PER_DAY) + EPOCH_WEEKDAY) % 7));
  }
  for (const [element, test] of rule.texts) {
    if (element === "program_name") continue;
    statics.push(...staticsFor(element));
    add(`${element} ${keyOf(test)}`, () => textCondition(element, test));
  }
  for (const { name, test } of rule.fields) {
    addPrepared(`field ${foldName(name)} ${keyOf(test)}`, () => {
      const place = fields.place(foldName(name));
      const number = fields.addTest(place);
      return { make: () => fieldCondition(fields, place, number, test) };
    });
  }
  if (match !== null) addLog(match);
  for (const [field, address] of [
    ["srcip", srcip],
    ["dstip", dstip],
  ] as const) {
    if (address === null) continue;
    statics.push(staticSet([field]));
    add(`${own} ${field}`, () => addressCondition(field, address));
  }
  if (compiledRule !== null) add(`compiled ${compiledRule}`, () => compiledCondition(compiledRule));
  if (regex !== null) addLog(regex);
  const program = rule.texts.get("program_name");
  return {
    checks: Int32Array.from(ids),
    programTests: program === undefined ? [] : [textCondition("program_name", program)],
    places: rule.fields.map(({ name }) => fields.place(foldName(name))),
    statics,
  };
}

/** Sets of static fields of which an element needs one. */
function staticsFor(element: TextElement): readonly StaticSet[] {
  switch (element) {
    case "user":
      return [staticSet(["dstuser", "srcuser"])];
    case "srcgeoip":
    case "dstgeoip":
      return [staticSet([])];
    case "hostname":
    case "location":
    case "program_name":
      return [];
    default:
      return [staticSet([element])];
  }
}

function keyOf(test: TextTest): string {
  if (test.kind === "string") return `${test.negate} = ${test.value}`;
  return `${test.negate} ${test.expression.dialect} ${test.expression.pattern}`;
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

/** Of the texts without which a log fails the test. */
function logPlaces(test: TextTest): TextPlaces {
  return test.kind === "string" || test.negate ? null : placesOf(test.expression.needs.texts);
}

/** A pattern that needs a text which the log does not hold is not tried. */
function logCondition(textTest: TextTest): Condition {
  const test = testText(textTest);
  if (textTest.kind === "string") return ({ log }) => test(log);
  const { negate, expression } = textTest;
  const { firstBytes, texts } = expression.needs;
  const places = placesOf(texts);
  // The first byte is looked at first: it spares most logs the pass over them.
  if (firstBytes !== null) {
    return ({ log }) =>
      log !== "" && firstBytes[log.charCodeAt(0)] === 1 && mayHold(log, places) ? test(log) : negate;
  }
  return places === null ? ({ log }) => test(log) : ({ log }) => (mayHold(log, places) ? test(log) : negate);
}

/** A field that the event lacks fails the condition, negated or not. */
function fieldCondition(fields: FieldTable, place: number, number: number, textTest: TextTest): Condition {
  const test = partTest(textTest);
  return (event) => {
    const value = fields.value(event, place);
    if (value === undefined) return false;
    const answers = fields.answers(place);
    if (answers === null) return test(event, value);
    if (answers[number] === 0) answers[number] = test(event, value) ? HOLDS : FAILS;
    return answers[number] === HOLDS;
  };
}

function textCondition(element: TextElement, textTest: TextTest): Condition {
  const read = textReader(element);
  const test = isPartOfLog(element) ? partTest(textTest) : wholeTest(textTest);
  return (event) => {
    const value = read(event);
    return value !== null && test(event, value);
  };
}

type TestPart = (event: EngineEvent, part: Bytes) => boolean;

/** Of a text that was cut from the log: what the log does not hold, no part of it does. */
function partTest(textTest: TextTest): TestPart {
  const test = testText(textTest);
  const places = textTest.kind === "expression" ? placesOf(textTest.expression.needs.texts) : null;
  if (places === null) return (_event, part) => test(part);
  const { negate } = textTest;
  return (event, part) => (event.isCutFromLog && !mayHold(event.log, places) ? negate : test(part));
}

function wholeTest(textTest: TextTest): TestPart {
  const test = testText(textTest);
  return (_event, text) => test(text);
}

function isPartOfLog(element: TextElement): boolean {
  return element !== "hostname" && element !== "location" && element !== "program_name";
}

/** Reads what an element of a rule tests; null where the event has none. */
export function textReader(element: TextElement): (event: EngineEvent) => Bytes | null {
  switch (element) {
    case "user":
      return (event) => event.dstuser ?? event.srcuser;
    case "program_name":
      return (event) => event.programName;
    // There is no GeoIP data base: no event has these.
    case "srcgeoip":
    case "dstgeoip":
      return () => null;
    case "hostname":
      return (event) => event.hostname;
    case "location":
      return (event) => event.location;
    default:
      return READ_STATIC[element];
  }
}

function addressCondition(field: "srcip" | "dstip", { addresses, negate }: AddressTest): Condition {
  const read = READ_STATIC[field];
  return (event) => {
    const address = read(event);
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
