/** The six look-ups of `<list>` (`lists_list.c`). */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, READ_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
import type { CdbList, ListField, ListTest } from "../model.js";
import type { FieldTable } from "./field-table.js";

/** A field that the event lacks fails every look-up, the negative ones too. */
export function compileList(test: ListTest, fields: FieldTable): (event: EngineEvent) => boolean {
  const read = fieldReader(test.field, fields);
  const lookUp = lookUpOf(test);
  return (event) => {
    const key = read(event);
    return key !== null && key !== undefined && lookUp(key);
  };
}

function fieldReader(field: ListTest["field"], fields: FieldTable): (event: EngineEvent) => Bytes | null | undefined {
  if (field.kind === "static") return staticReader(field.name);
  const place = fields.place(foldName(field.name));
  return (event) => fields.value(event, place);
}

function staticReader(name: ListField): (event: EngineEvent) => Bytes | null {
  switch (name) {
    case "user":
      return (event) => event.srcuser ?? event.dstuser;
    case "program_name":
      return (event) => event.programName;
    case "hostname":
      return (event) => event.hostname;
    default:
      return READ_STATIC[name];
  }
}

function lookUpOf({ lookup, list, value }: ListTest): (key: Bytes) => boolean {
  switch (lookup) {
    case "match_key":
      return (key) => list.get(key) !== undefined;
    case "not_match_key":
      return (key) => list.get(key) === undefined;
    case "match_key_value":
      return (key) => {
        const found = list.get(key);
        return found !== undefined && value?.test(found) === true;
      };
    case "address_match_key":
      return (key) => getAddress(list, key) !== undefined;
    case "not_address_match_key":
      return (key) => getAddress(list, key) === undefined;
    case "address_match_key_value":
      // The real engine takes the answer the wrong way round: an absent key or another value is a match.
      return (key) => {
        const found = getAddress(list, key);
        return found === undefined || value?.test(found) !== true;
      };
  }
}

/** The address itself, then its prefixes that end in a dot, longest first. */
function getAddress(list: CdbList, key: Bytes): Bytes | undefined {
  const exact = list.get(key);
  if (exact !== undefined) return exact;
  for (let dot = key.lastIndexOf("."); dot !== -1; dot = dot === 0 ? -1 : key.lastIndexOf(".", dot - 1)) {
    const found = list.get(key.slice(0, dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
