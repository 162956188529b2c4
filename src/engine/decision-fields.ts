/** The fields of a decision: static ones, then the first of each dynamic one. */
import type { Bytes } from "./bytes.js";
import { type EngineEvent, READ_STATIC, staticsOf } from "./event.js";
import { STATIC_FIELDS } from "./model.js";
import { ObjectMaker, setMember, type Template } from "./object-maker.js";

/**
 * @param dynamic what is shown of the event's dynamic fields, in order
 * @param show how a value is shown
 */
export function fieldsOf(
  event: EngineEvent,
  dynamic: readonly [string, string][],
  show: (bytes: Bytes) => string,
): Record<string, string> {
  const statics = staticsOf(event);
  const values: string[] = [];
  for (let at = 0; at < STATIC_FIELDS.length; at++) {
    if ((statics & (1 << at)) !== 0) values.push(show(READ_STATIC[STATIC_FIELDS[at]!](event)!));
  }
  for (let at = 0; at < dynamic.length; at++) values.push(dynamic[at]![1]);
  const maker = event.shape?.fieldsMaker(statics) ?? null;
  if (maker !== null) return maker.make(values) as Record<string, string>;
  const fields: Record<string, string> = {};
  for (const [key, value] of templateOf(
    statics,
    dynamic.map(([name]) => name),
  ))
    setMember(fields, key, values[value]!);
  return fields;
}

/** @param names as they are shown */
export function fieldsMaker(statics: number, names: readonly string[]): ObjectMaker<string> {
  return new ObjectMaker(templateOf(statics, names));
}

function templateOf(statics: number, names: readonly string[]): Template & readonly (readonly [string, number])[] {
  const all = [...STATIC_FIELDS.filter((_name, at) => (statics & (1 << at)) !== 0), ...names];
  return [...new Set(all)].map((name) => [name, all.indexOf(name)] as const);
}
