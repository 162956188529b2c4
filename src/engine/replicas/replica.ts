/**
 * One of several copies of a session that share the work of one stream of events, in batches. Each batch is guessed at by
 * one copy, at any time: pre-decoded, decoded and matched as if no event had been before it. In its turn it is settled
 * there: what depends on earlier events is asked again, and firing counts are given. What is left of it when its turn comes
 * is decided at once. The others take over what it left behind. So all copies have the same state between two batches, the
 * one that a single session would have.
 */
import { type Bytes, toBytes } from "../bytes.js";
import { type CompiledRule, type CompiledRuleset, compileRuleset } from "../compiled-ruleset.js";
import { Accumulator } from "../decoders/accumulator.js";
import { DecodingPhase } from "../decoders/decode.js";
import { EngineEvent } from "../event.js";
import type { Ruleset } from "../model.js";
import { type Predecoded, predecode } from "../predecoder.js";
import { rememberAscii } from "../regex/ascii.js";
import type { Processed, SessionOptions } from "../session.js";
import { AheadRules, type Guess, isSure } from "./ahead-rules.js";
import { applyEffects, type Effects, EffectsWriter } from "./effects.js";
import { decodersInTurn, type InTurn } from "./in-turn.js";
import { Readings } from "./readings.js";

export interface GuessedEvent {
  /** As far as it is known. Null: the predecoder refuses it. */
  readonly event: EngineEvent | null;
  /**
   * What it will be if its checks fail, but for how often its rule has fired. Null: refused; undefined: that cannot be told, or
   * its checks may well hold.
   */
  readonly guessed: Processed | null | undefined;
  readonly unsettled: Unsettled;
}

/** What is kept of an event until its turn: of most of them little, because what lives for long is dear to collect. */
export type Unsettled =
  | { readonly kind: "refused" }
  | { readonly kind: "whole"; readonly message: Bytes; readonly time: number }
  | { readonly kind: "guess"; readonly guess: Guess; readonly leftovers: readonly Bytes[] }
  | {
      readonly kind: "sure";
      readonly found: CompiledRule | null;
      readonly time: number;
      readonly leftovers: readonly Bytes[];
    };

/** What became of an event in its turn. A number: what was guessed; so often its rule has fired by now, 0 where it has none. */
export type Settled = number | Processed;

/** Stands for captures that are not known yet, or that nobody asks for. */
const UNTOUCHED: readonly Bytes[] = [];

const REFUSED: GuessedEvent = { event: null, guessed: null, unsettled: { kind: "refused" } };

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
    if (predecoded === null) return REFUSED;
    if (ascii) rememberAscii(predecoded.log);
    const event = new EngineEvent(message, predecoded, time, ascii && this.#compiled.namesAreAscii);
    this.#ahead.leftovers = UNTOUCHED;
    this.#ahead.decode(event);
    const guess = this.#isInTurn(event) ? null : this.#rules.guess(event);
    if (guess === null) return { event, guessed: undefined, unsettled: { kind: "whole", message, time } };
    const { found, isDoubtful } = guess;
    const leftovers = this.#inTurn.takesLeftovers ? this.#ahead.leftovers : UNTOUCHED;
    return {
      event,
      guessed: isDoubtful ? undefined : this.#processed(event, found, isAcceptedMostly(found)),
      unsettled: isSure(guess) ? { kind: "sure", found, time, leftovers } : { kind: "guess", guess, leftovers },
    };
  }

  /** The second step, in the order of the events. */
  settle(unsettled: Unsettled, location: Bytes): Settled {
    switch (unsettled.kind) {
      case "refused":
        return 0;
      case "whole":
        return this.decide(unsettled.message, location, unsettled.time)!;
      case "guess":
        return this.#settleGuess(unsettled.guess, unsettled.leftovers);
      case "sure":
        this.#leave(unsettled.leftovers);
        return unsettled.found === null ? 0 : this.#count(unsettled.found, unsettled.time);
    }
  }

  /** Both steps of an event whose turn it is already. @param ascii as of Session.run */
  decide(message: Bytes, location: Bytes, time: number, ascii = false): Processed | null {
    const predecoded = predecode(message, location, this.#hostname);
    if (predecoded === null) return null;
    const before = this.#decoding.leftovers;
    const event = this.#decoded(message, predecoded, time, ascii);
    const found = this.#rules.decide(event, this.#effects);
    this.#tell(event, before);
    return this.#processed(event, found, event.accepted);
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
        this.#rules.match(this.#decoded(message, predecode(message, location, this.#hostname)!, time, false));
      },
    });
    this.#decoding.leftovers = effects.leftovers;
  }

  /** As a session does. */
  #decoded(message: Bytes, predecoded: Predecoded, time: number, ascii: boolean): EngineEvent {
    if (ascii) rememberAscii(predecoded.log);
    const event = new EngineEvent(message, predecoded, time, ascii && this.#compiled.namesAreAscii);
    this.#decoding.decode(event);
    if (event.decoder?.accumulate) {
      this.#accumulator.accumulate(event, event.decoder.name);
      event.accumulated = true;
    }
    return event;
  }

  #isInTurn({ decoder }: EngineEvent): boolean {
    return decoder !== null && this.#inTurn.decoders.has(decoder);
  }

  #settleGuess(guess: Guess, leftovers: readonly Bytes[]): Settled {
    const { event, isDoubtful } = guess;
    const before = this.#decoding.leftovers;
    this.#leave(leftovers);
    const found = this.#rules.settle(guess, this.#effects);
    this.#tell(event, before);
    const { accepted, firedTimes, lastEvents } = event;
    const isAsGuessed = found === guess.found && accepted === isAcceptedMostly(found) && lastEvents.length === 0;
    if (isDoubtful || !isAsGuessed) return this.#processed(event, found, accepted);
    return found === null ? 0 : firedTimes;
  }

  #count(found: CompiledRule, time: number): number {
    this.#effects.counted(found, time);
    return this.#rules.count(found, time);
  }

  #leave(leftovers: readonly Bytes[]): void {
    if (leftovers !== UNTOUCHED) this.#decoding.leftovers = leftovers;
  }

  /** Tells the others of an event that was decided. @param before captures that the event before has left */
  #tell(event: EngineEvent, before: readonly Bytes[]): void {
    if (this.#rules.reachedDiff || this.#isInTurn(event)) this.#effects.whole(event.fullLog, event.time, before);
    else this.#effects.settled(event);
  }

  #processed(event: EngineEvent, found: CompiledRule | null, accepted: boolean): Processed {
    return {
      event,
      type: this.#decoding.typeOf(event),
      description: found === null ? null : found.describe(event),
      alert: found !== null && accepted && found.rule.level >= this.#logAlertLevel,
      hostname: this.#hostname,
    };
  }
}

/** Unless the rule's `ignore` time runs. */
function isAcceptedMostly(found: CompiledRule | null): boolean {
  return found !== null && found.rule.level !== 0;
}
