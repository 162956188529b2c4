import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import type { EventClock } from "./event-time.js";

/** The same file may be named twice. */
interface Input {
  readonly number: number;
  readonly name: string;
}

/**
 * Watches over the order of inputs that are replayed as one stream of time: all events of one that is older than the
 * input before it would fall into the same second, and count together as they never did.
 */
export class InputOrder {
  readonly #clock: EventClock;
  /** The last input in which a time was seen. Whoever reads on for another sets it to what that one has seen. */
  timed: Input | null = null;

  constructor(clock: EventClock) {
    this.#clock = clock;
  }

  /** A warning at the first time in an input, where it lies before what other inputs have reached; to be asked before `at`. */
  see(input: Input, line: Bytes): Diagnostic | null {
    const before = this.timed;
    if (input.number === before?.number) return null;
    const time = this.#clock.read(line);
    if (time === null) return null;
    this.timed = input;
    if (before === null || time >= this.#clock.last) return null;
    return {
      code: "inputs-unordered",
      severity: "warning",
      message: `${input.name} begins before the end of ${before.name}: its events count as if they came together`,
      hint:
        input.name === before.name
          ? "name it once"
          : `name the older one first: ${input.name} ${before.name}; or replay each by itself`,
    };
  }
}
