/** A decision of the engine against a recorded one. Both hold bytes, one character each. */
import { alertText } from "../../src/engine/alert.js";
import { toDecision } from "../../src/engine/decision.js";
import type { Processed } from "../../src/engine/session.js";

type Row = Record<string, unknown>;

const COMPARED = [
  "error",
  "predecoder",
  "accumulated",
  "decoder",
  "fields",
  "dynamic",
  "rule",
  "previous_events",
  "alert",
] as const;

const identity = (bytes: string): string => bytes;

/** The members that differ, expected and actual; null when none does. */
export function compareDecision(expected: Row, processed: Processed | null): { expected: Row; actual: Row } | null {
  const actual = (processed === null ? { error: "FORMAT_ERROR" } : toDecision(processed, identity)) as Row;
  const differing: { expected: Row; actual: Row } = { expected: {}, actual: {} };
  let differs = false;
  const note = (member: string, wanted: unknown, given: unknown): void => {
    if (sameJson(wanted, given)) return;
    differing.expected[member] = wanted;
    differing.actual[member] = given;
    differs = true;
  };
  for (const member of COMPARED) note(member, strip(member, expected[member]), strip(member, actual[member]));
  if (expected.alert_json !== undefined && processed !== null) {
    const wanted = comparableAlert(expected.alert_json as Row);
    const given = comparableAlert(JSON.parse(alertText(processed, {}, identity)) as Row);
    for (const member of new Set([...Object.keys(wanted), ...Object.keys(given)])) {
      note(`alert_json.${member}`, wanted[member], given[member]);
    }
  }
  return differs ? differing : null;
}

/** Only the place of a rule is not compared. */
function strip(member: string, value: unknown): unknown {
  if (member !== "rule" || value === null || value === undefined) return value;
  const { file: _, ...rule } = value as Row;
  return rule;
}

/** Left out: what depends on the machine, and names from the MITRE data base. */
function comparableAlert(alert: Row): Row {
  const { id: _id, manager: _manager, agent, rule, ...rest } = alert;
  const comparable: Row = { ...rest };
  if (agent !== undefined) {
    const { name: _name, ...agentRest } = agent as Row;
    comparable.agent = agentRest;
  }
  if (rule !== undefined) {
    const { mitre: _mitre, ...ruleRest } = rule as Row;
    comparable.rule = ruleRest;
  }
  return comparable;
}

/** Equal as JSON: member order does not matter, and a negative zero is a zero. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson((a as Row)[key], (b as Row)[key]));
}
