/**
 * The dynamic fields that rules ask for, each at a place of its own, filled once per event. Events of one source have
 * the same fields in the same order: what is wanted of them is worked out once for each such shape.
 */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, foldName } from "../event.js";

/** Names come from events: with more shapes than this, all are forgotten. */
const REMEMBERED_SHAPES = 50_000;

/** The names of an event's dynamic fields, in order. */
export class FieldShape {
  /** Which fields rules ask for: the index of each first one among the event's, and its place. */
  readonly wanted: readonly (readonly [index: number, place: number])[];
  readonly #longer = new Map<Bytes, FieldShape>();

  constructor(wanted: FieldShape["wanted"]) {
    this.wanted = wanted;
  }

  has(place: number): boolean {
    return this.wanted.some((field) => field[1] === place);
  }

  /** The shape with one more name, if it was met before. */
  with(name: Bytes): FieldShape | undefined {
    return this.#longer.get(name);
  }

  remember(name: Bytes, shape: FieldShape): void {
    this.#longer.set(name, shape);
  }
}

export class FieldTable {
  readonly #places = new Map<Bytes, number>();
  #values: (Bytes | undefined)[] = [];
  #event: EngineEvent | null = null;
  #shape = new FieldShape([]);
  #empty = this.#shape;
  #shapes = 0;

  /**
   * To be called before the first event.
   * @param name in lower case: names compare without regard to ASCII case
   */
  place(name: Bytes): number {
    let place = this.#places.get(name);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(name, place);
      this.#values.push(undefined);
    }
    return place;
  }

  /** First value of the event's field. */
  value(event: EngineEvent, place: number): Bytes | undefined {
    if (event !== this.#event) this.#fill(event);
    return this.#values[place];
  }

  shapeOf(event: EngineEvent): FieldShape {
    if (event !== this.#event) this.#fill(event);
    return this.#shape;
  }

  #fill(event: EngineEvent): void {
    const values = this.#values;
    const before = this.#shape.wanted;
    for (let at = 0; at < before.length; at++) values[before[at]![1]] = undefined;
    const shape = this.#walk(event.names);
    for (let at = 0; at < shape.wanted.length; at++) {
      const [index, place] = shape.wanted[at]!;
      values[place] = event.values[index]!;
    }
    this.#shape = shape;
    this.#event = event;
  }

  #walk(names: readonly Bytes[]): FieldShape {
    if (this.#shapes > REMEMBERED_SHAPES) {
      this.#empty = new FieldShape([]);
      this.#shapes = 0;
    }
    let shape = this.#empty;
    for (let at = 0; at < names.length; at++) shape = shape.with(names[at]!) ?? this.#longer(shape, names[at]!, at);
    return shape;
  }

  #longer(shape: FieldShape, name: Bytes, index: number): FieldShape {
    const place = this.#places.get(foldName(name));
    const isWanted = place !== undefined && !shape.has(place);
    const longer = new FieldShape(isWanted ? [...shape.wanted, [index, place]] : shape.wanted);
    shape.remember(name, longer);
    this.#shapes++;
    return longer;
  }
}
