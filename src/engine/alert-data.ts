/** The `data` member of an alert: static fields, then dynamic ones nested at their dots (`W_JSON_AddField`). */
import type { Bytes } from "./bytes.js";
import { type JsonValue, parseJson } from "./cjson.js";
import type { Show } from "./decision.js";
import { type EngineEvent, foldName } from "./event.js";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

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

interface Leaf {
  readonly key: Bytes;
  readonly value: Bytes | JsonValue | DataTree;
}

/** Names compare without regard to ASCII case, and the first wins: a child of a name that has a value is lost. */
export class DataTree {
  readonly #members = new Map<Bytes, Leaf>();

  get empty(): boolean {
    return this.#members.size === 0;
  }

  /** The member of that name in lower case. */
  get(name: Bytes): Leaf["value"] | undefined {
    return this.#members.get(name)?.value;
  }

  *entries(): Iterable<readonly [Bytes, Leaf["value"]]> {
    for (const { key, value } of this.#members.values()) yield [key, value];
  }

  set(key: Bytes, value: Leaf["value"]): void {
    this.#members.set(foldName(key), { key, value });
  }

  /** Add a dynamic field. A value that is a JSON array in whole becomes one. */
  add(name: Bytes, value: Bytes): void {
    const dot = name.indexOf(".");
    const key = dot === -1 ? name : name.slice(0, dot);
    const present = this.get(foldName(key));
    if (dot === -1) {
      if (present === undefined) this.set(key, arrayIn(value) ?? value);
      return;
    }
    let child = present;
    if (child === undefined) {
      child = new DataTree();
      this.set(key, child);
    }
    if (child instanceof DataTree) child.add(name.slice(dot + 1), value);
  }

  toJson(show: Show): Json {
    return Object.fromEntries([...this.entries()].map(([key, value]) => [show(key), valueToJson(value, show)]));
  }
}

export function dataOf(event: EngineEvent): DataTree {
  const data = new DataTree();
  for (const name of STATIC_ORDER) {
    const value = event[name];
    if (value !== null) data.set(name, value);
  }
  for (let i = 0; i < event.names.length; i++) {
    if (event.values[i] !== "") data.add(event.names[i]!, event.values[i]!);
  }
  return data;
}

function arrayIn(text: Bytes): JsonValue | null {
  if (text[0] !== "[") return null;
  const parsed = parseJson(text);
  return parsed !== null && parsed.end === text.length ? parsed.value : null;
}

function valueToJson(value: Leaf["value"], show: Show): Json {
  if (typeof value === "string") return show(value);
  return value instanceof DataTree ? value.toJson(show) : jsonOf(value, show);
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
