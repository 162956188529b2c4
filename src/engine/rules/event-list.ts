/**
 * The earlier events that composite rules search (`eventinfo_list.c`, `list_op.c`). The real engine keeps one list of
 * all accepted events, one per rule that an if_matched_sid names and one per if_matched_group rule, and walks them.
 * Here every composite rule has its own events, apart by agent and by the fields that must be the same, so that a search
 * meets only events that can count.
 *
 * Bounded as in the real engine: at 8,192 events the oldest go, at least ten at a time, and further ones that are older
 * than the ruleset's largest frequency (it takes that number for seconds). An event that leaves the list of all leaves
 * the others too.
 */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { Rule } from "../model.js";

const MEMORY_SIZE = 8192;
const EVICTED_AT_ONCE = 10;

/** What a composite rule remembers. */
export interface Recorder {
  /** Place of its events in a session. */
  readonly index: number;
  /** Events of one key can count together; null: this event counts with none. */
  keyOf(event: EngineEvent): Bytes | null;
  /** May this event be counted later? */
  accepts(event: EngineEvent): boolean;
}

/** The composite rules that an event of this rule counts for, one of them twice when the rule has two nodes. */
export type RecordersOf = (rule: Rule) => readonly Recorder[];

/** Oldest first. Taking from the front is cheap: the array is compacted when half of it is gone. */
export class EventQueue<Item = EngineEvent> {
  #items: (Item | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  /** The event that is `age` places older than the newest. */
  fromNewest(age: number): Item {
    return this.#items[this.#items.length - 1 - age]!;
  }

  get oldest(): Item {
    return this.#items[this.#first]!;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  dropOldest(): void {
    this.#items[this.#first] = undefined;
    this.#first++;
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** Of an event that no composite rule counts, only its time matters: it takes a place in the list of all. */
type Remembered = EngineEvent | number;

export class EventMemory {
  readonly #all = new EventQueue<Remembered>();
  /** By the recorder's index, made when it first remembers something: most never do in a short session. */
  readonly #queues: (Map<Bytes, EventQueue> | undefined)[];
  readonly #recordersOf: RecordersOf;
  readonly #maxFrequency: number;

  /** @param recorders number of composite rules */
  constructor(recorders: number, recordersOf: RecordersOf, maxFrequency: number) {
    // Filled, so that V8 takes it for what it will be: else it compiles what reads it anew for each session.
    this.#queues = new Array<undefined>(recorders).fill(undefined);
    this.#recordersOf = recordersOf;
    this.#maxFrequency = maxFrequency;
  }

  /** Number of events remembered. */
  get size(): number {
    return this.#all.length;
  }

  /** The earlier events that can count together with this one. */
  find(recorder: Recorder, event: EngineEvent): EventQueue | undefined {
    const queues = this.#queues[recorder.index];
    const key = queues === undefined ? null : recorder.keyOf(event);
    return key === null ? undefined : queues!.get(key);
  }

  /** Add an event whose rule is set. Times must not go back. */
  add(event: EngineEvent): void {
    let counts = false;
    for (const recorder of this.#recordersOf(event.rule!)) {
      const key = recorder.accepts(event) ? recorder.keyOf(event) : null;
      if (key === null) continue;
      this.#push(recorder, key, event);
      counts = true;
    }
    this.#all.push(counts ? event : event.time);
    if (this.#all.length <= MEMORY_SIZE) return;
    for (let evicted = 0; this.#all.length > 1; evicted++) {
      const { oldest } = this.#all;
      const time = typeof oldest === "number" ? oldest : oldest.time;
      if (evicted >= EVICTED_AT_ONCE && event.time - time <= this.#maxFrequency) break;
      if (typeof oldest !== "number") this.#forget(oldest);
      this.#all.dropOldest();
    }
  }

  #push({ index }: Recorder, key: Bytes, event: EngineEvent): void {
    let queues = this.#queues[index];
    if (queues === undefined) {
      queues = new Map();
      this.#queues[index] = queues;
    }
    const queue = queues.get(key);
    if (queue !== undefined) {
      queue.push(event);
      return;
    }
    const created = new EventQueue();
    created.push(event);
    queues.set(key, created);
  }

  /** All queues hold their events in one order, so that the oldest event heads every queue it is in. */
  #forget(oldest: EngineEvent): void {
    for (const recorder of this.#recordersOf(oldest.rule!)) {
      const key = recorder.accepts(oldest) ? recorder.keyOf(oldest) : null;
      if (key === null) continue;
      const queues = this.#queues[recorder.index]!;
      const queue = queues.get(key)!;
      queue.dropOldest();
      if (queue.length === 0) queues.delete(key);
    }
  }
}
