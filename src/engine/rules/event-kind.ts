/**
 * Events of one kind have the same decoder, program and fields: most rules are ruled out for all of them at once, because
 * a condition on a field that the event lacks fails whatever it says.
 */
import type { Bytes } from "../bytes.js";
import type { CompiledNode } from "../compiled-ruleset.js";
import { type EngineEvent, type StaticSet, staticsOf } from "../event.js";
import { STATIC_FIELDS, type StaticField } from "../model.js";
import type { PlacesRow } from "../text-index.js";
import type { FieldShape, FieldTable } from "./field-table.js";

/** With more kinds than this, all are forgotten. */
const REMEMBERED_KINDS = 5_000;

export function staticSet(fields: readonly StaticField[]): StaticSet {
  return fields.reduce((set, field) => set | (1 << STATIC_FIELDS.indexOf(field)), 0);
}

/** More than there are bits of static fields. */
const DECODERS_STEP = 2 ** STATIC_FIELDS.length;

/** Siblings that an event of a kind can match, in order. */
export interface Candidates {
  readonly nodes: readonly CompiledNode[];
  /** The first condition of each; most fail it. */
  readonly firstChecks: Int32Array;
  /** What the first condition of each asks of the log; null where none asks. */
  readonly places: PlacesRow | null;
  /** Those below each, once they were asked for. */
  readonly below: (Candidates | null)[];
}

export class EventKind {
  readonly decoderId: number;
  readonly statics: StaticSet;
  readonly shape: FieldShape;
  readonly programName: Bytes | null;
  /** The roots that its events can match, once they were asked for. */
  roots: Candidates | null = null;

  constructor(event: EngineEvent, statics: StaticSet, shape: FieldShape) {
    this.decoderId = decoderIdOf(event);
    this.statics = statics;
    this.shape = shape;
    this.programName = event.programName;
  }
}

export class EventKinds {
  readonly #fields: FieldTable;
  /** By shape, by program, then by decoder and static fields. */
  #kinds = new Map<FieldShape, Map<Bytes | null, Map<number, EventKind>>>();
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
    shape.kind = this.#find(event, statics, shape);
    return shape.kind;
  }

  #find(event: EngineEvent, statics: StaticSet, shape: FieldShape): EventKind {
    const byProgram = inner(this.#kinds, shape);
    const byRest = inner(byProgram, event.programName);
    const key = decoderIdOf(event) * DECODERS_STEP + statics;
    return byRest.get(key) ?? this.#add(byRest, key, new EventKind(event, statics, shape));
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
