/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each list of names.
 */
import type { Bytes } from "./bytes.js";
import { type EngineEvent, READ_STATIC, type StaticSet } from "./event.js";
import { type FieldNames, foldName } from "./field-names.js";
import { eachNameOnce, type JsonText, plainText } from "./json-text.js";
import { STATIC_FIELDS } from "./model.js";
import { fillIn, type NestedMember, type Written, writeObject } from "./object-text.js";
import type { Show } from "./show.js";

/** Order of the static fields in an alert. */
const STATIC_ORDER = [
  "protocol",
  "action",
  "srcip",
  "srcport",
  "srcuser",
  "dstip",
  "dstport",
  "dstuser",
  "id",
  "status",
  "url",
  "data",
  "extra_data",
  "system_name",
] as const;

/** In lower case: what an alert of a configuration assessment repeats in its rule. */
const COMPLIANCE = ".sca.check.compliance";

export class DataLayout {
  /** The names on the way to the object at `sca.check.compliance`, in any case of letters; null where there is none. */
  readonly compliance: readonly Bytes[] | null;
  /** Readers of the static fields that the event has, in order. */
  readonly statics: readonly ((event: EngineEvent) => Bytes | null)[];
  readonly #members: readonly NestedMember[];
  /** Where all names are ASCII, which is shown as it is by all; other names may be shown alike. */
  readonly #written: Written | null;
  /** The same for values of which each is a string that needs no escape. */
  readonly #writtenForPlain: Written | null;

  private constructor(statics: StaticSet, { list, isAscii }: FieldNames) {
    const fields = STATIC_ORDER.filter((name) => (statics & (1 << STATIC_FIELDS.indexOf(name))) !== 0);
    const { members, compliance } = nested([...fields, ...list]);
    this.compliance = compliance;
    this.statics = fields.map((name) => READ_STATIC[name]);
    this.#members = members;
    this.#written = isAscii ? writeObject(members, (name) => name) : null;
    this.#writtenForPlain = isAscii ? writeObject(members, (name) => name, '"') : null;
  }

  /** @param names of the dynamic fields */
  static of(statics: StaticSet, names: FieldNames): DataLayout {
    names.layouts ??= new Map();
    let layout = names.layouts.get(statics);
    if (layout === undefined) {
      layout = new DataLayout(statics, names);
      names.layouts.set(statics, layout);
    }
    return layout;
  }

  /** The object, written. @param values of the fields, written: static ones, then dynamic ones in the order of the names */
  write(values: readonly JsonText[], show: Show): JsonText {
    if (this.#written === null) return eachNameOnce(fillIn(writeObject(this.#members, show), values));
    return fillIn(this.#written, values);
  }

  /** The same for strings that need no escape, as shown. */
  writePlain(values: readonly string[], show: Show): JsonText {
    return this.#writtenForPlain === null
      ? this.write(values.map(plainText), show)
      : fillIn(this.#writtenForPlain, values);
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
