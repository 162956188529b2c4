/**
 * The earlier events that composite rules search (`eventinfo_list.c`, `list_op.c`): one list of all that were accepted,
 * one per rule that an if_matched_sid names, one per if_matched_group rule.
 *
 * Bounded as in the real engine: at 8,192 events the oldest go, at least ten at a time, and further ones that are older
 * than the ruleset's largest frequency (it takes that number for seconds). An event that leaves the main list leaves the
 * others too.
 */
import type { EngineEvent } from "../event.js";
import type { Rule } from "../model.js";

const MEMORY_SIZE = 8192;
const EVICTED_AT_ONCE = 10;

/** Oldest first. Taking from the front is cheap: the array is compacted when half of it is gone. */
export class EventQueue {
  #events: EngineEvent[] = [];
  #first = 0;

  get length(): number {
    return this.#events.length - this.#first;
  }

  /** The event that is `age` places older than the newest. */
  fromNewest(age: number): EngineEvent {
    return this.#events[this.#events.length - 1 - age]!;
  }

  get oldest(): EngineEvent {
    return this.#events[this.#first]!;
  }

  push(event: EngineEvent): void {
    this.#events.push(event);
  }

  dropOldest(): void {
    this.#first++;
    if (this.#first * 2 > this.#events.length && this.#first > 32) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
  }
}

export class EventMemory {
  /** All accepted events. */
  readonly all = new EventQueue();
  readonly #bySid = new Map<Rule, EventQueue>();
  readonly #byGroup = new Map<Rule, EventQueue>();
  readonly #maxFrequency: number;

  constructor(maxFrequency: number) {
    this.#maxFrequency = maxFrequency;
  }

  /** Events of a rule that an if_matched_sid names. */
  ofSid(rule: Rule): EventQueue {
    return queueOf(this.#bySid, rule);
  }

  /** Events of the group of an if_matched_group rule. */
  ofGroup(rule: Rule): EventQueue {
    return queueOf(this.#byGroup, rule);
  }

  /** Add an event whose rule is set. */
  add(event: EngineEvent): void {
    for (const queue of this.#queuesOf(event.rule!)) queue.push(event);
    this.all.push(event);
    if (this.all.length <= MEMORY_SIZE) return;
    for (let evicted = 0; this.all.length > 1; evicted++) {
      const oldest = this.all.oldest;
      if (evicted >= EVICTED_AT_ONCE && event.time - oldest.time <= this.#maxFrequency) break;
      // Every queue holds its events in the same order, so that the oldest event heads all queues it is in.
      for (const queue of this.#queuesOf(oldest.rule!)) queue.dropOldest();
      this.all.dropOldest();
    }
  }

  /** A rule that feeds an if_matched_sid feeds no group. */
  #queuesOf(rule: Rule): EventQueue[] {
    if (rule.recordedBySid) return [this.ofSid(rule)];
    return rule.recordedByGroups.map((group) => this.ofGroup(group));
  }
}

function queueOf(queues: Map<Rule, EventQueue>, rule: Rule): EventQueue {
  let queue = queues.get(rule);
  if (queue === undefined) {
    queue = new EventQueue();
    queues.set(rule, queue);
  }
  return queue;
}
