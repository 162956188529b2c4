/** The `data` member of an alert: static fields, then dynamic ones that are not empty. */
import { type Bytes, fromBytes } from "./bytes.js";
import { type JsonValue, parseJson } from "./cjson.js";
import { type DataLayout, emptyLayout } from "./data-layout.js";
import { type Show, setMember } from "./decision.js";
import type { EngineEvent } from "./event.js";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

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

/** The object, and the one at `sca.check.compliance` of a configuration assessment; null where there is none. */
export interface AlertData {
  readonly data: JsonObject | null;
  readonly compliance: JsonObject | null;
}

export function dataOf(event: EngineEvent, show: Show): AlertData {
  const values: Bytes[] = [];
  let layout = emptyLayout();
  for (const name of STATIC_ORDER) {
    const value = event[name];
    if (value === null) continue;
    values.push(value);
    layout = layout.with(name);
  }
  const statics = values.length;
  for (let at = 0; at < event.names.length; at++) {
    const value = event.values[at]!;
    if (value === "") continue;
    values.push(value);
    layout = layout.with(event.names[at]!);
  }
  if (values.length === 0) return { data: null, compliance: null };
  const objects = build(layout, values, statics, show);
  const compliance = layout.objectAt(".sca.check.compliance");
  return { data: objects[0]!, compliance: compliance === undefined ? null : objects[compliance]! };
}

/** The objects of a layout, by their numbers. */
function build(layout: DataLayout, values: readonly Bytes[], statics: number, show: Show): JsonObject[] {
  const objects: JsonObject[] = [{}];
  const { steps } = layout;
  for (let at = 0; at < steps.length; at++) {
    const { parent, key, shownKey, field } = steps[at]!;
    const name = show === fromBytes ? shownKey : show(key);
    if (field === null) {
      const object = {};
      setMember(objects[parent]!, name, object);
      objects.push(object);
    } else setMember(objects[parent]!, name, jsonValue(values[field]!, field >= statics, show));
  }
  return objects;
}

/** A dynamic value that is a JSON array in whole becomes one. */
function jsonValue(value: Bytes, isDynamic: boolean, show: Show): Json {
  if (!isDynamic || value.charCodeAt(0) !== OPEN_BRACKET) return show(value);
  const parsed = parseJson(value);
  return parsed !== null && parsed.end === value.length ? jsonOf(parsed.value, show) : show(value);
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
