/** JSON as the real engine's library (cJSON 1.7.15) prints it, on bytes. */
import type { Bytes } from "./bytes.js";
import type { JsonValue } from "./cjson.js";
import { formatGeneral } from "./printf.js";

/** Formatted print: tabs in objects, `, ` between the items of an array. */
export function printJson(value: JsonValue, depth = 0): Bytes {
  switch (value.type) {
    case "string":
      return printString(value.text);
    case "number":
      return printNumber(value.number);
    case "array":
      return `[${value.items.map((item) => printJson(item, depth + 1)).join(", ")}]`;
    case "object": {
      const indent = "\t".repeat(depth + 1);
      const lines = value.members.map((m) => `${indent}${printString(m.key)}:\t${printJson(m.value, depth + 1)}`);
      return lines.length === 0 ? `{\n${"\t".repeat(depth)}}` : `{\n${lines.join(",\n")}\n${"\t".repeat(depth)}}`;
    }
    default:
      return value.type;
  }
}

function printNumber(number: number): Bytes {
  if (!Number.isFinite(number)) return "null";
  const short = formatGeneral(number, 15);
  const read = Number(short);
  const tolerance = Math.max(Math.abs(read), Math.abs(number)) * Number.EPSILON;
  return Math.abs(read - number) <= tolerance ? short : formatGeneral(number, 17);
}

const NEEDS_ESCAPE = /[\x00-\x1f"\\]/g;
const PRINTED: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

function printString(text: Bytes): Bytes {
  const escaped = text.replace(
    NEEDS_ESCAPE,
    (c) => PRINTED[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
