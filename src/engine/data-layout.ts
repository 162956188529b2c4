/**
 * Where each of an event's fields stands in the `data` member of its alert: dynamic ones are nested at their dots
 * (`W_JSON_AddField`). Worked out once for each sequence of names, because the events of one source have the same.
 */
import { type Bytes, fromBytes } from "./bytes.js";
import { foldName } from "./event.js";

/** Names come from events: with more than this, all are forgotten. */
const REMEMBERED_LAYOUTS = 20_000;

/** A member of an object of the alert: an object of its own, or the value of a field. */
export interface LayoutStep {
  /** Number of the object that it belongs to; 0 is `data` itself. */
  readonly parent: number;
  readonly key: Bytes;
  readonly shownKey: string;
  /** Index of the field; of an object, which gets the next number, null. */
  readonly field: number | null;
}

export class DataLayout {
  /** The layout without the last name; null for no names. */
  readonly #shorter: DataLayout | null;
  readonly #name: Bytes;
  readonly #longer = new Map<Bytes, DataLayout>();
  /** Made when it is first needed: most layouts are only on the way to longer ones. */
  #made: Made | null = null;

  constructor(shorter: DataLayout | null, name: Bytes) {
    this.#shorter = shorter;
    this.#name = name;
  }

  get steps(): readonly LayoutStep[] {
    return this.#make().steps;
  }

  /** Number of the object at a path in lower case, with a dot before each name. */
  objectAt(path: Bytes): number | undefined {
    return this.#make().objects.get(path);
  }

  /** The layout with one more name. */
  with(name: Bytes): DataLayout {
    let longer = this.#longer.get(name);
    if (longer === undefined) {
      longer = new DataLayout(this, name);
      this.#longer.set(name, longer);
      remembered++;
    }
    return longer;
  }

  #make(): Made {
    if (this.#made === null) {
      const names: Bytes[] = [];
      for (let layout: DataLayout = this; layout.#shorter !== null; layout = layout.#shorter) names.push(layout.#name);
      this.#made = layOut(names.reverse());
    }
    return this.#made;
  }
}

interface Made {
  readonly steps: readonly LayoutStep[];
  readonly objects: ReadonlyMap<Bytes, number>;
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

/** Names compare without regard to ASCII case, and the first wins: a child of a name that has a value is lost. */
function layOut(names: readonly Bytes[]): Made {
  const steps: LayoutStep[] = [];
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
        steps.push({ parent, key, shownKey: fromBytes(key), field: null });
        object = objects.size;
        objects.set(path, object);
      }
      parent = object;
    }
    path += `.${foldName(rest)}`;
    if (values.has(path) || objects.has(path)) return;
    values.add(path);
    steps.push({ parent, key: rest, shownKey: fromBytes(rest), field });
  });
  return { steps, objects };
}
