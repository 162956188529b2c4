/**
 * The regexes of a decoder and of those chained to it. Where each of them looks at the whole log, or each behind the one
 * before, those that this log does not rule out are asked as one: a RegExp for each set of them that is met often.
 */
import type { EngineEvent } from "../event.js";
import type { Decoder, Offset } from "../model.js";
import type { Joint } from "../regex/pcre2/joined.js";
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
  /** Null where they cannot be joined. */
  readonly #joint: Joint | null;
  /** By set of regexes, one bit each: how often it was met, or what it was joined to. */
  readonly #sets = new Map<number, number | JoinedFields>();

  /** @param siblings among which they stand @param indexes where */
  constructor(siblings: readonly DecoderStep[], indexes: readonly number[]) {
    this.attempts = attemptsOf(siblings, indexes, ({ decoder }) => (decoder.plugin === null ? decoder.regex : null));
    this.#steps = indexes.map((index) => siblings[index]!);
    this.mostFields = this.#steps
      .flatMap(({ decoder }) => decoder.order)
      .filter((field) => field?.kind === "dynamic").length;
    this.#joint = jointOf(this.#steps.map(({ decoder }) => decoder));
  }

  /**
   * Fills the fields of an event that has none yet, where nothing is left of earlier captures. The text index has looked at
   * its log.
   * @param prematchEnd where the log goes on behind the prematch
   * @returns was anything captured; null where the regexes have to be asked one by one
   */
  fillAtOnce(event: EngineEvent, prematchEnd: number): boolean | null {
    return this.#joint === null ? null : (this.#joined(this.#joint)?.fill(event, prematchEnd) ?? null);
  }

  /** Of those that are not ruled out; null as long as there is none. */
  #joined(joint: Joint): JoinedFields | null {
    const sets = this.#sets;
    const set = this.#notRuledOut();
    const known = sets.get(set);
    if (typeof known === "object") return known;
    if (known === undefined && sets.size >= MOST_SETS) return null;
    const met = known ?? 0;
    if (met < MET_OFTEN) {
      sets.set(set, met + 1);
      return null;
    }
    const steps = this.#steps.filter((_step, each) => (set & (1 << each)) !== 0);
    const joined = JoinedFields.of(steps, joint);
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

function jointOf(decoders: readonly Decoder[]): Joint | null {
  if (decoders.length > MOST_JOINED) return null;
  if (!decoders.every(({ plugin, regex }) => plugin === null && regex?.dialect === "pcre2")) return null;
  const [first, ...others] = decoders.map(({ regexOffset }) => regexOffset);
  const has = (offset: Offset) => others.every((each) => each === offset);
  if (first === "none" && has("none")) return "apart";
  return first !== "after_parent" && has("after_regex") ? "behind" : null;
}
