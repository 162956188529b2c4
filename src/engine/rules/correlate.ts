/**
 * The search of a composite rule for earlier events (`eventinfo.c`), newest first: inside the time frame, of the same
 * agent, with the same and the different fields that the rule asks for. It ends without success at an event too old, or
 * at one that a rule of the same or a higher level has used up.
 */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, READ_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
import type { Correlation, Rule, SameField } from "../model.js";
import type { EventMemory, Recorder, RememberedEvent } from "./event-list.js";

/** Previous events that an alert carries, at most. */
const SHOWN_EVENTS = 11;

/** What a search needs of its session. */
export interface SearchContext {
  readonly memory: EventMemory;
  /** The type of an event as its decoder has it now. */
  typeOf(event: Pick<EngineEvent, "decoder">): number;
}

export interface Search extends Recorder {
  /** Are there enough earlier events? The current one and the newest of them are then used up. */
  run(event: EngineEvent, context: SearchContext): boolean;
}

export function compileSearch(rule: Rule, correlation: Correlation, index: number): Search {
  const { frequency, timeframe, source, regex } = correlation;
  const differs = compileDifference(correlation);
  const comparesFields = differs !== null;
  const ofAllEvents = source === "events";

  const run = (event: EngineEvent, context: SearchContext): boolean => {
    const queue = context.memory.find(search, event);
    if (queue === undefined) return false;
    let counted = 0;
    let newest: RememberedEvent | null = null;
    for (let age = 0; age < queue.length; age++) {
      const earlier = queue.fromNewest(age);
      if (event.time - earlier.time > timeframe) return false;
      if (ofAllEvents && context.typeOf(earlier) !== context.typeOf(event)) continue;
      if (differs !== null && !differs(earlier.whole!, event)) continue;
      if (earlier.matched >= rule.level) return false;
      const enough = counted >= frequency;
      // Searches by sid and group also show the event that completes the number.
      if (!(enough && ofAllEvents) && counted < SHOWN_EVENTS && event.lastEvents[counted] === undefined) {
        event.lastEvents.push(earlier.fullLog);
      }
      if (enough) {
        event.matched = rule.level;
        if (newest !== null) newest.matched = rule.level;
        return true;
      }
      counted++;
      newest ??= earlier;
    }
    return false;
  };
  // A search by sid or group never looks at an if_matched_regex beside it.
  const accepts = (event: EngineEvent): boolean => !ofAllEvents || regex === null || regex.test(event.log);
  const search: Search = { index, comparesFields, keyOf: compileKey(correlation), accepts, run };
  return search;
}

type FieldReader = (event: EngineEvent) => Bytes | null | undefined;

/**
 * Events that count together bear the same key: the agent, unless the rule is global, and what must be the same. With
 * if_matched_regex the real engine never comes back from an event of another agent; here such events are just apart.
 */
function compileKey({ globalFrequency, same, sameDynamic }: Correlation): Recorder["keyOf"] {
  const readers = [...same.map(staticReader), ...sameDynamic.map(dynamicReader)];
  return (event) => {
    let key = globalFrequency ? "" : event.agentId;
    for (const read of readers) {
      const value = read(event);
      if (value === null || value === undefined) return null;
      key += `\0${value}`;
    }
    return key;
  };
}

type Differs = (earlier: EngineEvent, event: EngineEvent) => boolean;

/** True when an earlier event has none of the fields in common that must be different. Null where there are no such fields. */
function compileDifference({ different, differentDynamic }: Correlation): Differs | null {
  if (different.length === 0 && differentDynamic.length === 0) return null;
  const readers = [...different.map(staticReader), ...differentDynamic.map(dynamicReader)];
  const dynamic = differentDynamic.length > 0;
  return (earlier, event) => {
    // Two events without any dynamic field are no different ones.
    if (dynamic && event.names.size === 0 && earlier.names.size === 0) return false;
    for (const read of readers) {
      const value = read(event);
      if (value !== null && value !== undefined && value === read(earlier)) return false;
    }
    return true;
  };
}

function dynamicReader(name: Bytes): FieldReader {
  const folded = foldName(name);
  return (event) => event.field(folded);
}

function staticReader(field: SameField): FieldReader {
  switch (field) {
    // No event has a place on earth: there is no GeoIP data base.
    case "srcgeoip":
    case "dstgeoip":
      return () => null;
    case "user":
      return (event) => event.dstuser;
    case "location":
      return (event) => event.location;
    default:
      return READ_STATIC[field];
  }
}
