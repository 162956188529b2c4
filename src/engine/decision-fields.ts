/** The fields of a decision: static ones, then the first of each dynamic one. */
import { fromBytes } from "./bytes.js";
import { type EngineEvent, READ_STATIC, type StaticSet, staticsOf } from "./event.js";
import type { FieldNames } from "./field-names.js";
import { STATIC_FIELDS } from "./model.js";
import { ObjectMaker } from "./object-maker.js";
import { type Show, showOf } from "./show.js";

/** All that a decision shows of an event's fields. */
export function shownFields(event: EngineEvent): Record<string, string> {
  const show = showOf(event, fromBytes);
  return fieldsOf(event, dynamicOf(event, show), show);
}

/** Dynamic fields as [name, value], in the order found. */
export function dynamicOf({ names: { list }, values }: EngineEvent, show: Show): [string, string][] {
  const dynamic = new Array<[string, string]>(list.length);
  for (let at = 0; at < list.length; at++) dynamic[at] = [show(list[at]!), show(values[at]!)];
  return dynamic;
}

/**
 * @param dynamic what is shown of the event's dynamic fields, in order
 * @param show how a value is shown
 */
export function fieldsOf(event: EngineEvent, dynamic: readonly [string, string][], show: Show): Record<string, string> {
  const statics = staticsOf(event);
  const values: string[] = [];
  for (let at = 0; at < STATIC_FIELDS.length; at++) {
    if ((statics & (1 << at)) !== 0) values.push(show(READ_STATIC[STATIC_FIELDS[at]!](event)!));
  }
  for (let at = 0; at < dynamic.length; at++) values.push(dynamic[at]![1]);
  const maker =
    knownMaker(statics, event.names) ??
    fieldsMaker(
      statics,
      dynamic.map(([name]) => name),
    );
  return maker.make(values) as Record<string, string>;
}

/** Null for names that may be shown in different ways. */
function knownMaker(statics: StaticSet, names: FieldNames): ObjectMaker<string> | null {
  if (!names.isAscii) return null;
  names.makers ??= new Map();
  let maker = names.makers.get(statics);
  if (maker === undefined) {
    maker = fieldsMaker(statics, names.list);
    names.makers.set(statics, maker);
  }
  return maker;
}

/** @param names as they are shown */
function fieldsMaker(statics: StaticSet, names: readonly string[]): ObjectMaker<string> {
  const all = [...STATIC_FIELDS.filter((_name, at) => (statics & (1 << at)) !== 0), ...names];
  return new ObjectMaker([...new Set(all)].map((key) => ({ key, value: all.indexOf(key) })));
}
