/**
 * Events of one kind have the same decoder, program and fields: most rules are ruled out for all of them at once, because
 * a condition on a field that the event lacks fails whatever it says.
 */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, type StaticSet, staticsOf } from "../event.js";
import { STATIC_FIELDS, type StaticField } from "../model.js";
import type { Candidates } from "./candidates.js";
import type { FieldSet, FieldTable } from "./field-table.js";

/** With more kinds than this, all are forgotten. */
const REMEMBERED_KINDS = 5_000;

export function staticSet(fields: readonly StaticField[]): StaticSet {
  return fields.reduce((set, field) => set | (1 << STATIC_FIELDS.indexOf(field)), 0);
}

/** More than there are bits of static fields. */
const DECODERS_STEP = 2 ** STATIC_FIELDS.length;

export class EventKind {
  readonly decoderId: number;
  readonly statics: StaticSet;
  readonly fields: FieldSet;
  readonly programName: Bytes | null;
  /** The roots that its events can match, once they were asked for. */
  roots: Candidates | null = null;

  constructor(event: EngineEvent, statics: StaticSet, fields: FieldSet) {
    this.decoderId = decoderIdOf(event);
    this.statics = statics;
    this.fields = fields;
    this.programName = event.programName;
  }
}

export class EventKinds {
  readonly #fields: FieldTable;
  /** By fields, by program, then by decoder and static fields. */
  #kinds = new Map<FieldSet, Map<Bytes | null, Map<number, EventKind>>>();
  #size = 0;

  constructor(fields: FieldTable) {
    this.#fields = fields;
  }

  kindOf(event: EngineEvent): EventKind {
    const shape = this.#fields.shapeOf(event);
    const statics = staticsOf(event);
    const last = shape.kind;
    if (last?.statics === statics && last.decoderId === decoderIdOf(event) && last.programName === event.programName)
      return last;
    shape.kind = this.#find(event, statics, shape.fields);
    return shape.kind;
  }

  #find(event: EngineEvent, statics: StaticSet, fields: FieldSet): EventKind {
    const byProgram = inner(this.#kinds, fields);
    const byRest = inner(byProgram, event.programName);
    const key = decoderIdOf(event) * DECODERS_STEP + statics;
    return byRest.get(key) ?? this.#add(byRest, key, new EventKind(event, statics, fields));
  }

  #add(kinds: Map<number, EventKind>, key: number, kind: EventKind): EventKind {
    if (++this.#size > REMEMBERED_KINDS) {
      this.#kinds = new Map();
      this.#size = 0;
    } else kinds.set(key, kind);
    return kind;
  }
}

function inner<Key, InnerKey, Value>(map: Map<Key, Map<InnerKey, Value>>, key: Key): Map<InnerKey, Value> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}

function decoderIdOf({ decoder }: EngineEvent): number {
  return decoder === null ? 0 : decoder.id;
}
