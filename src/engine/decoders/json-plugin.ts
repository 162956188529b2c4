/** JSON_Decoder (`json_decoder.c`): the members of an object become fields, nested ones with dots in their names. */
import type { Bytes } from "../bytes.js";
import { type JsonMember, type JsonValue, parseJson, toInt } from "../cjson.js";
import { printJson } from "../cjson-print.js";
import type { EngineEvent } from "../event.js";
import { UNSET } from "../event.js";
import type { StaticField } from "../model.js";
import { formatFixed } from "../printf.js";

/** Size of the buffers that hold an array as CSV and a number. */
const CSV_SIZE = 65_536;
const NUMBER_SIZE = 63;

/** Full dotted names that fill static fields; `user` is looked at apart. */
const STATIC_KEYS: ReadonlyMap<Bytes, StaticField> = new Map([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["srcuser", "srcuser"],
  ["dstuser", "dstuser"],
  ["id", "id"],
  ["status", "status"],
  ["url", "url"],
  ["data", "data"],
  ["extra_data", "extra_data"],
  ["systemname", "system_name"],
]);

/** Reads the options of the event's decoder, which is the parent's when a child without prematch runs the plug-in. */
export function decodeJson(event: EngineEvent, orderSize: number): void {
  const start = inputOffset(event);
  if (start === UNSET) return;
  const parsed = parseJson(event.log, start);
  if (parsed?.value.type !== "object") return;
  const decoder = event.decoder;
  const reader = new JsonReader(event, orderSize, decoder?.jsonNull === "string", decoder?.jsonArray === "csv");
  reader.read(parsed.value.members, "");
}

function inputOffset(event: EngineEvent): number {
  switch (event.decoder?.pluginOffset) {
    case "none":
      return 0;
    case "after_parent":
      return event.afterParent;
    case "after_prematch":
      return event.afterPrematch;
    default:
      return UNSET;
  }
}

class JsonReader {
  readonly #event: EngineEvent;
  readonly #orderSize: number;
  readonly #keepNull: boolean;
  readonly #csv: boolean;

  constructor(event: EngineEvent, orderSize: number, keepNull: boolean, csv: boolean) {
    this.#event = event;
    this.#orderSize = orderSize;
    this.#keepNull = keepNull;
    this.#csv = csv;
  }

  read(members: readonly JsonMember[], prefix: Bytes): void {
    for (const { key, value } of members) {
      const name = prefix + key;
      switch (value.type) {
        case "object":
          this.read(value.members, `${name}.`);
          break;
        case "array": {
          const text = this.#csv ? arrayAsCsv(value.items) : printJson(value);
          if (text !== "") this.#fill(name, text);
          break;
        }
        case "null":
          if (this.#keepNull) this.#fill(name, "null");
          break;
        default:
          this.#fill(name, scalarText(value));
      }
    }
  }

  #fill(name: Bytes, value: Bytes): void {
    const event = this.#event;
    const field = STATIC_KEYS.get(name);
    if (field !== undefined) {
      event[field] = value;
    } else if (name === "user" && (event.dstuser === null || event.dstuser === "")) {
      // Only the first of `user` and `dstuser` in the text gets the field; a later dstuser replaces it.
      event.dstuser = value;
    } else if (event.names.length < this.#orderSize) {
      event.addField(name, value);
    }
  }
}

function scalarText(value: JsonValue): Bytes {
  if (value.type === "string") return value.text;
  if (value.type === "number") return numberText(value.number);
  return value.type;
}

/** 32-bit integers as such, everything else with six decimals. */
function numberText(number: number): Bytes {
  return fullNumberText(number).slice(0, NUMBER_SIZE);
}

function fullNumberText(number: number): Bytes {
  const int = toInt(number);
  return int === number ? String(int) : formatFixed(number);
}

/**
 * Nested arrays and objects are left out, the comma before them is not. A number too long for its buffer is cut, but the
 * real engine goes on behind the place where its full text would end, so that nothing after the cut is seen.
 */
function arrayAsCsv(items: readonly JsonValue[]): Bytes {
  let text = "";
  let end = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (item.type === "array" || item.type === "object") continue;
    const size = item.type === "number" ? fullNumberText(item.number).length : scalarText(item).length;
    if (end + size + 1 >= CSV_SIZE) return "";
    const comma = i < items.length - 1 ? "," : "";
    if (text.length === end) text += scalarText(item);
    end += size;
    if (text.length === end) text += comma;
    end += comma.length;
  }
  return text;
}
