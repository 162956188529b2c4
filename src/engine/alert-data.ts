/** The `data` member of an alert: static fields, then dynamic ones that are not empty. */
import type { Bytes } from "./bytes.js";
import { type JsonValue, parseJson } from "./cjson.js";
import { DataLayout } from "./data-layout.js";
import { type EngineEvent, staticsOf } from "./event.js";
import { noNames } from "./field-names.js";
import { type Json, type JsonObject, type JsonText, jsonText, plainText } from "./json-text.js";
import type { Show } from "./show.js";

/** The object, written, and the one at `sca.check.compliance` of a configuration assessment; null where there is none. */
export interface AlertData {
  readonly data: JsonText | null;
  readonly compliance: JsonObject | null;
}

const NO_DATA: AlertData = { data: null, compliance: null };

/**
 * @param showText shows what was read from the event
 * @param show shows anything: arrays are read here, and what they name by number may be no part of the event
 * @param isPlain no field needs an escape, but for those that begin like an array
 */
export function dataOf(event: EngineEvent, showText: Show, show: Show, isPlain: boolean): AlertData {
  const statics = staticsOf(event);
  const { names, values } = event.values.includes("") ? filled(event) : event;
  if (statics === 0 && values.length === 0) return NO_DATA;
  const layout = DataLayout.of(statics, names);
  const first: Bytes[] = [];
  for (const read of layout.statics) first.push(read(event)!);
  const arePlain = isPlain && !first.some(beginsLikeArray) && !values.some(beginsLikeArray);
  const textOf = (value: Bytes) => (isPlain && !beginsLikeArray(value) ? plainText : jsonText)(showText(value));
  const texts: string[] = [];
  for (const value of first) texts.push(arePlain ? showText(value) : textOf(value));
  for (const value of values) texts.push(arePlain ? showText(value) : (arrayText(value, show) ?? textOf(value)));
  const data = arePlain ? layout.writePlain(texts, showText) : layout.write(texts, showText);
  return { data, compliance: layout.compliance && objectAt(JSON.parse(data), layout.compliance, showText) };
}

/** The dynamic fields that are not empty. */
function filled(event: EngineEvent): Pick<EngineEvent, "names" | "values"> {
  let names = noNames();
  const values: Bytes[] = [];
  event.names.list.forEach((name, at) => {
    const value = event.values[at]!;
    if (value === "") return;
    names = names.with(name);
    values.push(value);
  });
  return { names, values };
}

function objectAt(data: JsonObject, way: readonly Bytes[], show: Show): JsonObject {
  let object = data;
  for (const name of way) object = object[show(name)] as JsonObject;
  return object;
}

const OPEN_BRACKET = 91;

function beginsLikeArray(value: Bytes): boolean {
  return value.charCodeAt(0) === OPEN_BRACKET;
}

/** As they are printed by whoever reads JSON. */
const WORDS = /^\["[^"\\\x00-\x1f\x7f-\xff]*"(?:, "[^"\\\x00-\x1f\x7f-\xff]*")*\]$/;

/** A dynamic value that is a JSON array in whole becomes one; null for others. */
function arrayText(value: Bytes, show: Show): JsonText | null {
  if (!beginsLikeArray(value)) return null;
  if (value === "[]") return value;
  if (WORDS.test(value)) return value.replaceAll(/("[^"]*"), /g, "$1,");
  const parsed = parseJson(value);
  const isArray = parsed !== null && parsed.end === value.length;
  return isArray ? JSON.stringify(jsonOf(parsed.value, show)) : null;
}

function jsonOf(value: JsonValue, show: Show): Json {
  switch (value.type) {
    case "string":
      return show(value.text);
    case "number":
      return Number.isFinite(value.number) ? value.number : null;
    case "array":
      return value.items.map((item) => jsonOf(item, show));
    case "object":
      return Object.fromEntries(value.members.map((member) => [show(member.key), jsonOf(member.value, show)]));
    case "null":
      return null;
    default:
      return value.type === "true";
  }
}
