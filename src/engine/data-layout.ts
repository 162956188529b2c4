/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each list of names.
 */
import type { Bytes } from "./bytes.js";
import { foldName } from "./event.js";
import type { FieldNames } from "./field-names.js";
import { eachNameOnce, type JsonText } from "./json-text.js";
import { fillIn, type NestedMember, type Written, writeObject } from "./object-text.js";
import type { Show } from "./show.js";

/** In lower case: what an alert of a configuration assessment repeats in its rule. */
const COMPLIANCE = ".sca.check.compliance";

export class DataLayout {
  /** The names on the way to the object at `sca.check.compliance`, in any case of letters; null where there is none. */
  readonly compliance: readonly Bytes[] | null;
  readonly #members: readonly NestedMember[];
  /** Where all names are ASCII, which is shown as it is by all; other names may be shown alike. */
  readonly #written: Written | null;

  constructor({ list, isAscii }: FieldNames) {
    const { members, compliance } = nested(list);
    this.compliance = compliance;
    this.#members = members;
    this.#written = isAscii ? writeObject(members, (name) => name) : null;
  }

  /** The object, written. @param values of the fields, written, in the order of the names */
  write(values: readonly JsonText[], show: Show): JsonText {
    if (this.#written === null) return eachNameOnce(fillIn(writeObject(this.#members, show), values));
    return fillIn(this.#written, values);
  }
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
