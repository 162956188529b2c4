/**
 * The search of a composite rule for earlier events (`eventinfo.c`), newest first: inside the time frame, of the same
 * agent, with the same and the different fields that the rule asks for. It ends without success at an event too old, or
 * at one that a rule of the same or a higher level has used up.
 */
import { type Bytes, ownCopy } from "../bytes.js";
import { type EngineEvent, READ_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
import type { Correlation, Rule, SameField } from "../model.js";
import type { EventMemory, Recorder } from "./event-list.js";
import { type Compared, NOWHERE, type Place } from "./remembered-places.js";

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
  const difference = compileDifference(correlation);
  const ofAllEvents = source === "events";

  const run = (event: EngineEvent, context: SearchContext): boolean => {
    const { memory } = context;
    let place = memory.newest(search, event);
    if (place === NOWHERE) return false;
    const compared = difference === null ? null : difference.of(event);
    let counted = 0;
    for (; place !== NOWHERE; place = memory.olderThan(place)) {
      if (event.time - memory.timeOf(place) > timeframe) return false;
      if (ofAllEvents && context.typeOf({ decoder: memory.decoderOf(place) }) !== context.typeOf(event)) continue;
      if (difference !== null && !difference.isMet(memory.comparedOf(place)!, compared!)) continue;
      if (memory.matchedOf(place) >= rule.level) return false;
      const isEnough = counted >= frequency;
      // Searches by sid and group also show the event that completes the number.
      if (counted < SHOWN_EVENTS && !(isEnough && ofAllEvents)) shown[counted] = place;
      if (isEnough) {
        event.matched = rule.level;
        if (counted > 0) memory.useUp(shown[0]!, rule.level);
        const end = Math.min(ofAllEvents ? counted : counted + 1, SHOWN_EVENTS);
        for (let at = event.lastEvents.length; at < end; at++) event.lastEvents.push(memory.fullLogOf(shown[at]!));
        return true;
      }
      counted++;
    }
    return false;
  };
  // A search by sid or group never looks at an if_matched_regex beside it.
  const accepts = (event: EngineEvent): boolean => !ofAllEvents || regex === null || regex.test(event.log);
  const comparedOf = (event: EngineEvent) => (difference === null ? null : toBeKept(difference.of(event)));
  const search: Search = { index, keyOf: compileKey(correlation), accepts, comparedOf, run };
  return search;
}

/**
 * Of the search that runs: the earlier events that it has counted, newest first, as many as are shown. Behind them stand
 * those of other searches, of other sessions even.
 */
const shown: Place[] = [];

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

/** The fields that must be different. */
interface Difference {
  of(event: EngineEvent): Compared;
  /** Have two events none of them in common? */
  isMet(earlier: Compared, now: Compared): boolean;
}

/** Null where there are no such fields. */
function compileDifference({ different, differentDynamic }: Correlation): Difference | null {
  if (different.length === 0 && differentDynamic.length === 0) return null;
  const readers = [...different.map(staticReader), ...differentDynamic.map(dynamicReader)];
  const dynamic = differentDynamic.length > 0;
  return {
    of: (event) => ({
      hasFields: event.names.size > 0,
      values: readers.map((read) => read(event) ?? null),
    }),
    isMet: (earlier, now) => {
      // Two events without any dynamic field are no different ones.
      if (dynamic && !now.hasFields && !earlier.hasFields) return false;
      return now.values.every((value, at) => value === null || value !== earlier.values[at]);
    },
  };
}

function toBeKept({ hasFields, values }: Compared): Compared {
  return { hasFields, values: values.map((value) => value && ownCopy(value)) };
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
