import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import type { EventClock } from "./event-time.js";

/**
 * Watches over the order of inputs that are replayed as one stream of time: all events of one that is older than the
 * input before it would fall into the same second, and count together as they never did.
 */
export class InputOrder {
  readonly #clock: EventClock;
  /** The last input in which a time was seen. */
  #timed: string | null = null;

  constructor(clock: EventClock) {
    this.#clock = clock;
  }

  /** A warning at the first time in an input, where it lies before what other inputs have reached; to be asked before `at`. */
  see(input: string, line: Bytes): Diagnostic | null {
    if (input === this.#timed) return null;
    const time = this.#clock.read(line);
    if (time === null) return null;
    const before = this.#timed;
    this.#timed = input;
    if (before === null || time >= this.#clock.last) return null;
    return {
      code: "inputs-unordered",
      severity: "warning",
      message: `${input} begins before the end of ${before}: its events count as if they came together`,
      hint: `name the older one first: ${input} ${before}; or replay each by itself`,
    };
  }
}
