/**
 * One of several copies of a session that share the work of one stream of events, in batches. Each batch is guessed at by
 * one copy, at any time: pre-decoded, decoded and matched as if no event had been before it. In its turn it is settled
 * there: what depends on earlier events is asked again, and firing counts are given. The others take over what it left
 * behind. So all copies have the same state between two batches, the one that a single session would have.
 */
import { type Bytes, toBytes } from "../bytes.js";
import { type CompiledRule, type CompiledRuleset, compileRuleset } from "../compiled-ruleset.js";
import { Accumulator } from "../decoders/accumulator.js";
import { DecodingPhase } from "../decoders/decode.js";
import { EngineEvent } from "../event.js";
import type { Ruleset } from "../model.js";
import { predecode } from "../predecoder.js";
import { rememberAscii } from "../regex/ascii.js";
import type { Processed, SessionOptions } from "../session.js";
import { AheadRules, type Guess } from "./ahead-rules.js";
import { applyEffects, type Effects, EffectsWriter } from "./effects.js";
import { decodersInTurn, type InTurn } from "./in-turn.js";
import { Readings } from "./readings.js";

export interface GuessedEvent {
  readonly message: Bytes;
  readonly time: number;
  /** Null where none can be made; `refused` where the predecoder refuses the location. */
  readonly guess: Guess | null | "refused";
  /** What it leaves captured for the next event; `UNTOUCHED`: whatever there was before. */
  readonly leftovers: readonly Bytes[];
}

/** Stands for captures that are not known yet. */
const UNTOUCHED: readonly Bytes[] = [];

export class Replica {
  readonly #compiled: CompiledRuleset;
  readonly #hostname: Bytes;
  readonly #logAlertLevel: number;
  /** Decodes for guesses; what plug-ins change in it is of no account. */
  readonly #ahead: DecodingPhase;
  /** Decodes in turn, what cannot be guessed. */
  readonly #decoding: DecodingPhase;
  readonly #rules: AheadRules;
  readonly #readings: Readings;
  readonly #inTurn: InTurn;
  readonly #accumulator = new Accumulator();
  readonly #effects: EffectsWriter;

  /** @param startedAt time of the stream's first event */
  constructor(ruleset: Ruleset, startedAt: number, options: SessionOptions = {}) {
    this.#compiled = compileRuleset(ruleset);
    this.#hostname = toBytes(options.hostname ?? "localhost");
    this.#logAlertLevel = options.logAlertLevel ?? 3;
    this.#ahead = new DecodingPhase(this.#compiled);
    this.#decoding = new DecodingPhase(this.#compiled);
    this.#rules = new AheadRules(this.#compiled, this.#decoding);
    this.#readings = new Readings(this.#compiled);
    this.#inTurn = decodersInTurn(ruleset);
    this.#accumulator.startAt(startedAt);
    this.#effects = new EffectsWriter(this.#readings);
  }

  /**
   * The first step of an event, which may be taken before those before it have taken theirs.
   * @param ascii as of Session.run
   */
  guess(message: Bytes, location: Bytes, time: number, ascii = false): GuessedEvent {
    const predecoded = predecode(message, location, this.#hostname);
    if (predecoded === null) return { message, time, guess: "refused", leftovers: UNTOUCHED };
    if (ascii) rememberAscii(predecoded.log);
    const event = new EngineEvent(message, predecoded, time, ascii && this.#compiled.namesAreAscii);
    this.#ahead.leftovers = UNTOUCHED;
    this.#ahead.decode(event);
    const { leftovers } = this.#ahead;
    const inTurn = event.decoder !== null && this.#inTurn.decoders.has(event.decoder);
    return { message, time, guess: inTurn ? null : this.#rules.guess(event), leftovers };
  }

  /** The second step, in the order of the events. */
  settle({ message, time, guess, leftovers }: GuessedEvent, location: Bytes): Processed | null {
    if (guess === "refused") return null;
    if (guess === null) {
      this.#effects.whole(message, time, this.#decoding.leftovers);
      const event = this.#decoded(message, location, time);
      return this.#processed(event, this.#rules.match(event));
    }
    if (leftovers !== UNTOUCHED) this.#decoding.leftovers = leftovers;
    const found = this.#rules.settle(guess, this.#effects);
    this.#effects.settled(guess.event);
    return this.#processed(guess.event, found);
  }

  /** What the events settled since the last time have left behind. */
  takeEffects(): Effects {
    return this.#effects.take(this.#inTurn.takesLeftovers ? this.#decoding.leftovers : []);
  }

  /** Takes over what another copy's batch left behind. */
  apply(effects: Effects, location: Bytes): void {
    const predecoded = predecode("", location, this.#hostname);
    if (predecoded === null) return;
    applyEffects(effects, this.#rules, this.#readings, {
      predecoded,
      decide: (message, time, leftovers) => {
        this.#decoding.leftovers = leftovers;
        this.#rules.match(this.#decoded(message, location, time));
      },
    });
    this.#decoding.leftovers = effects.leftovers;
  }

  /** As a session does. */
  #decoded(message: Bytes, location: Bytes, time: number): EngineEvent {
    const event = new EngineEvent(message, predecode(message, location, this.#hostname)!, time);
    this.#decoding.decode(event);
    if (event.decoder?.accumulate) {
      this.#accumulator.accumulate(event, event.decoder.name);
      event.accumulated = true;
    }
    return event;
  }

  #processed(event: EngineEvent, found: CompiledRule | null): Processed {
    return {
      event,
      type: this.#decoding.typeOf(event),
      description: found === null ? null : found.describe(event),
      alert: found !== null && event.accepted && found.rule.level >= this.#logAlertLevel,
      hostname: this.#hostname,
    };
  }
}
