/**
 * The regexes of a decoder and of those chained to it. Where each of them looks at the whole log, those that this log does
 * not rule out are asked as one: a RegExp for each set of them that is met often.
 */
import type { EngineEvent } from "../event.js";
import type { Decoder } from "../model.js";
import { isMet } from "../text-index.js";
import { type Attempts, attemptsOf } from "./attempts.js";
import type { DecoderStep } from "./decoder-step.js";
import { JoinedFields } from "./joined-fields.js";

/** One RegExp takes longer to compile than its parts: it pays for what is met this often. */
const MET_OFTEN = 1_000;
/** Regexes of which a set has a number. */
const MOST_JOINED = 30;
/** With more sets than this, no further ones are joined. */
const MOST_SETS = 32;

export class Chain {
  readonly attempts: Attempts;
  /** Dynamic fields that it gives at most. */
  readonly mostFields: number;
  readonly #steps: readonly DecoderStep[];
  /** By set of regexes, one bit each: how often it was met, or what it was joined to. Null where none can be. */
  readonly #sets: Map<number, number | JoinedFields> | null;

  /** @param siblings among which they stand @param indexes where */
  constructor(siblings: readonly DecoderStep[], indexes: readonly number[]) {
    this.attempts = attemptsOf(siblings, indexes, ({ decoder }) => (decoder.plugin === null ? decoder.regex : null));
    this.#steps = indexes.map((index) => siblings[index]!);
    this.mostFields = this.#steps
      .flatMap(({ decoder }) => decoder.order)
      .filter((field) => field?.kind === "dynamic").length;
    const canBeJoined = indexes.length <= MOST_JOINED && this.#steps.every(({ decoder }) => looksAtWholeLog(decoder));
    this.#sets = canBeJoined ? new Map() : null;
  }

  /**
   * Fills the fields of an event that has none yet, where nothing is left of earlier captures. The text index has looked at
   * its log.
   * @returns was anything captured; null where the regexes have to be asked one by one
   */
  fillAtOnce(event: EngineEvent): boolean | null {
    return this.#sets === null ? null : (this.#joined(this.#sets)?.fill(event) ?? null);
  }

  /** Of those that are not ruled out; null as long as there is none. */
  #joined(sets: Map<number, number | JoinedFields>): JoinedFields | null {
    const set = this.#notRuledOut();
    const known = sets.get(set);
    if (typeof known === "object") return known;
    if (known === undefined && sets.size >= MOST_SETS) return null;
    const met = known ?? 0;
    if (met < MET_OFTEN) {
      sets.set(set, met + 1);
      return null;
    }
    const joined = JoinedFields.of(this.#steps.filter((_step, each) => (set & (1 << each)) !== 0));
    // A pattern that has no translation may have one by the time the set was met as often again.
    sets.set(set, joined ?? 0);
    return joined;
  }

  #notRuledOut(): number {
    const { places, indexes } = this.attempts;
    let set = 0;
    for (let each = 0; each < indexes.length; each++) if (isMet(places, each)) set |= 1 << each;
    return set;
  }
}

function looksAtWholeLog({ plugin, regex, regexOffset }: Decoder): boolean {
  return plugin === null && regex?.dialect === "pcre2" && regexOffset === "none";
}
