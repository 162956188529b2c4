/** JSON_Decoder (`json_decoder.c`): the members of an object become fields, nested ones with dots in their names. */
import type { Bytes } from "../bytes.js";
import { JsonScanner, type JsonValue, OPEN_BRACE, QUOTE, toInt } from "../cjson.js";
import { printJson } from "../cjson-print.js";
import { type EngineEvent, staticsOf, UNSET } from "../event.js";
import { formatFixed } from "../printf.js";
import { type NameNode, nameTree, writtenKeys } from "./json-names.js";

/** Size of the buffers that hold an array as CSV and a number. */
const CSV_SIZE = 65_536;
const NUMBER_SIZE = 63;

/** Reads the options of the event's decoder, which is the parent's when a child without prematch runs the plug-in. */
export function decodeJson(event: EngineEvent, orderSize: number): void {
  const start = inputOffset(event);
  if (start === UNSET) return;
  const scanner = new JsonScanner(event.log, start);
  if (scanner.byte !== OPEN_BRACE) return;
  const { decoder } = event;
  const reader = new FieldReader(scanner, decoder?.jsonNull === "string", decoder?.jsonArray === "csv");
  // Nothing of a malformed text is taken.
  if (!reader.object(nameTree())) return;
  const isFirst = event.values.length === 0 && staticsOf(event) === 0;
  fill(event, orderSize, reader.names, reader.values);
  event.jsonWasPlain = isFirst && scanner.isPlain;
  if (scanner.namedCharacters) event.namedCharacters = true;
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

/** Reads the members of an object as fields, without making a tree of it. */
class FieldReader {
  readonly names: NameNode[] = [];
  readonly values: Bytes[] = [];
  readonly #scanner: JsonScanner;
  readonly #keepNull: boolean;
  readonly #csv: boolean;

  constructor(scanner: JsonScanner, keepNull: boolean, csv: boolean) {
    this.#scanner = scanner;
    this.#keepNull = keepNull;
    this.#csv = csv;
  }

  /** False where the text is malformed. */
  object(parent: NameNode): boolean {
    const scanner = this.#scanner;
    if (!scanner.open()) return false;
    if (!scanner.isEmptyObject) {
      let before: NameNode | null = null;
      do {
        const name = this.#name(parent, before);
        if (name === null) return false;
        before = name;
        if (scanner.byte === QUOTE) {
          const text = scanner.string();
          if (text === null) return false;
          this.#add(name, text);
        } else if (scanner.byte === OPEN_BRACE) {
          if (!this.object(name)) return false;
        } else {
          const value = scanner.value();
          if (value === null) return false;
          this.#other(name, value);
        }
      } while (scanner.comma());
    }
    return scanner.closeObject();
  }

  /** @param before the member read last; null at the first */
  #name(parent: NameNode, before: NameNode | null): NameNode | null {
    const expected = before === null ? parent.firstChild : before.next;
    if (expected !== null && expected.keySize > 0) {
      if (this.#scanner.skipKey(writtenKeys, expected.key, expected.keySize)) return expected;
    }
    const key = this.#scanner.key();
    if (key === null) return null;
    const name = parent.child(key);
    if (before === null) parent.firstChild = name;
    else before.next = name;
    return name;
  }

  #other(name: NameNode, value: JsonValue): void {
    if (value.type === "array") {
      const text = this.#csv ? arrayAsCsv(value.items) : printJson(value);
      if (text !== "") this.#add(name, text);
    } else if (value.type !== "null" || this.#keepNull) this.#add(name, scalarText(value));
  }

  #add(name: NameNode, value: Bytes): void {
    this.names.push(name);
    this.values.push(value);
  }
}

function fill(event: EngineEvent, orderSize: number, names: readonly NameNode[], values: readonly Bytes[]): void {
  for (let at = 0; at < names.length; at++) {
    const { name, field, isUser } = names[at]!;
    const value = values[at]!;
    if (field !== undefined) {
      event[field] = value;
    } else if (isUser && (event.dstuser === null || event.dstuser === "")) {
      // Only the first of `user` and `dstuser` in the text gets the field; a later dstuser replaces it.
      event.dstuser = value;
    } else if (event.values.length < orderSize) {
      event.addNext(name, value);
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
