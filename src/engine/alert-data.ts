/** The `data` member of an alert: static fields, then dynamic ones that are not empty. */
import type { Bytes } from "./bytes.js";
import { type JsonValue, parseJson } from "./cjson.js";
import { DataLayout } from "./data-layout.js";
import { type EngineEvent, READ_STATIC, staticsOf } from "./event.js";
import { noNames } from "./field-names.js";
import { type Json, type JsonObject, type JsonText, jsonText } from "./json-text.js";
import type { Show } from "./show.js";

/** Order of the static fields in an alert. */
const STATIC_ORDER = [
  "protocol",
  "action",
  "srcip",
  "srcport",
  "srcuser",
  "dstip",
  "dstport",
  "dstuser",
  "id",
  "status",
  "url",
  "data",
  "extra_data",
  "system_name",
] as const;

/** The object, written, and the one at `sca.check.compliance` of a configuration assessment; null where there is none. */
export interface AlertData {
  readonly data: JsonText | null;
  readonly compliance: JsonObject | null;
}

/**
 * @param showText shows what was read from the event
 * @param show shows anything: arrays are read here, and what they name by number may be no part of the event
 */
export function dataOf(event: EngineEvent, showText: Show, show: Show): AlertData {
  const values: JsonText[] = [];
  let names = noNames();
  if (staticsOf(event) !== 0) {
    for (const name of STATIC_ORDER) {
      const value = READ_STATIC[name](event);
      if (value === null) continue;
      values.push(jsonText(showText(value)));
      names = names.with(name);
    }
  }
  const { list } = event.names;
  for (let at = 0; at < list.length; at++) {
    const value = event.values[at]!;
    if (value === "") continue;
    values.push(valueText(value, showText, show));
    names = names.with(list[at]!);
  }
  if (values.length === 0) return { data: null, compliance: null };
  names.layout ??= new DataLayout(names);
  const { layout } = names;
  const data = layout.write(values, showText);
  return { data, compliance: layout.compliance && objectAt(JSON.parse(data), layout.compliance, showText) };
}

function objectAt(data: JsonObject, way: readonly Bytes[], show: Show): JsonObject {
  let object = data;
  for (const name of way) object = object[show(name)] as JsonObject;
  return object;
}

/** A dynamic value that is a JSON array in whole becomes one. */
function valueText(value: Bytes, showText: Show, show: Show): JsonText {
  if (value.charCodeAt(0) !== OPEN_BRACKET) return jsonText(showText(value));
  const parsed = parseJson(value);
  const isArray = parsed !== null && parsed.end === value.length;
  return isArray ? JSON.stringify(jsonOf(parsed.value, show)) : jsonText(showText(value));
}

const OPEN_BRACKET = 91;

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
