/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each sequence of names, because the events of one source have the same.
 */
import { type Bytes, isAscii } from "./bytes.js";
import { foldName } from "./event.js";
import { eachNameOnce, type JsonText } from "./json-text.js";
import { fillIn, type NestedMember, type Written, writeObject } from "./object-text.js";
import type { Show } from "./show.js";

/** Names come from events: with more than this, all are forgotten. */
const REMEMBERED_LAYOUTS = 20_000;

/** In lower case: what an alert of a configuration assessment repeats in its rule. */
const COMPLIANCE = ".sca.check.compliance";

export class DataLayout {
  /** The layout without the last name; null for no names. */
  readonly #shorter: DataLayout | null;
  readonly #name: Bytes;
  readonly #isAscii: boolean;
  readonly #longer = new Map<Bytes, DataLayout>();
  // Mostly the one before comes again.
  #lastName: Bytes | null = null;
  #last: DataLayout | null = null;
  // Made when they are first needed: most layouts are only on the way to longer ones.
  #nested: Nested | null = null;
  #written: Written | null = null;

  constructor(shorter: DataLayout | null, name: Bytes) {
    this.#shorter = shorter;
    this.#name = name;
    this.#isAscii = (shorter === null || shorter.#isAscii) && isAscii(name);
  }

  /** The layout with one more name. */
  with(name: Bytes): DataLayout {
    if (name === this.#lastName) return this.#last!;
    let longer = this.#longer.get(name);
    if (longer === undefined) {
      longer = new DataLayout(this, name);
      this.#longer.set(name, longer);
      remembered++;
    }
    this.#lastName = name;
    this.#last = longer;
    return longer;
  }

  /** The object, written. @param values of the fields, written, in the order of the names */
  write(values: readonly JsonText[], show: Show): JsonText {
    // What is ASCII is shown as it is by all; other names may be shown alike.
    if (!this.#isAscii) return eachNameOnce(fillIn(writeObject(this.#layOut().members, show), values));
    this.#written ??= writeObject(this.#layOut().members, (name) => name);
    return fillIn(this.#written, values);
  }

  /** The names on the way to the object at `sca.check.compliance`, in any case of letters; null where there is none. */
  get compliance(): readonly Bytes[] | null {
    return this.#layOut().compliance;
  }

  #layOut(): Nested {
    if (this.#nested === null) {
      const names: Bytes[] = [];
      for (let layout: DataLayout = this; layout.#shorter !== null; layout = layout.#shorter) names.push(layout.#name);
      this.#nested = nested(names.reverse());
    }
    return this.#nested;
  }
}

let empty = new DataLayout(null, "");
let remembered = 0;

/** The layout of no fields. */
export function emptyLayout(): DataLayout {
  if (remembered > REMEMBERED_LAYOUTS) {
    empty = new DataLayout(null, "");
    remembered = 0;
  }
  return empty;
}

/** An object, by its key in the one around it. */
interface Inner {
  readonly members: NestedMember[];
  readonly key: Bytes;
  readonly outer: Inner | null;
}

interface Nested {
  readonly members: readonly NestedMember[];
  readonly compliance: readonly Bytes[] | null;
}

/** Names compare without regard to ASCII case, and the first wins: a child of a name that has a value is lost. */
function nested(names: readonly Bytes[]): Nested {
  const members: NestedMember[] = [];
  const objects = new Map<Bytes, Inner>();
  const values = new Set<Bytes>();
  names.forEach((name, field) => {
    let object: Inner = { members, key: "", outer: null };
    let path = "";
    let rest = name;
    for (let dot = rest.indexOf("."); dot !== -1; dot = rest.indexOf(".")) {
      const key = rest.slice(0, dot);
      rest = rest.slice(dot + 1);
      path += `.${foldName(key)}`;
      if (values.has(path)) return;
      let inner = objects.get(path);
      if (inner === undefined) {
        inner = { members: [], key, outer: object };
        object.members.push({ key, value: inner.members });
        objects.set(path, inner);
      }
      object = inner;
    }
    path += `.${foldName(rest)}`;
    if (values.has(path) || objects.has(path)) return;
    values.add(path);
    object.members.push({ key: rest, value: field });
  });
  const compliance = objects.get(COMPLIANCE);
  return { members, compliance: compliance === undefined ? null : wayTo(compliance) };
}

function wayTo(object: Inner): Bytes[] {
  return object.outer === null ? [] : [...wayTo(object.outer), object.key];
}
