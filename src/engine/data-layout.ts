/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each sequence of names, because the events of one source have the same.
 */
import { type Bytes, isAscii } from "./bytes.js";
import type { Show } from "./decision.js";
import { foldName } from "./event.js";
import { type Made, type Member, ObjectMaker, type Template } from "./object-maker.js";

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
  #maker: ObjectMaker<unknown> | null = null;

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

  /** @param values of the fields, in the order of the names */
  make<Value>(values: readonly Value[], show: Show): Made<Value> {
    // What is ASCII is shown as it is by all.
    if (!this.#isAscii) return new ObjectMaker<Value>(shown(this.#layOut().template, show)).make(values);
    this.#maker ??= new ObjectMaker(this.#layOut().template);
    return (this.#maker as ObjectMaker<Value>).make(values);
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

interface Nested {
  readonly template: Template;
  readonly compliance: readonly Bytes[] | null;
}

/** Names compare without regard to ASCII case, and the first wins: a child of a name that has a value is lost. */
function nested(names: readonly Bytes[]): Nested {
  const template: Member[] = [];
  const objects = new Map<Bytes, number>([["", 0]]);
  const values = new Set<Bytes>();
  names.forEach((name, field) => {
    let parent = 0;
    let path = "";
    let rest = name;
    for (let dot = rest.indexOf("."); dot !== -1; dot = rest.indexOf(".")) {
      const key = rest.slice(0, dot);
      rest = rest.slice(dot + 1);
      path += `.${foldName(key)}`;
      if (values.has(path)) return;
      let object = objects.get(path);
      if (object === undefined) {
        template.push({ parent, key, value: null });
        object = objects.size;
        objects.set(path, object);
      }
      parent = object;
    }
    path += `.${foldName(rest)}`;
    if (values.has(path) || objects.has(path)) return;
    values.add(path);
    template.push({ parent, key: rest, value: field });
  });
  const compliance = objects.get(COMPLIANCE);
  return { template, compliance: compliance === undefined ? null : wayTo(compliance, template) };
}

function wayTo(object: number, template: Template): Bytes[] {
  const objects = template.filter(({ value }) => value === null);
  const way: Bytes[] = [];
  for (let at = object; at !== 0; at = objects[at - 1]!.parent) way.unshift(objects[at - 1]!.key);
  return way;
}

function shown(template: Template, show: Show): Template {
  return template.map(({ parent, key, value }) => ({ parent, key: show(key), value }));
}
