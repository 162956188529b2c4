/** The lists that composite rules search, newest first: of each of their places which event it is of, and which is older. */
import type { Bytes } from "../bytes.js";
import { FIRST_ROWS, moveRows, rowOf } from "./rows.js";

/** Where an event stands in a list: places are numbered as they come. */
export type Place = number;
export const NOWHERE: Place = -1;

/** Of an event the fields that must differ. */
export interface Compared {
  /** It has dynamic fields, whichever. */
  readonly hasFields: boolean;
  /** In the rule's order; null where the event has none. */
  readonly values: readonly (Bytes | null)[];
}

/** The places of all lists. */
export class RememberedPlaces {
  /** The oldest of an event that is remembered. */
  oldest: Place = 0;
  #next: Place = 0;
  #events = new Float64Array(FIRST_ROWS);
  #older = new Float64Array(FIRST_ROWS);
  #compared: (Compared | null)[] = new Array<null>(FIRST_ROWS).fill(null);

  add(event: number, older: Place, compared: Compared | null): Place {
    if (this.#next - this.oldest === this.#events.length) this.#grow();
    const row = rowOf(this.#next, this.#events);
    this.#events[row] = event;
    this.#older[row] = older;
    this.#compared[row] = compared;
    return this.#next++;
  }

  /** Forgets those of older events. */
  forgetBefore(event: number): void {
    while (this.oldest < this.#next && this.eventOf(this.oldest) < event) {
      this.#compared[rowOf(this.oldest++, this.#events)] = null;
    }
  }

  eventOf(place: Place): number {
    return this.#events[rowOf(place, this.#events)]!;
  }

  /** The next one of its list. */
  olderThan(place: Place): Place {
    return this.#living(this.#older[rowOf(place, this.#events)]!);
  }

  comparedOf(place: Place): Compared | null {
    return this.#compared[rowOf(place, this.#events)]!;
  }

  /** Where one is forgotten, all that are older are. */
  #living(place: Place): Place {
    return place < this.oldest ? NOWHERE : place;
  }

  #grow(): void {
    const { oldest } = this;
    const next = this.#next;
    const rows = 2 * this.#events.length;
    this.#events = moveRows(this.#events, new Float64Array(rows), oldest, next);
    this.#older = moveRows(this.#older, new Float64Array(rows), oldest, next);
    this.#compared = moveRows(this.#compared, new Array<null>(rows).fill(null), oldest, next);
  }
}

/** Lists without a place are looked for when there are twice as many as the last time, and at first so many. */
const SWEPT_FIRST = 64;

/** Where the lists of one recorder begin, by key. */
export class NewestPlaces {
  readonly #places: Pick<RememberedPlaces, "oldest">;
  readonly #newest = new Map<Bytes, Place>();
  #sweptAt = SWEPT_FIRST;

  /** @param places that its lists are of */
  constructor(places: Pick<RememberedPlaces, "oldest">) {
    this.#places = places;
  }

  get size(): number {
    return this.#newest.size;
  }

  of(key: Bytes): Place {
    const place = this.#newest.get(key);
    return place === undefined || place < this.#places.oldest ? NOWHERE : place;
  }

  set(key: Bytes, place: Place): void {
    this.#newest.set(key, place);
    if (this.#newest.size < this.#sweptAt) return;
    const { oldest } = this.#places;
    for (const [each, newest] of this.#newest) if (newest < oldest) this.#newest.delete(each);
    this.#sweptAt = Math.max(SWEPT_FIRST, 2 * this.#newest.size);
  }
}
