/** First time seen (`fts.c`): has this combination of fields been met before in the session? */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, READ_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
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

/** Makes the line of an event. */
type LineMaker = (event: EngineEvent) => Bytes;

const lineMakers = new WeakMap<Decoder, LineMaker>();

function lineOf(event: EngineEvent, decoder: Decoder): Bytes {
  let make = lineMakers.get(decoder);
  if (make === undefined) {
    make = lineMaker(decoder);
    lineMakers.set(decoder, make);
  }
  return make(event);
}

function lineMaker({ name, fts }: Decoder): LineMaker {
  const listed = new Set<string>(fts.flatMap((field) => (field.kind === "static" ? [field.name] : [])));
  const places = STATIC_PLACES.map((place) => (listed.has(place) ? READ_STATIC[place] : null));
  const hasLocation = listed.has("location");
  const dynamic = fts.flatMap((field) => (field.kind === "dynamic" ? [foldName(field.name)] : []));
  return (event) => {
    let line = name;
    for (let at = 0; at < places.length; at++) line += ` ${places[at]?.(event) ?? ""}`;
    line = `${line} ${hasLocation ? event.location : ""}`.slice(0, LINE_SIZE - 1);
    for (let at = 0; at < dynamic.length; at++) {
      const value = event.field(dynamic[at]!);
      if (value !== undefined) line = `${line} ${value}`.slice(0, LINE_SIZE);
    }
    return line;
  };
}

function commonPrefix(a: Bytes, b: Bytes): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
