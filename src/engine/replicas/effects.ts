/**
 * What a run of events leaves behind for later ones, written down so that another copy of the session can do the same:
 * which rules fired, which checks held, and of each event only what a composite rule may read of it.
 */
import type { Bytes } from "../bytes.js";
import type { CompiledRule } from "../compiled-ruleset.js";
import { EngineEvent } from "../event.js";
import type { Predecoded } from "../predecoder.js";
import { type AheadRules, type Check, type EffectListener, isOneOfMany } from "./ahead-rules.js";
import type { Read, Readings } from "./readings.js";

/** Plain data that can be sent to another thread. */
export interface Effects {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Of events that nothing else is told of: index of a rule, and how often it has fired, by turns. */
  readonly fired: Int32Array<ArrayBuffer>;
  /** All texts, end to end. */
  readonly text: Bytes;
  /** What expressions captured at the end and nothing consumed. */
  readonly leftovers: readonly Bytes[];
}

/** Kinds of entries. */
const WHOLE = 0;
/** Events that are remembered as one more each, no matter which. */
const PASSED = 1;
const TOLD = 2;

const ABSENT = -1;
const NEW = -1;
const NONE = -1;

export class EffectsWriter implements EffectListener {
  readonly #readings: Readings;
  #numbers: number[] = [];
  #texts: Bytes[] = [];
  /** By the rule's index; and the rules for which it is not 0. */
  readonly #fired: Int32Array;
  #firedRules: number[] = [];
  /** Events in a row, of one second. */
  #passed = 0;
  #passedAt = 0;
  #checks: Check[] = [];
  #found: CompiledRule | null = null;

  constructor(readings: Readings) {
    this.#readings = readings;
    this.#fired = new Int32Array(readings.rules.length);
  }

  checked(check: Check): void {
    this.#checks.push(check);
  }

  fired(found: CompiledRule): void {
    this.#found = found;
  }

  /** An event that the other has to decide for itself. */
  whole(message: Bytes, time: number, leftovers: readonly Bytes[]): void {
    this.#checks = [];
    this.#found = null;
    this.#endPassed();
    this.#numbers.push(WHOLE, time);
    this.#write(message);
    this.#numbers.push(leftovers.length);
    for (const text of leftovers) this.#write(text);
  }

  /** An event of a rule of which nobody reads more than how many there were. */
  counted({ index, rule }: CompiledRule, time: number): void {
    if (this.#fired[index]!++ === 0) this.#firedRules.push(index);
    if (rule.level !== 0) this.#pass(time);
  }

  /** Ends the entry of an event whose checks and rule were heard of. */
  settled(event: EngineEvent): void {
    const found = this.#found;
    const checks = this.#checks;
    this.#found = null;
    if (checks.length === 0) {
      if (found === null) return;
      if (isOneOfMany(found)) {
        this.counted(found, event.time);
        return;
      }
    }
    this.#endPassed();
    this.#numbers.push(TOLD, event.time, found === null ? NONE : found.index);
    this.#numbers.push(this.#readings.placeOf(event.decoder), checks.length);
    for (const check of checks) {
      this.#numbers.push(check === null ? NEW : check.index);
      this.#writeFields(event, this.#readings.ofCheck(check, event.decoder));
    }
    if (found !== null && found.recorders.length > 0) {
      this.#writeLogs(event);
      this.#writeFields(event, this.#readings.ofRule(found));
    }
    this.#numbers.push(event.names.size > 0 ? 1 : 0);
    if (checks.length > 0) this.#checks = [];
  }

  /** Everything written since the last time. */
  take(leftovers: readonly Bytes[]): Effects {
    this.#endPassed();
    const fired = Int32Array.from(this.#firedRules.flatMap((rule) => [rule, this.#fired[rule]!]));
    const effects = { numbers: Float64Array.from(this.#numbers), fired, text: this.#texts.join(""), leftovers };
    this.#numbers = [];
    this.#texts = [];
    for (const rule of this.#firedRules) this.#fired[rule] = 0;
    this.#firedRules = [];
    return effects;
  }

  #pass(time: number): void {
    if (time !== this.#passedAt) this.#endPassed();
    this.#passedAt = time;
    this.#passed++;
  }

  #endPassed(): void {
    if (this.#passed > 0) this.#numbers.push(PASSED, this.#passedAt, this.#passed);
    this.#passed = 0;
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

  #writeFields(event: EngineEvent, { readers, dynamic }: Read): void {
    for (const read of readers) this.#write(read(event));
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
  { numbers, fired, text }: Effects,
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
  const readFields = (event: EngineEvent, { writers, dynamic }: Read): void => {
    for (const write of writers) {
      const value = read();
      if (value !== null) write(event, value);
    }
    for (const name of dynamic) {
      const value = read();
      if (value !== null) event.addField(name, value);
    }
  };
  const readLogs = (event: EngineEvent): void => {
    event.fullLog = read()!;
    const suffix = next();
    event.log = read() ?? event.fullLog.slice(event.fullLog.length - suffix);
  };
  for (let each = 0; each < fired.length; each += 2) rules.addFired(readings.rules[fired[each]!]!, fired[each + 1]!);
  while (at < numbers.length) {
    const kind = next();
    const time = next();
    if (kind === WHOLE) {
      const message = read()!;
      const leftovers = Array.from({ length: next() }, () => read()!);
      decide(message, time, leftovers);
      continue;
    }
    if (kind === PASSED) {
      rules.memory.pass(time, next());
      continue;
    }
    const index = next();
    const found = index === NONE ? null : readings.rules[index]!;
    const decoder = readings.decoders[next()] ?? null;
    const count = next();
    const event = new EngineEvent("", predecoded, time);
    event.decoder = decoder;
    const checks: Check[] = [];
    for (let i = 0; i < count; i++) {
      const searched = next();
      const check = searched === NEW ? null : readings.rules[searched]!.search;
      checks.push(check);
      readFields(event, readings.ofCheck(check, decoder));
    }
    if (found !== null && found.recorders.length > 0) {
      readLogs(event);
      readFields(event, readings.ofRule(found));
    }
    // That there are fields at all counts, even when none of them is read.
    if (next() === 1 && event.names.size === 0) event.addField("\0", "");
    rules.redo(event, checks, found);
  }
}
