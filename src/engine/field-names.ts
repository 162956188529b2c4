/**
 * Names of fields in the order in which they were found. Events of one source have the same ones: what follows from
 * them is worked out once, and kept beside them.
 */
import { type Bytes, isAscii } from "./bytes.js";
import type { DataLayout } from "./data-layout.js";
import type { StaticSet } from "./event.js";
import type { FieldsMaker } from "./fields-maker.js";

/** Names come from events: with more lists than this, all are forgotten. */
const REMEMBERED_LISTS = 50_000;
/** Bytes of a name: longer ones, of which there may be any number, would take much memory. */
const LONGEST_REMEMBERED = 256;
let remembered = 0;

export class FieldNames {
  readonly size: number;
  readonly isAscii: boolean;
  // Made when they are first needed: most lists are only on the way to longer ones.
  /** Makers of the fields of decisions, by the static fields beside them. */
  makers: Map<StaticSet, FieldsMaker> | null = null;
  /** Of alerts with these fields, by the static fields beside them. */
  layouts: Map<StaticSet, DataLayout> | null = null;
  /** The list without the last name; null for no names. */
  readonly #shorter: FieldNames | null;
  readonly #name: Bytes;
  // Mostly the one before comes again, and often it is the only one.
  #lastName: Bytes | null = null;
  #last: FieldNames | null = null;
  /** All that are one name longer; null as long as there is one at most. */
  #longer: Map<Bytes, FieldNames> | null = null;
  #list: readonly Bytes[] | null = null;
  /** Where each name stands first. */
  #places: Map<Bytes, number> | null = null;

  constructor(shorter: FieldNames | null = null, name: Bytes = "") {
    this.size = shorter === null ? 0 : shorter.size + 1;
    this.isAscii = (shorter === null || shorter.isAscii) && isAscii(name);
    this.#shorter = shorter;
    this.#name = name;
  }

  /** The list with one more name. */
  with(name: Bytes): FieldNames {
    return name === this.#lastName ? this.#last! : this.#find(name);
  }

  get list(): readonly Bytes[] {
    this.#list ??= this.#names();
    return this.#list;
  }

  /**
   * Where a name stands first; -1 where it does not.
   * @param name in lower case: names compare without regard to ASCII case
   */
  placeOf(name: Bytes): number {
    if (this.size === 0) return -1;
    this.#places ??= placesOf(this.list);
    return this.#places.get(name) ?? -1;
  }

  #find(name: Bytes): FieldNames {
    if (name.length > LONGEST_REMEMBERED) return new FieldNames(this, name);
    const longer = this.#longer?.get(name) ?? this.#add(name);
    this.#lastName = name;
    this.#last = longer;
    return longer;
  }

  #add(name: Bytes): FieldNames {
    const longer = new FieldNames(this, name);
    remembered++;
    if (this.#last !== null) {
      this.#longer ??= new Map([[this.#lastName!, this.#last]]);
      this.#longer.set(name, longer);
    }
    return longer;
  }

  #names(): Bytes[] {
    const names: Bytes[] = [];
    for (let list: FieldNames = this; list.#shorter !== null; list = list.#shorter) names.push(list.#name);
    return names.reverse();
  }
}

/** One name, and the list that it was put behind last: a source's events have their names in the same order. */
export class NextName {
  readonly #name: Bytes;
  #before: FieldNames | null = null;
  #after: FieldNames | null = null;

  constructor(name: Bytes) {
    this.#name = name;
  }

  /** The list with this name behind it. */
  behind(names: FieldNames): FieldNames {
    if (names !== this.#before) {
      this.#before = names;
      this.#after = names.with(this.#name);
    }
    return this.#after!;
  }
}

let none = new FieldNames();

/** Where all lists begin. */
export function noNames(): FieldNames {
  if (remembered > REMEMBERED_LISTS) {
    none = new FieldNames();
    remembered = 0;
  }
  return none;
}

function placesOf(names: readonly Bytes[]): Map<Bytes, number> {
  const places = new Map<Bytes, number>();
  for (let at = 0; at < names.length; at++) {
    const name = foldName(names[at]!);
    if (!places.has(name)) places.set(name, at);
  }
  return places;
}

/** Names come again with every event. */
const folded = new Map<Bytes, Bytes>();
const REMEMBERED_NAMES = 10_000;

/** ASCII lower case: `toLowerCase` would fold bytes above 127 too. */
export function foldName(name: Bytes): Bytes {
  const known = folded.get(name);
  if (known !== undefined) return known;
  const fresh = isAscii(name) ? name.toLowerCase() : name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (folded.size >= REMEMBERED_NAMES) folded.clear();
  folded.set(name, fresh);
  return fresh;
}
