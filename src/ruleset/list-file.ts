/** Text of a CDB list to look-ups, as lists_make.c compiles it. */
import type { Bytes } from "../engine/bytes.js";
import type { CdbList } from "../engine/model.js";

/** Longest piece of a line that the real engine reads at a time; what is over counts as a line of its own. */
const MAX_LINE = 65_534;

/** `key:value` per line; either may be in double quotes. Lines without a colon and unclosed quotes are passed over. */
export function readList(name: string, text: Bytes): CdbList {
  const entries = new Map<Bytes, Bytes>();
  for (const line of linesOf(text)) {
    const entry = entryOf(line);
    // Of two entries with one key a look-up finds the first.
    if (entry && !entries.has(entry.key)) entries.set(entry.key, entry.value);
  }
  return { name, get: (key) => entries.get(key) };
}

function* linesOf(text: Bytes): Generator<Bytes> {
  for (const line of text.split("\n")) {
    for (let at = 0; at === 0 || at < line.length; at += MAX_LINE) {
      // The first carriage return ends the line, wherever it stands.
      yield line.slice(at, at + MAX_LINE).split("\r", 1)[0]!;
    }
  }
}

function entryOf(line: Bytes): { key: Bytes; value: Bytes } | null {
  const quote = line.indexOf('"');
  const quotedKey = quote >= 0 && line.indexOf(":") > quote;
  const keyEnd = quotedKey ? line.indexOf('"', quote + 1) : -1;
  if (quotedKey && keyEnd < 0) return null;
  const colon = line.indexOf(":", keyEnd + 1);
  if (colon < 0) return null;
  const key = quotedKey ? line.slice(quote + 1, keyEnd) : line.slice(0, colon);
  const value = unquoted(line.slice(colon + 1));
  return value === null ? null : { key, value };
}

/** What stands in front of the opening quote and behind the closing one is lost. */
function unquoted(value: Bytes): Bytes | null {
  const quote = value.indexOf('"');
  if (quote < 0) return value;
  const end = value.indexOf('"', quote + 1);
  return end < 0 ? null : value.slice(quote + 1, end);
}
