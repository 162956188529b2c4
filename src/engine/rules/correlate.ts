/**
 * The search of a composite rule for earlier events (`eventinfo.c`), newest first: inside the time frame, of the same
 * agent, with the same and the different fields that the rule asks for. It ends without success at an event too old, or
 * at one that a rule of the same or a higher level has used up.
 */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, foldName } from "../event.js";
import type { Correlation, Rule, SameField } from "../model.js";
import type { EventMemory, EventQueue } from "./event-list.js";

/** Previous events that an alert carries, at most. */
const SHOWN_EVENTS = 11;

/** What a search needs of its session. */
export interface SearchContext {
  readonly memory: EventMemory;
  /** The type of an event as its decoder has it now. */
  typeOf(event: EngineEvent): number;
}

/** @returns whether enough earlier events were found; the current event and the newest of them are then used up */
export type Search = (event: EngineEvent, context: SearchContext) => boolean;

export function compileSearch(rule: Rule, correlation: Correlation): Search {
  const { frequency, timeframe, source, sidRule, regex } = correlation;
  const related = compileRelation(correlation);
  const queueOf = (memory: EventMemory): EventQueue | null => {
    if (source === "events") return memory.all;
    if (source === "group") return memory.ofGroup(rule);
    return sidRule === null ? null : memory.ofSid(sidRule);
  };
  const countsLast = source !== "events";

  return (event, context) => {
    const queue = queueOf(context.memory);
    if (queue === null) return false;
    let counted = 0;
    let newest: EngineEvent | null = null;
    for (let age = 0; age < queue.length; age++) {
      const earlier = queue.fromNewest(age);
      if (event.time - earlier.time > timeframe) return false;
      // With if_matched_regex the real engine never comes back from an event of another agent; here it is passed over.
      if (!correlation.globalFrequency && earlier.agentId !== event.agentId) continue;
      if (source === "events" && context.typeOf(earlier) !== context.typeOf(event)) continue;
      if (regex !== null && !regex.test(earlier.log)) continue;
      if (!related(earlier, event)) continue;
      if (earlier.matched >= rule.level) return false;
      const enough = counted >= frequency;
      // Searches by sid and group also show the event that completes the number.
      if ((!enough || countsLast) && counted < SHOWN_EVENTS && event.lastEvents[counted] === undefined) {
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
}

type Relation = (earlier: EngineEvent, event: EngineEvent) => boolean;
type FieldReader = (event: EngineEvent) => Bytes | null;

function compileRelation(correlation: Correlation): Relation {
  const same = correlation.same.map(fieldReader);
  const different = correlation.different.map(fieldReader);
  const sameDynamic = correlation.sameDynamic.map(foldName);
  const differentDynamic = correlation.differentDynamic.map(foldName);
  return (earlier, event) => {
    for (const read of same) {
      const value = read(event);
      if (value === null || value !== read(earlier)) return false;
    }
    for (const read of different) {
      const value = read(event);
      if (value !== null && value === read(earlier)) return false;
    }
    for (const name of sameDynamic) {
      const value = event.field(name);
      if (value === undefined || value !== earlier.field(name)) return false;
    }
    if (differentDynamic.length > 0) {
      // Two events without any dynamic field are no different ones.
      if (event.names.length === 0 && earlier.names.length === 0) return false;
      for (const name of differentDynamic) {
        const value = event.field(name);
        if (value !== undefined && value === earlier.field(name)) return false;
      }
    }
    return true;
  };
}

function fieldReader(field: SameField): FieldReader {
  switch (field) {
    // No event has a place on earth: there is no GeoIP data base.
    case "srcgeoip":
    case "dstgeoip":
      return () => null;
    case "user":
      return (event) => event.dstuser;
    default:
      return (event) => event[field];
  }
}
