/** Which members of an event the checks on later events may read, rule by rule; and numbers for rules and decoders. */
import type { Bytes } from "../bytes.js";
import type { CompiledRule, CompiledRuleset } from "../compiled-ruleset.js";
import { type EngineEvent, READ_STATIC, WRITE_STATIC } from "../event.js";
import { foldName } from "../field-names.js";
import type { Correlation, Decoder, DecoderNode, StaticField } from "../model.js";
import { STATIC_FIELDS } from "../model.js";
import type { Check } from "./ahead-rules.js";

/** Static fields by their readers, and by their writers in the same order; dynamic ones by their folded names. */
export interface Read {
  readonly readers: readonly ((event: EngineEvent) => Bytes | null)[];
  readonly writers: readonly ((event: EngineEvent, value: Bytes) => void)[];
  readonly dynamic: readonly Bytes[];
}

interface Names {
  readonly fields: readonly StaticField[];
  /** Folded. */
  readonly dynamic: readonly Bytes[];
}

export class Readings {
  /** By their index. */
  readonly rules: readonly CompiledRule[];
  /** All decoders in the order of the trees. */
  readonly decoders: readonly Decoder[];
  readonly #places: ReadonlyMap<Decoder, number>;
  /** By the rule's index. */
  readonly #ofRule: (Read | undefined)[];
  readonly #ofSearch: (Read | undefined)[];
  readonly #ofDecoder = new Map<Decoder, Read>();

  constructor(compiled: CompiledRuleset) {
    const rules: CompiledRule[] = [];
    for (const rule of compiled.byRule.values()) rules[rule.index] = rule;
    this.rules = rules;
    this.#ofRule = new Array<undefined>(rules.length).fill(undefined);
    this.#ofSearch = new Array<undefined>(rules.length).fill(undefined);
    const { decodersWithProgramName, decodersWithoutProgramName } = compiled.ruleset;
    this.decoders = [...decodersWithProgramName, ...decodersWithoutProgramName].flatMap(decodersIn);
    this.#places = new Map(this.decoders.map((decoder, index) => [decoder, index]));
  }

  /** -1 for none. */
  placeOf(decoder: Decoder | null): number {
    return decoder === null ? -1 : this.#places.get(decoder)!;
  }

  /** What the searches that this rule's events are remembered for read of them. */
  ofRule({ index, recorders }: CompiledRule): Read {
    this.#ofRule[index] ??= readOf(
      joined(recorders.map((recorder) => correlated(this.#correlationAt(recorder.index)))),
    );
    return this.#ofRule[index];
  }

  /** What a check reads of the event that it is made on. */
  ofCheck(check: Check, decoder: Decoder | null): Read {
    if (check !== null) return this.#ofSearchAt(check.index);
    let read = this.#ofDecoder.get(decoder!);
    if (read === undefined) {
      read = readOf(firstTimeFields(decoder!));
      this.#ofDecoder.set(decoder!, read);
    }
    return read;
  }

  #ofSearchAt(index: number): Read {
    this.#ofSearch[index] ??= readOf(correlated(this.#correlationAt(index)));
    return this.#ofSearch[index];
  }

  #correlationAt(index: number): Correlation {
    return this.rules[index]!.rule.correlation!;
  }
}

function decodersIn({ decoder, children }: DecoderNode): Decoder[] {
  return [decoder, ...children.flatMap(decodersIn)];
}

function readOf({ fields, dynamic }: Names): Read {
  return {
    readers: fields.map((name) => READ_STATIC[name]),
    writers: fields.map((name) => WRITE_STATIC[name]),
    dynamic,
  };
}

function correlated({ same, different, sameDynamic, differentDynamic }: Correlation): Names {
  const names = [...same, ...different].map((name) => (name === "user" ? "dstuser" : name));
  return {
    // The others are the place of the event, which it shares with its batch, and a place on earth, which it has not.
    fields: STATIC_FIELDS.filter((name) => names.includes(name)),
    dynamic: [...new Set([...sameDynamic, ...differentDynamic].map(foldName))],
  };
}

function firstTimeFields({ fts }: Decoder): Names {
  const listed = new Set<Bytes>(fts.map(({ name }) => name));
  return {
    fields: STATIC_FIELDS.filter((name) => listed.has(name)),
    dynamic: fts.flatMap((field) => (field.kind === "dynamic" ? [foldName(field.name)] : [])),
  };
}

function joined(reads: readonly Names[]): Names {
  return {
    fields: [...new Set(reads.flatMap(({ fields }) => fields))],
    dynamic: [...new Set(reads.flatMap(({ dynamic }) => dynamic))],
  };
}
