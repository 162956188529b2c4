/** The dynamic fields that rules ask for, each at a place of its own, filled once per event. */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, foldName } from "../event.js";

/** Names come from events: with more than this, all are forgotten. */
const REMEMBERED_NAMES = 10_000;
/** Place of a field that no rule asks for. */
const NONE = -1;

export class FieldTable {
  readonly #places = new Map<Bytes, number>();
  /** The same by the name as events write it. */
  readonly #placeOfName = new Map<Bytes, number>();
  readonly #values: (Bytes | undefined)[] = [];
  readonly #filled: number[] = [];
  #event: EngineEvent | null = null;

  /** @param name in lower case: names compare without regard to ASCII case */
  place(name: Bytes): number {
    let place = this.#places.get(name);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(name, place);
      this.#values.push(undefined);
      this.#placeOfName.clear();
    }
    return place;
  }

  /** First value of the event's field. */
  value(event: EngineEvent, place: number): Bytes | undefined {
    if (event !== this.#event) this.#fill(event);
    return this.#values[place];
  }

  #fill(event: EngineEvent): void {
    const values = this.#values;
    const filled = this.#filled;
    for (const place of filled) values[place] = undefined;
    filled.length = 0;
    this.#event = event;
    for (let at = 0; at < event.names.length; at++) {
      const place = this.#placeFor(event.names[at]!);
      if (place === NONE || values[place] !== undefined) continue;
      values[place] = event.values[at]!;
      filled.push(place);
    }
  }

  #placeFor(name: Bytes): number {
    let place = this.#placeOfName.get(name);
    if (place === undefined) {
      place = this.#places.get(foldName(name)) ?? NONE;
      if (this.#placeOfName.size >= REMEMBERED_NAMES) this.#placeOfName.clear();
      this.#placeOfName.set(name, place);
    }
    return place;
  }
}
