/** Expansion of `$(field)` in a rule's description (`ParseRuleComment` in `eventinfo.c`). */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, READ_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
import { STATIC_FIELDS } from "../model.js";
import type { FieldTable } from "./field-table.js";

/** A description that would reach this length is not expanded at all. */
const DESCRIPTION_SIZE = 1024;

export type Description = (event: EngineEvent) => Bytes;

export function compileDescription(description: Bytes, fields: FieldTable): Description {
  const parts = partsOf(description.slice(0, DESCRIPTION_SIZE), fields);
  if (parts.every((part) => typeof part === "string")) {
    return () => description;
  }
  return (event) => {
    let text = "";
    for (const part of parts) text += typeof part === "string" ? part : (part(event) ?? "");
    return text.length >= DESCRIPTION_SIZE ? description : text;
  };
}

type Part = Bytes | ((event: EngineEvent) => Bytes | null | undefined);

function partsOf(description: Bytes, fields: FieldTable): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (;;) {
    const open = description.indexOf("$(", start);
    const close = open === -1 ? -1 : description.indexOf(")", open + 2);
    if (close === -1) break;
    parts.push(description.slice(start, open), readerOf(description.slice(open + 2, close), fields));
    start = close + 1;
  }
  parts.push(description.slice(start));
  return parts;
}

function readerOf(name: Bytes, fields: FieldTable): Part {
  const field = STATIC_FIELDS.find((staticField) => staticField === name);
  if (field !== undefined) return READ_STATIC[field];
  if (name === "program_name") return (event) => event.programName;
  if (name === "hostname") return (event) => event.hostname;
  const place = fields.place(foldName(name));
  return (event) => fields.value(event, place);
}
