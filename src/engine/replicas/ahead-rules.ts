/**
 * Rule matching in two steps: ahead of the state that earlier events make, and again where that guess was wrong. The first
 * step needs no state, so that many events can take it at once; the second is short, and is taken in order. An event whose
 * turn it is already is matched at once.
 */
import type { Bytes } from "../bytes.js";
import type { CompiledRule, CompiledRuleset } from "../compiled-ruleset.js";
import type { EngineEvent } from "../event.js";
import { type Decoder, EVENT_TYPES, type Rule } from "../model.js";
import type { Search, SearchContext } from "../rules/correlate.js";
import { RulesPhase } from "../rules/match.js";

/** A check that depends on earlier events: a composite rule's search, or whether the event's combination is new (null). */
export type Check = Search | null;

/** What is decided of an event if all its checks fail, as most do. */
export interface Guess {
  /** With its rule, and how often that would have fired if no other event were to come before. */
  readonly event: EngineEvent;
  readonly found: CompiledRule | null;
  /** In the order in which they were asked. */
  readonly checks: readonly Check[];
  /** One of them held when it was asked last, and may well hold again: composite rules fire in a row. */
  readonly isDoubtful: boolean;
}

/** Depends on no other event, and no other on this one, but for counts. */
export function isSure({ found, checks }: Guess): boolean {
  return checks.length === 0 && (found === null || isOneOfMany(found));
}

/** Nothing reads such a rule's events, and whether they are accepted does not depend on others. */
export function isOneOfMany({ recorders, rule }: CompiledRule): boolean {
  return recorders.length === 0 && rule.ignoreTime === 0;
}

/** Hears of everything that later events may depend on, in order. */
export interface EffectListener {
  checked(check: Check): void;
  fired(found: CompiledRule): void;
}

const NO_CHECKS: readonly Check[] = [];

export class AheadRules extends RulesPhase {
  /** By the composite rule's index: whether its search found enough when it was asked last. */
  readonly #held: Uint8Array;
  #guessing = false;
  #checks: Check[] | null = null;
  #isDoubtful = false;
  #found: CompiledRule | null = null;
  #reachedDiff = false;

  #listener: EffectListener | null = null;
  /** Checks of the event in hand that failed before, and one more that held. */
  #failed = 0;
  #shown: readonly Bytes[] | null = null;

  constructor(ruleset: CompiledRuleset, decoding: Pick<SearchContext, "typeOf">) {
    super(ruleset, decoding);
    this.#held = new Uint8Array(ruleset.size);
  }

  /** Did the last event reach a check_diff? That compares too much to be guessed, or told of. */
  get reachedDiff(): boolean {
    return this.#reachedDiff;
  }

  /** Null where no guess can be made, and the event is to be decided as a whole in its turn. */
  guess(event: EngineEvent): Guess | null {
    this.#guessing = true;
    this.#checks = null;
    this.#isDoubtful = false;
    this.#found = null;
    this.#reachedDiff = false;
    this.match(event);
    this.#guessing = false;
    if (this.#reachedDiff) return null;
    return { event, found: this.#found, checks: this.#checks ?? NO_CHECKS, isDoubtful: this.#isDoubtful };
  }

  /** Decides the event of a guess in its turn. @returns the rule that was found */
  settle({ event, found, checks }: Guess, listener: EffectListener): CompiledRule | null {
    this.#listener = listener;
    this.#reachedDiff = false;
    for (let i = 0; i < checks.length; i++) {
      if (this.#ask(checks[i]!, event)) {
        const again = this.#matchAgain(event, i);
        this.#listener = null;
        return again;
      }
      event.lastEvents = [];
    }
    if (found !== null) {
      this.fire(found, event);
      if (found.rule.level !== 0) this.accept(found, event);
    }
    this.#listener = null;
    return found;
  }

  /** Counts an event of which the guess is sure. @returns how often the rule has fired by now */
  count(found: CompiledRule, time: number): number {
    this.addFired(found, 1);
    if (found.rule.level !== 0) this.memory.pass(time, 1);
    return this.firedOf(found);
  }

  /** Decides an event of which no guess was made. @returns the rule that was found */
  decide(event: EngineEvent, listener: EffectListener): CompiledRule | null {
    this.#listener = listener;
    this.#reachedDiff = false;
    const found = this.match(event);
    this.#listener = null;
    return found;
  }

  /** Does what an event that was decided elsewhere has done there. */
  redo(event: EngineEvent, checks: readonly Check[], found: CompiledRule | null): void {
    if (checks.length > 0) {
      for (const check of checks) this.#ask(check, event);
      event.lastEvents = [];
    }
    if (found === null) return;
    event.rule = found.rule;
    this.fire(found, event);
    if (found.rule.level !== 0) this.accept(found, event);
  }

  #matchAgain(event: EngineEvent, failed: number): CompiledRule | null {
    this.#failed = failed;
    this.#shown = event.lastEvents;
    event.lastEvents = [];
    event.rule = null;
    return this.match(event);
  }

  #ask(check: Check, event: EngineEvent): boolean {
    if (check === null) {
      const fresh = super.isNew(event, event.decoder!);
      // Of what is no news nothing is remembered, but of type ids, where what resembles it is.
      if (fresh || this.typeOf(event) === EVENT_TYPES.ids) this.#listener?.checked(null);
      return fresh;
    }
    const found = super.finds(check, event);
    this.#held[check.index] = found ? 1 : 0;
    if (found) this.#listener?.checked(check);
    return found;
  }

  /** Answers from what is known already; undefined: it is not. */
  #known(event: EngineEvent): boolean | undefined {
    if (this.#shown === null) return undefined;
    if (this.#failed-- > 0) return false;
    event.lastEvents = [...this.#shown];
    this.#shown = null;
    return true;
  }

  protected override changed(rule: Rule, event: EngineEvent): boolean {
    this.#reachedDiff = true;
    return this.#guessing ? false : super.changed(rule, event);
  }

  protected override isNew(event: EngineEvent, decoder: Decoder): boolean {
    if (this.#guessing) return this.#note(null);
    if (this.#listener === null) return super.isNew(event, decoder);
    return this.#known(event) ?? this.#ask(null, event);
  }

  protected override finds(search: Search, event: EngineEvent): boolean {
    if (this.#guessing) return this.#note(search);
    if (this.#listener === null) return super.finds(search, event);
    return this.#known(event) ?? this.#ask(search, event);
  }

  #note(check: Check): false {
    if (check !== null && this.#held[check.index] === 1) this.#isDoubtful = true;
    if (this.#checks === null) this.#checks = [check];
    else this.#checks.push(check);
    return false;
  }

  protected override fire(found: CompiledRule, event: EngineEvent): void {
    if (this.#guessing) {
      this.#found = found;
      event.firedTimes = this.firedOf(found) + 1;
      return;
    }
    super.fire(found, event);
    this.#listener?.fired(found);
  }

  protected override accept(found: CompiledRule, event: EngineEvent): void {
    if (!this.#guessing) super.accept(found, event);
  }
}
