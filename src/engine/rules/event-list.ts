/**
 * The earlier events that composite rules search (`eventinfo_list.c`, `list_op.c`). The real engine keeps one list of
 * all accepted events, one per rule that an if_matched_sid names and one per if_matched_group rule, and walks them.
 * Here every composite rule has its own lists, apart by agent and by the fields that must be the same, so that a search
 * meets only events that can count.
 *
 * Bounded as in the real engine: at 8,192 events the oldest go, at least ten at a time, and further ones that are older
 * than the ruleset's largest frequency (it takes that number for seconds). An event that leaves the list of all leaves
 * the others too.
 *
 * What is remembered stands in arrays that are used again, not in objects: thousands of objects that live for a while are
 * what the garbage collector is worst at.
 */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { Decoder } from "../model.js";
import { RememberedEvents } from "./remembered-events.js";
import { type Compared, NewestPlaces, NOWHERE, type Place, RememberedPlaces } from "./remembered-places.js";

const MEMORY_SIZE = 8192;
const DROPPED_AT_ONCE = 10;

/** What a composite rule remembers. */
export interface Recorder {
  /** Place of its lists in a session. */
  readonly index: number;
  /** Events of one key can count together; null: this event counts with none. */
  keyOf(event: EngineEvent): Bytes | null;
  /** May this event be counted later? */
  accepts(event: EngineEvent): boolean;
  /** What its search compares with later events; null where it compares nothing. */
  comparedOf(event: EngineEvent): Compared | null;
}

export class EventMemory {
  readonly #events = new RememberedEvents();
  readonly #places = new RememberedPlaces();
  /** By the recorder's index, made when it first remembers something: most never do in a short session. */
  readonly #lists: (NewestPlaces | undefined)[];
  readonly #maxFrequency: number;

  /** @param recorders how many there may be */
  constructor(recorders: number, maxFrequency: number) {
    // Filled, so that V8 takes it for what it will be: else it compiles what reads it anew for each session.
    this.#lists = new Array<undefined>(recorders).fill(undefined);
    this.#maxFrequency = maxFrequency;
  }

  /** Number of events remembered. */
  get size(): number {
    return this.#events.next - this.#events.oldest;
  }

  /** The newest of the earlier events that can count together with this one. */
  newest(recorder: Recorder, event: EngineEvent): Place {
    const list = this.#lists[recorder.index];
    const key = list === undefined ? null : recorder.keyOf(event);
    return key === null ? NOWHERE : list!.of(key);
  }

  /** The next older one. */
  olderThan(place: Place): Place {
    return this.#places.olderThan(place);
  }

  timeOf(place: Place): number {
    return this.#events.timeOf(this.#places.eventOf(place));
  }

  decoderOf(place: Place): Decoder | null {
    return this.#events.decoderOf(this.#places.eventOf(place));
  }

  fullLogOf(place: Place): Bytes {
    return this.#events.fullLogOf(this.#places.eventOf(place));
  }

  /** Null where the list's search compares nothing. */
  comparedOf(place: Place): Compared | null {
    return this.#places.comparedOf(place);
  }

  /** Level of the composite rule that used the event up: a search that meets it ends. */
  matchedOf(place: Place): number {
    return this.#events.matchedOf(this.#places.eventOf(place));
  }

  /** Uses it up, in all lists that it stands in. */
  useUp(place: Place, level: number): void {
    this.#events.useUp(this.#places.eventOf(place), level);
  }

  /**
   * Adds an event. Times must not go back.
   * @param recorders the composite rules that it counts for, one of them twice where its rule has two nodes
   */
  add(event: EngineEvent, recorders: readonly Recorder[]): void {
    this.#makeRoom(event.time);
    const events = this.#events;
    const places = this.#places;
    const number = events.next;
    events.add(event.time);
    let isKept = false;
    for (const recorder of recorders) {
      const key = recorder.accepts(event) ? recorder.keyOf(event) : null;
      if (key === null) continue;
      if (!isKept) events.keep(event);
      isKept = true;
      const list = this.#listOf(recorder);
      list.set(key, places.add(number, list.of(key), recorder.comparedOf(event)));
    }
  }

  /** Adds so many events that count for no composite rule. */
  pass(time: number, events: number): void {
    for (let each = 0; each < events; each++) {
      this.#makeRoom(time);
      this.#events.add(time);
    }
  }

  #listOf({ index }: Recorder): NewestPlaces {
    this.#lists[index] ??= new NewestPlaces(this.#places);
    return this.#lists[index];
  }

  #makeRoom(time: number): void {
    const events = this.#events;
    if (this.size < MEMORY_SIZE) return;
    for (let dropped = 0; this.size > 0; dropped++) {
      if (dropped >= DROPPED_AT_ONCE && time - events.timeOf(events.oldest) <= this.#maxFrequency) break;
      events.dropOldest();
    }
    this.#places.forgetBefore(events.oldest);
  }
}
