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
import type { Decoder } from "../model.js";

const MEMORY_SIZE = 8192;
const EVICTED_AT_ONCE = 10;

/** What a composite rule remembers. */
export interface Recorder {
  /** Place of its events in a session. */
  readonly index: number;
  /** Its search compares fields of earlier events with those of the current one, so that they are needed as they were. */
  readonly comparesFields: boolean;
  /** Events of one key can count together; null: this event counts with none. */
  keyOf(event: EngineEvent): Bytes | null;
  /** May this event be counted later? */
  accepts(event: EngineEvent): boolean;
}

/** Of an earlier event what searches ask for: thousands are remembered, and a whole event is large. */
export class RememberedEvent {
  readonly time: number;
  readonly fullLog: Bytes;
  readonly decoder: Decoder | null;
  /** The event itself, where a search compares its fields; else null. */
  readonly whole: EngineEvent | null;
  /** Level of the composite rule that used it up: a search that meets it ends. */
  matched: number;
  /** Those that hold it, one of them twice where its rule has two nodes. */
  readonly queues: KeyedQueue[] = [];

  constructor(event: EngineEvent, comparesFields: boolean) {
    this.time = event.time;
    this.fullLog = event.fullLog;
    this.decoder = event.decoder;
    this.matched = event.matched;
    this.whole = comparesFields ? event : null;
  }
}

/** Oldest first. Taking from the front is cheap: the array is compacted when half of it is gone. */
export class EventQueue<Item = RememberedEvent> {
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

/** The events of one recorder that bear one key. */
class KeyedQueue extends EventQueue {
  readonly #key: Bytes;
  /** All of the recorder, by key. */
  readonly #all: Map<Bytes, KeyedQueue>;

  constructor(key: Bytes, all: Map<Bytes, KeyedQueue>) {
    super();
    this.#key = key;
    this.#all = all;
    all.set(key, this);
  }

  override dropOldest(): void {
    super.dropOldest();
    if (this.length === 0) this.#all.delete(this.#key);
  }
}

export class EventMemory {
  /** Of an event that no composite rule counts, only its time matters: it takes a place in the list of all. */
  readonly #all = new EventQueue<RememberedEvent | number>();
  /** By the recorder's index, made when it first remembers something: most never do in a short session. */
  readonly #queues: (Map<Bytes, KeyedQueue> | undefined)[];
  readonly #maxFrequency: number;

  /** @param places for recorders, by their index */
  constructor(places: number, maxFrequency: number) {
    // Filled, so that V8 takes it for what it will be: else it compiles what reads it anew for each session.
    this.#queues = new Array<undefined>(places).fill(undefined);
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

  /**
   * Adds an event. Times must not go back.
   * @param recorders the composite rules that it counts for, one of them twice where its rule has two nodes
   */
  add(event: EngineEvent, recorders: readonly Recorder[]): void {
    this.#all.push(this.#recorded(event, recorders) ?? event.time);
    if (this.#all.length <= MEMORY_SIZE) return;
    for (let evicted = 0; this.#all.length > 1; evicted++) {
      const { oldest } = this.#all;
      const time = typeof oldest === "number" ? oldest : oldest.time;
      if (evicted >= EVICTED_AT_ONCE && event.time - time <= this.#maxFrequency) break;
      // All queues hold their events in one order, so that the oldest event heads every queue it is in.
      if (typeof oldest !== "number") for (const queue of oldest.queues) queue.dropOldest();
      this.#all.dropOldest();
    }
  }

  /** Null where no composite rule counts it. */
  #recorded(event: EngineEvent, recorders: readonly Recorder[]): RememberedEvent | null {
    let remembered: RememberedEvent | null = null;
    for (const recorder of recorders) {
      const key = recorder.accepts(event) ? recorder.keyOf(event) : null;
      if (key === null) continue;
      remembered ??= new RememberedEvent(
        event,
        recorders.some(({ comparesFields }) => comparesFields),
      );
      const queue = this.#queueOf(recorder, key);
      queue.push(remembered);
      remembered.queues.push(queue);
    }
    return remembered;
  }

  #queueOf({ index }: Recorder, key: Bytes): KeyedQueue {
    this.#queues[index] ??= new Map();
    const queues = this.#queues[index];
    return queues.get(key) ?? new KeyedQueue(key, queues);
  }
}
