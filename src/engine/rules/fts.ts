/** First time seen (`fts.c`): has this combination of fields been met before in the session? */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, foldName } from "../event.js";
import type { Decoder } from "../model.js";
import { EVENT_TYPES } from "../model.js";

const LINE_SIZE = 256;
/** `analysisd.fts_list_size` and `analysisd.fts_min_size_for_str` as shipped. */
const RECENT_IDS_LINES = 32;
const SIMILAR_SIZE = 14;
const SIMILAR_LINES = 3;

/** Order of the static fields in a line. Places of those that are not listed or not set stay empty. */
const STATIC_PLACES = ["id", "dstuser", "srcuser", "srcip", "dstip", "data", "system_name"] as const;

/** Remembers a line of at most 256 bytes per new combination, without end, as the real engine does. */
export class FirstTimeSeen {
  readonly #seen = new Set<Bytes>();
  readonly #recentIds: Bytes[] = [];

  /**
   * Was the event new? It is not any more afterwards.
   * @param type the event's type now: events of type ids that resemble three recent ones count as one
   */
  check(event: EngineEvent, decoder: Decoder, type: number): boolean {
    let line = lineOf(event, decoder);
    if (this.#seen.has(line)) return false;
    if (type === EVENT_TYPES.ids) {
      const similar = this.#recentIds.filter((recent) => commonPrefix(recent, line) > SIMILAR_SIZE).length;
      if (similar >= SIMILAR_LINES) line = line.slice(0, SIMILAR_SIZE);
      this.#recentIds.push(line);
      if (this.#recentIds.length > RECENT_IDS_LINES) this.#recentIds.shift();
      if (this.#seen.has(line)) {
        this.#recentIds.pop();
        return false;
      }
    }
    this.#seen.add(line);
    return true;
  }
}

function lineOf(event: EngineEvent, decoder: Decoder): Bytes {
  const listed = new Set<string>();
  for (const field of decoder.fts) if (field.kind === "static") listed.add(field.name);
  const parts = [decoder.name];
  for (const name of STATIC_PLACES) parts.push(listed.has(name) ? (event[name] ?? "") : "");
  parts.push(listed.has("location") ? event.location : "");
  let line = parts.join(" ").slice(0, LINE_SIZE - 1);
  for (const field of decoder.fts) {
    if (field.kind !== "dynamic") continue;
    const value = event.field(foldName(field.name));
    if (value !== undefined) line = `${line} ${value}`.slice(0, LINE_SIZE);
  }
  return line;
}

function commonPrefix(a: Bytes, b: Bytes): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
