/**
 * The dynamic fields that rules ask for, each at a place of its own, filled once per event. Events of one source have
 * the same fields in the same order: what is wanted of them is worked out once for each such shape.
 */
import { type Bytes, isAscii } from "../bytes.js";
import { fieldsMaker } from "../decision-fields.js";
import { type EngineEvent, foldName, type StaticSet } from "../event.js";
import type { ObjectMaker } from "../object-maker.js";
import type { EventKind } from "./event-kind.js";

/** Names come from events: with more shapes than this, all are forgotten. */
const REMEMBERED_SHAPES = 50_000;

/** The names of an event's dynamic fields, in order. */
export class FieldShape {
  /** Which fields rules ask for: the index of each first one among the event's, and its place. */
  readonly wanted: readonly (readonly [index: number, place: number])[];
  /** The kind that was met last of events with these fields. */
  kind: EventKind | null = null;
  readonly #longer = new Map<Bytes, FieldShape>();
  // Mostly the one before comes again.
  #lastName: Bytes | null = null;
  #last: FieldShape | undefined;

  /** The shape without the last name; null for no names. */
  readonly #shorter: FieldShape | null;
  readonly #name: Bytes;
  readonly #isAscii: boolean;
  readonly #makers = new Map<StaticSet, ObjectMaker<string>>();

  constructor(wanted: FieldShape["wanted"], shorter: FieldShape | null = null, name: Bytes = "") {
    this.wanted = wanted;
    this.#shorter = shorter;
    this.#name = name;
    this.#isAscii = (shorter === null || shorter.#isAscii) && isAscii(name);
  }

  /** Makes the fields of decisions about such events; null for names that may be shown in different ways. */
  fieldsMaker(statics: StaticSet): ObjectMaker<string> | null {
    if (!this.#isAscii) return null;
    let maker = this.#makers.get(statics);
    if (maker === undefined) {
      maker = fieldsMaker(statics, this.#names());
      this.#makers.set(statics, maker);
    }
    return maker;
  }

  #names(): Bytes[] {
    const names: Bytes[] = [];
    for (let shape: FieldShape = this; shape.#shorter !== null; shape = shape.#shorter) names.push(shape.#name);
    return names.reverse();
  }

  has(place: number): boolean {
    return this.wanted.some((field) => field[1] === place);
  }

  /** The shape with one more name, if it was met before. */
  with(name: Bytes): FieldShape | undefined {
    if (name === this.#lastName) return this.#last;
    this.#last = this.#longer.get(name);
    this.#lastName = name;
    return this.#last;
  }

  remember(name: Bytes, shape: FieldShape): void {
    this.#longer.set(name, shape);
    this.#lastName = null;
  }
}

/** Values of one field whose answers are kept, and how long they may be. */
const KEPT_VALUES = 512;
const LONGEST_KEPT = 64;

/** What was found out about one value: by number of the test 0 for nothing, else one of these. */
export type KnownAnswers = Uint8Array;
export const FAILS = 1;
export const HOLDS = 2;

export class FieldTable {
  readonly #places = new Map<Bytes, number>();
  /** Number of tests of each field. */
  readonly #tests: number[] = [];
  readonly #answers: Map<Bytes, KnownAnswers>[] = [];
  /** Of the event at hand; undefined where they were not asked for yet. */
  readonly #current: (KnownAnswers | null | undefined)[] = [];
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
      this.#current.push(undefined);
      this.#tests.push(0);
      this.#answers.push(new Map());
    }
    return place;
  }

  /** Number of one more test of a field's value. To be called before the first event. */
  addTest(place: number): number {
    return this.#tests[place]!++;
  }

  /**
   * What is known about the value of the event that was asked about last. Values like the name of an action come again
   * and again, and dozens of rules test them. Null for one that is too long to be kept.
   */
  answers(place: number): KnownAnswers | null {
    let answers = this.#current[place];
    if (answers === undefined) {
      answers = this.#answersAbout(place, this.#values[place]!);
      this.#current[place] = answers;
    }
    return answers;
  }

  #answersAbout(place: number, value: Bytes): KnownAnswers | null {
    if (value.length > LONGEST_KEPT) return null;
    const kept = this.#answers[place]!;
    let answers = kept.get(value);
    if (answers === undefined) {
      if (kept.size >= KEPT_VALUES) kept.clear();
      answers = new Uint8Array(this.#tests[place]!);
      kept.set(Buffer.from(value, "latin1").toString("latin1"), answers);
    }
    return answers;
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
      this.#current[place] = undefined;
    }
    this.#shape = shape;
    this.#event = event;
    event.shape = shape;
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
    const longer = new FieldShape(isWanted ? [...shape.wanted, [index, place]] : shape.wanted, shape, name);
    shape.remember(name, longer);
    this.#shapes++;
    return longer;
  }
}
