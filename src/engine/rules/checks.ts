/**
 * The conditions of all rules, each of a kind once: many rules ask the same of an event, which need answer only once.
 */
import type { EngineEvent } from "../event.js";
import type { TextPlaces } from "../text-index.js";

export type Condition = (event: EngineEvent) => boolean;

/** A condition that was not asked for yet. */
export interface Prepared {
  make(): Condition;
  /** Where the log meets none of them, it fails. */
  places?(): TextPlaces;
}

export class Checks {
  readonly #prepared: Prepared[] = [];
  readonly #made: (Condition | undefined)[] = [];
  readonly #byKey = new Map<string, number>();

  /** How many there are. */
  get size(): number {
    return this.#prepared.length;
  }

  /**
   * Number of a condition.
   * @param key the same for conditions that always give the same answer
   * @param prepare called when the condition is new; what it returns makes it, when it is first asked for
   */
  add(key: string, prepare: () => Prepared): number {
    let id = this.#byKey.get(key);
    if (id === undefined) {
      id = this.#prepared.length;
      this.#prepared.push(prepare());
      // So that V8 keeps them in a row.
      this.#made.push(undefined);
      this.#byKey.set(key, id);
    }
    return id;
  }

  condition(id: number): Condition {
    this.#made[id] ??= this.#prepared[id]!.make();
    return this.#made[id];
  }

  /** Where the log meets none of these places, the condition fails. */
  places(id: number): TextPlaces {
    return this.#prepared[id]!.places?.() ?? null;
  }
}

/** Answers about the event at hand. */
export class Answers {
  readonly #checks: Checks;
  /** By condition: twice the number of the event that was asked last, and 1 when it held. */
  readonly #known: Float64Array;
  #event = 0;

  /** @param checks all of them: later ones have no place */
  constructor(checks: Checks) {
    this.#checks = checks;
    this.#known = new Float64Array(checks.size);
  }

  /** What comes is asked about another event. */
  nextEvent(): void {
    this.#event += 2;
  }

  holds(check: number, event: EngineEvent): boolean {
    const known = this.#known[check]!;
    if (known >= this.#event) return known > this.#event;
    const holds = this.#checks.condition(check)(event);
    this.#known[check] = holds ? this.#event + 1 : this.#event;
    return holds;
  }
}
