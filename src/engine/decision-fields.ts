/** The fields of a decision: static ones, then the first of each dynamic one. */
import { fromBytes } from "./bytes.js";
import { type EngineEvent, READ_STATIC, type StaticSet, staticsOf } from "./event.js";
import type { FieldNames } from "./field-names.js";
import { type Fields, FieldsMaker } from "./fields-maker.js";
import { STATIC_FIELDS } from "./model.js";
import { asIs, type Show, showOf } from "./show.js";

/** All that a decision shows of an event's fields. */
export function shownFields(event: EngineEvent): Fields {
  const show = showOf(event, fromBytes);
  return fieldsOf(event, shownValues(event, show), show);
}

/** Of its dynamic fields, in the order found. */
export function shownValues({ values }: EngineEvent, show: Show): readonly string[] {
  return show === asIs ? values : values.map(show);
}

/** Dynamic fields as [name, value], in the order found. @param values of them, as shown */
export function dynamicOf({ names: { list } }: EngineEvent, values: readonly string[], show: Show): [string, string][] {
  const dynamic = new Array<[string, string]>(list.length);
  for (let at = 0; at < list.length; at++) dynamic[at] = [show(list[at]!), values[at]!];
  return dynamic;
}

/**
 * @param dynamic values of the event's dynamic fields as shown, in order
 * @param show how a value is shown
 */
export function fieldsOf(event: EngineEvent, dynamic: readonly string[], show: Show): Fields {
  const statics = staticsOf(event);
  const maker = knownMaker(statics, event.names) ?? fieldsMaker(statics, event.names.list.map(show));
  return maker.make(shownStatics(event, statics, show), dynamic);
}

const NONE: readonly string[] = [];

function shownStatics(event: EngineEvent, statics: StaticSet, show: Show): readonly string[] {
  if (statics === 0) return NONE;
  const values: string[] = [];
  for (let at = 0; at < STATIC_FIELDS.length; at++) {
    if ((statics & (1 << at)) !== 0) values.push(show(READ_STATIC[STATIC_FIELDS[at]!](event)!));
  }
  return values;
}

/** Null for names that may be shown in different ways. */
function knownMaker(statics: StaticSet, names: FieldNames): FieldsMaker | null {
  if (!names.isAscii) return null;
  names.makers ??= new Map();
  let maker = names.makers.get(statics);
  if (maker === undefined) {
    maker = fieldsMaker(statics, names.list);
    names.makers.set(statics, maker);
  }
  return maker;
}

/** @param names of the dynamic fields, as they are shown */
function fieldsMaker(statics: StaticSet, names: readonly string[]): FieldsMaker {
  return new FieldsMaker(
    STATIC_FIELDS.filter((_name, at) => (statics & (1 << at)) !== 0),
    names,
  );
}
