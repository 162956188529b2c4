/**
 * What a run of events leaves behind for later ones, written down so that another copy of the session can do the same:
 * which rules fired, which checks held, and of each event only what a composite rule may read of it.
 */
import type { Bytes } from "../bytes.js";
import type { CompiledRule } from "../compiled-ruleset.js";
import { EngineEvent, UNSET } from "../event.js";
import type { Predecoded } from "../predecoder.js";
import type { AheadRules, Check, EffectListener } from "./ahead-rules.js";
import { NO_READING, type Read, type Readings } from "./readings.js";

/** Plain data that can be sent to another thread. */
export interface Effects {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** All texts, end to end. */
  readonly text: Bytes;
  /** What expressions captured at the end and nothing consumed. */
  readonly leftovers: readonly Bytes[];
}

/** Kinds of entries. */
const WHOLE = 0;
const FIRED = 1;
const TOLD = 2;

const NO_CHECKS: readonly Check[] = [];
const ABSENT = -1;
const NEW = -1;
const NONE = -1;

export class EffectsWriter implements EffectListener {
  readonly #readings: Readings;
  #numbers: number[] = [];
  #texts: Bytes[] = [];
  #checks: Check[] = [];
  #found: CompiledRule | null = null;

  constructor(readings: Readings) {
    this.#readings = readings;
  }

  checked(check: Check): void {
    this.#checks.push(check);
  }

  fired(found: CompiledRule): void {
    this.#found = found;
  }

  /** An event that the other has to decide for itself. */
  whole(message: Bytes, time: number, leftovers: readonly Bytes[]): void {
    this.#numbers.push(WHOLE, time);
    this.#write(message);
    this.#numbers.push(leftovers.length);
    for (const text of leftovers) this.#write(text);
  }

  /** Ends the entry of an event that was settled. */
  settled(event: EngineEvent): void {
    const found = this.#found;
    const checks = this.#checks;
    this.#found = null;
    if (checks.length === 0) {
      if (found === null) return;
      if (this.#readings.ofRule(found) === NO_READING) {
        this.#numbers.push(FIRED, event.time, found.index);
        return;
      }
    }
    this.#numbers.push(TOLD, event.time, found === null ? NONE : found.index);
    this.#numbers.push(this.#readings.placeOf(event.decoder), checks.length);
    this.#writeLogs(event);
    for (const check of checks) {
      this.#numbers.push(check === null ? NEW : check.index);
      this.#writeFields(event, this.#readings.ofCheck(check, event.decoder));
    }
    if (found !== null) this.#writeFields(event, this.#readings.ofRule(found));
    this.#numbers.push(event.names.size > 0 ? 1 : 0);
    if (checks.length > 0) this.#checks = [];
  }

  /** Everything written since the last time. */
  take(leftovers: readonly Bytes[]): Effects {
    const effects = { numbers: Float64Array.from(this.#numbers), text: this.#texts.join(""), leftovers };
    this.#numbers = [];
    this.#texts = [];
    return effects;
  }

  #write(text: Bytes | null | undefined): void {
    if (text === null || text === undefined) this.#numbers.push(ABSENT);
    else {
      this.#numbers.push(text.length);
      this.#texts.push(text);
    }
  }

  /** The log is the message or its end, but where a header in brackets goes on behind it. */
  #writeLogs({ fullLog, log }: EngineEvent): void {
    this.#write(fullLog);
    if (log === fullLog || fullLog.endsWith(log)) this.#numbers.push(log.length, ABSENT);
    else {
      this.#numbers.push(ABSENT);
      this.#write(log);
    }
  }

  #writeFields(event: EngineEvent, { fields, dynamic }: Read): void {
    for (const name of fields) this.#write(event[name]);
    for (const name of dynamic) this.#write(event.field(name));
  }
}

/** What is the same for all events of a batch. */
export interface BatchPlace {
  readonly predecoded: Predecoded;
  /** Decides an event that is not told of. */
  decide(message: Bytes, time: number, leftovers: readonly Bytes[]): void;
}

/** Does to a copy of the session what the effects say. */
export function applyEffects(
  { numbers, text }: Effects,
  rules: AheadRules,
  readings: Readings,
  { predecoded, decide }: BatchPlace,
): void {
  let at = 0;
  let textAt = 0;
  const next = (): number => numbers[at++]!;
  const read = (): Bytes | null => {
    const length = next();
    if (length === ABSENT) return null;
    textAt += length;
    return text.slice(textAt - length, textAt);
  };
  const readFields = (event: EngineEvent, { fields, dynamic }: Read): void => {
    for (const name of fields) event[name] = read();
    for (const name of dynamic) {
      const value = read();
      if (value !== null) event.addField(name, value);
    }
  };
  const unread = new Unread(predecoded);
  while (at < numbers.length) {
    const kind = next();
    const time = next();
    if (kind === WHOLE) {
      const message = read()!;
      const leftovers = Array.from({ length: next() }, () => read()!);
      decide(message, time, leftovers);
      continue;
    }
    if (kind === FIRED) {
      const found = readings.rules[next()]!;
      rules.redo(unread.of(found, time), NO_CHECKS, found);
      continue;
    }
    const index = next();
    const found = index === NONE ? null : readings.rules[index]!;
    const decoder = readings.decoders[next()] ?? null;
    const count = next();
    const fullLog = read()!;
    const suffix = next();
    const own = read();
    const event = new EngineEvent(fullLog, predecoded, time);
    event.log = own ?? fullLog.slice(fullLog.length - suffix);
    event.decoder = decoder;
    event.afterParent = UNSET;
    const checks: Check[] = [];
    for (let i = 0; i < count; i++) {
      const searched = next();
      const check = searched === NEW ? null : readings.rules[searched]!.search;
      checks.push(check);
      readFields(event, readings.ofCheck(check, decoder));
    }
    if (found !== null) readFields(event, readings.ofRule(found));
    // That there are fields at all counts, even when none of them is read.
    if (next() === 1 && event.names.size === 0) event.addField("\0", "");
    rules.redo(event, checks, found);
  }
}

/** Events of which only rule and time are ever asked: those of one rule and second may be one and the same. */
class Unread {
  readonly #predecoded: Predecoded;
  readonly #events = new Map<CompiledRule, EngineEvent>();

  constructor(predecoded: Predecoded) {
    this.#predecoded = predecoded;
  }

  of(found: CompiledRule, time: number): EngineEvent {
    let event = this.#events.get(found);
    if (event === undefined || event.time !== time) {
      event = new EngineEvent("", this.#predecoded, time);
      this.#events.set(found, event);
    }
    return event;
  }
}
