/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each sequence of names, because the events of one source have the same.
 */
import { type Bytes, isAscii } from "./bytes.js";
import type { Show } from "./decision.js";
import { foldName } from "./event.js";
import { type JsonText, jsonText } from "./json-text.js";

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
    // What is ASCII is shown as it is by all.
    if (!this.#isAscii) return join(write(this.#layOut().members, show), values);
    this.#written ??= write(this.#layOut().members, (name) => name);
    return join(this.#written, values);
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

/** A member of one of the objects: an object of its own, or a field. */
interface Member {
  readonly key: Bytes;
  /** Index of the field's name; of an object its members. */
  readonly value: number | Member[];
}

/** An object, by its key in the one around it. */
interface Inner {
  readonly members: Member[];
  readonly key: Bytes;
  readonly outer: Inner | null;
}

interface Nested {
  readonly members: readonly Member[];
  readonly compliance: readonly Bytes[] | null;
}

/** Names compare without regard to ASCII case, and the first wins: a child of a name that has a value is lost. */
function nested(names: readonly Bytes[]): Nested {
  const members: Member[] = [];
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

/** The text between the values of fields, and which field comes behind each piece but the last. */
interface Written {
  readonly pieces: readonly string[];
  readonly fields: readonly number[];
}

/** Without recursion: names can nest without end. */
function write(members: readonly Member[], show: Show): Written {
  const pieces: string[] = [];
  const fields: number[] = [];
  let piece = "{";
  const open = [{ members, at: 0 }];
  for (let object = open.at(-1); object !== undefined; object = open.at(-1)) {
    const member = object.members[object.at];
    if (member === undefined) {
      piece += "}";
      open.pop();
      continue;
    }
    piece += `${object.at++ > 0 ? "," : ""}${jsonText(show(member.key))}:`;
    if (typeof member.value === "number") {
      fields.push(member.value);
      pieces.push(piece);
      piece = "";
    } else {
      open.push({ members: member.value, at: 0 });
      piece += "{";
    }
  }
  pieces.push(piece);
  return { pieces, fields };
}

function join({ pieces, fields }: Written, values: readonly JsonText[]): JsonText {
  let text = pieces[0]!;
  for (let at = 0; at < fields.length; at++) text += values[fields[at]!]! + pieces[at + 1]!;
  return text;
}
