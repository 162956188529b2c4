/**
 * The conditions of all rules, each of a kind once: many rules ask the same of an event, which need answer only once.
 */
import type { EngineEvent } from "../event.js";

export type Condition = (event: EngineEvent) => boolean;

export class Checks {
  readonly tests: Condition[] = [];
  readonly #byKey = new Map<string, number>();

  /**
   * Number of a condition.
   * @param key the same for conditions that always give the same answer
   */
  add(key: string, test: () => Condition): number {
    let id = this.#byKey.get(key);
    if (id === undefined) {
      id = this.tests.length;
      this.tests.push(test());
      this.#byKey.set(key, id);
    }
    return id;
  }
}

/** The answers of one session about the event at hand. */
export class Answers {
  readonly #tests: readonly Condition[];
  /** By condition: twice the number of the event that was asked last, and 1 when it held. */
  readonly #known: Float64Array;
  #event = 0;

  constructor({ tests }: Checks) {
    this.#tests = tests;
    this.#known = new Float64Array(tests.length);
  }

  /** What comes is asked about another event. */
  nextEvent(): void {
    this.#event += 2;
  }

  holds(check: number, event: EngineEvent): boolean {
    const known = this.#known[check]!;
    if (known >= this.#event) return known > this.#event;
    const holds = this.#tests[check]!(event);
    this.#known[check] = holds ? this.#event + 1 : this.#event;
    return holds;
  }
}
