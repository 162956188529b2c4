/** A session: the state that the real engine's logtest keeps between the events of one token. */
import { isAscii } from "node:buffer";
import { type Bytes, toBytes } from "./bytes.js";
import { type CompiledRuleset, compileRuleset } from "./compiled-ruleset.js";
import { type Decision, formatError, toDecision } from "./decision.js";
import { Accumulator } from "./decoders/accumulator.js";
import { DecodingPhase } from "./decoders/decode.js";
import { EngineEvent } from "./event.js";
import type { Ruleset } from "./model.js";
import { predecode } from "./predecoder.js";
import { cString, rememberAscii } from "./regex/ascii.js";
import { RulesPhase } from "./rules/match.js";

export interface SessionOptions {
  /** Name of the manager: the host of a local event that names none. Default `localhost`. */
  readonly hostname?: string;
  /** Least level of an alert. Default 3. */
  readonly logAlertLevel?: number;
}

export interface EventInput {
  /** One message; text is taken as UTF-8. It ends at its first NUL. */
  readonly event: string | Uint8Array;
  /** As the queue names it; `[001] (name) ip->path` is an event of agent 001. Default `stdin`. */
  readonly location?: string;
  /** Epoch seconds; fractions do not count. Default: the time of the event before, 0 for the first. Must not go back. */
  readonly at?: number;
}

/** An event that was decided, or null where the predecoder refuses its location. */
export interface Processed {
  readonly event: EngineEvent;
  /** Type of the event's decoder by now. */
  readonly type: number;
  readonly description: Bytes | null;
  readonly alert: boolean;
  readonly hostname: Bytes;
}

export class Session {
  readonly #compiled: CompiledRuleset;
  readonly #hostname: Bytes;
  readonly #logAlertLevel: number;
  readonly #decoding: DecodingPhase;
  readonly #rules: RulesPhase;
  readonly #accumulator = new Accumulator();
  #now = 0;

  constructor(ruleset: Ruleset, options: SessionOptions = {}) {
    this.#compiled = compileRuleset(ruleset);
    this.#hostname = toBytes(options.hostname ?? "localhost");
    this.#logAlertLevel = options.logAlertLevel ?? 3;
    this.#decoding = new DecodingPhase(this.#compiled);
    this.#rules = new RulesPhase(this.#compiled, this.#decoding);
  }

  /** Decide one event. */
  process(input: EventInput): Decision {
    const { event } = input;
    const message = cString(toBytes(event));
    const ascii = typeof event === "string" ? message === event : isAscii(event);
    const location = input.location === undefined ? "stdin" : cString(toBytes(input.location));
    const processed = this.run(message, location, input.at, ascii);
    return processed === null ? formatError() : toDecision(processed);
  }

  /**
   * The same on engine strings, without making a Decision of it.
   * @param ascii the message is known to be ASCII, which makes it cheaper to read, and to show what was read
   */
  run(message: Bytes, location: Bytes, at?: number, ascii = false): Processed | null {
    const now = at === undefined ? this.#now : Math.floor(at);
    this.#now = now;
    this.#accumulator.startAt(now);
    const predecoded = predecode(message, location, this.#hostname);
    if (predecoded === null) return null;
    if (ascii) rememberAscii(predecoded.log);
    const event = new EngineEvent(message, predecoded, now, ascii && this.#compiled.namesAreAscii);
    this.#decoding.decode(event);
    if (event.decoder?.accumulate) {
      this.#accumulator.accumulate(event, event.decoder.name);
      event.accumulated = true;
    }
    const found = this.#rules.match(event);
    const { rule } = event;
    return {
      event,
      type: this.#decoding.typeOf(event),
      description: found === null ? null : found.describe(event),
      alert: rule !== null && event.accepted && rule.level >= this.#logAlertLevel,
      hostname: this.#hostname,
    };
  }
}

export function createSession(ruleset: Ruleset, options?: SessionOptions): Session {
  return new Session(ruleset, options);
}
