/** Which members of an event the checks on later events may read, rule by rule; and numbers for rules and decoders. */
import type { Bytes } from "../bytes.js";
import type { CompiledRule, CompiledRuleset } from "../compiled-ruleset.js";
import { foldName } from "../field-names.js";
import type { Correlation, Decoder, DecoderNode, StaticField } from "../model.js";
import { STATIC_FIELDS } from "../model.js";
import type { Check } from "./ahead-rules.js";

export interface Read {
  readonly fields: readonly StaticField[];
  /** Folded names. */
  readonly dynamic: readonly Bytes[];
}

/** No check ever reads such an event: it counts as one event more, no matter which. */
export const NO_READING: Read = { fields: [], dynamic: [] };

export class Readings {
  /** By their index. */
  readonly rules: readonly CompiledRule[];
  /** All decoders in the order of the trees. */
  readonly decoders: readonly Decoder[];
  readonly #places: ReadonlyMap<Decoder, number>;
  /** By the rule's index. */
  readonly #ofRule: (Read | undefined)[];
  readonly #ofSearch = new Map<number, Read>();
  readonly #ofDecoder = new Map<Decoder, Read>();

  constructor(compiled: CompiledRuleset) {
    const rules: CompiledRule[] = [];
    for (const rule of compiled.byRule.values()) rules[rule.index] = rule;
    this.rules = rules;
    this.#ofRule = new Array<undefined>(rules.length).fill(undefined);
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
    this.#ofRule[index] ??=
      recorders.length === 0 ? NO_READING : joined(recorders.map((recorder) => this.#ofSearchAt(recorder.index)));
    return this.#ofRule[index];
  }

  /** What a check reads of the event that it is made on. */
  ofCheck(check: Check, decoder: Decoder | null): Read {
    if (check !== null) return this.#ofSearchAt(check.index);
    let read = this.#ofDecoder.get(decoder!);
    if (read === undefined) {
      read = firstTimeFields(decoder!);
      this.#ofDecoder.set(decoder!, read);
    }
    return read;
  }

  #ofSearchAt(index: number): Read {
    let read = this.#ofSearch.get(index);
    if (read === undefined) {
      read = correlated(this.rules[index]!.rule.correlation!);
      this.#ofSearch.set(index, read);
    }
    return read;
  }
}

function decodersIn({ decoder, children }: DecoderNode): Decoder[] {
  return [decoder, ...children.flatMap(decodersIn)];
}

function correlated({ same, different, sameDynamic, differentDynamic }: Correlation): Read {
  const names = [...same, ...different].map((name) => (name === "user" ? "dstuser" : name));
  return {
    // The others are the place of the event, which it shares with its batch, and a place on earth, which it has not.
    fields: STATIC_FIELDS.filter((name) => names.includes(name)),
    dynamic: [...new Set([...sameDynamic, ...differentDynamic].map(foldName))],
  };
}

function firstTimeFields({ fts }: Decoder): Read {
  const listed = new Set<Bytes>(fts.map(({ name }) => name));
  return {
    fields: STATIC_FIELDS.filter((name) => listed.has(name)),
    dynamic: fts.flatMap((field) => (field.kind === "dynamic" ? [foldName(field.name)] : [])),
  };
}

function joined(reads: readonly Read[]): Read {
  return {
    fields: [...new Set(reads.flatMap(({ fields }) => fields))],
    dynamic: [...new Set(reads.flatMap(({ dynamic }) => dynamic))],
  };
}
