/**
 * The dynamic fields that rules ask for, each at a place of its own, filled once per event.
 */
import { type Bytes, ownCopy } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { FieldNames } from "../field-names.js";
import { foldName } from "../field-names.js";
import type { EventKind } from "./event-kind.js";

/** Places of fields that an event has: the same set for all events that have the same of those that rules ask for. */
export type FieldSet = ReadonlySet<number>;

/** What rules ask for of all events whose fields have the same names. */
export class FieldShape {
  /** Of each field the index of the first one among the event's, and behind it its place. */
  readonly wanted: Int32Array;
  readonly fields: FieldSet;
  /** The kind that was met last of such events. */
  kind: EventKind | null = null;

  constructor(wanted: FieldShape["wanted"], fields: FieldSet) {
    this.wanted = wanted;
    this.fields = fields;
  }
}

/** With more sets of fields than this, all are forgotten. */
const REMEMBERED_SETS = 5_000;

/** Values of one field whose answers are kept, and how long they may be. */
const KEPT_VALUES = 512;
const LONGEST_KEPT = 64;

/** What was found out about one value: by number of the test 0 for nothing, else one of these. */
export type KnownAnswers = Uint8Array;
export const FAILS = 1;
export const HOLDS = 2;

/** Answers about the values of one field. */
class ValueAnswers {
  readonly #tests: number;
  readonly #known = new Map<Bytes, Known>();
  // Mostly the one before comes again.
  #last: Known;

  /** @param tests number of tests of the field */
  constructor(tests: number) {
    this.#tests = tests;
    this.#last = this.#add("");
  }

  /** Null for a value that is too long to be kept. */
  about(value: Bytes): KnownAnswers | null {
    if (value !== this.#last.value) {
      if (value.length > LONGEST_KEPT) return null;
      this.#last = this.#known.get(value) ?? this.#add(value);
    }
    return this.#last.answers;
  }

  #add(value: Bytes): Known {
    if (this.#known.size >= KEPT_VALUES) this.#known.clear();
    const own = ownCopy(value);
    const known = { value: own, answers: new Uint8Array(this.#tests) };
    this.#known.set(own, known);
    return known;
  }
}

interface Known {
  readonly value: Bytes;
  readonly answers: KnownAnswers;
}

export class FieldTable {
  readonly #places = new Map<Bytes, number>();
  /** Number of tests of each field. */
  readonly #tests: number[] = [];
  readonly #answers: (ValueAnswers | null)[] = [];
  /** Of the event at hand; undefined where they were not asked for yet. */
  readonly #current: (KnownAnswers | null | undefined)[] = [];
  #values: (Bytes | undefined)[] = [];
  #event: EngineEvent | null = null;
  /** Of the event at hand. */
  #names: FieldNames | null = null;
  #shape = new FieldShape(new Int32Array(0), new Set());
  /** Of all names that were met, as long as they are remembered. */
  readonly #shapes = new WeakMap<FieldNames, FieldShape>();
  readonly #sets = new Map<string, FieldSet>();

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
      this.#answers.push(null);
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
      this.#answers[place] ??= new ValueAnswers(this.#tests[place]!);
      answers = this.#answers[place].about(this.#values[place]!);
      this.#current[place] = answers;
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
    for (let at = 1; at < before.length; at += 2) values[before[at]!] = undefined;
    const shape = this.#shapeOf(event.names);
    const { wanted } = shape;
    for (let at = 0; at < wanted.length; at += 2) {
      const place = wanted[at + 1]!;
      values[place] = event.values[wanted[at]!]!;
      this.#current[place] = undefined;
    }
    this.#shape = shape;
    this.#event = event;
  }

  #shapeOf(names: FieldNames): FieldShape {
    if (names === this.#names) return this.#shape;
    let shape = this.#shapes.get(names);
    if (shape === undefined) {
      shape = this.#makeShape(names.list);
      this.#shapes.set(names, shape);
    }
    this.#names = names;
    return shape;
  }

  #makeShape(names: readonly Bytes[]): FieldShape {
    const indexes = new Map<number, number>();
    names.forEach((name, index) => {
      const place = this.#places.get(foldName(name));
      if (place !== undefined && !indexes.has(place)) indexes.set(place, index);
    });
    const wanted = Int32Array.from([...indexes].flatMap(([place, index]) => [index, place]));
    return new FieldShape(wanted, this.#setOf([...indexes.keys()].sort((a, b) => a - b)));
  }

  #setOf(places: readonly number[]): FieldSet {
    const key = places.join();
    let set = this.#sets.get(key);
    if (set === undefined) {
      if (this.#sets.size >= REMEMBERED_SETS) this.#sets.clear();
      set = new Set(places);
      this.#sets.set(key, set);
    }
    return set;
  }
}
