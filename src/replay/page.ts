import type { Processed } from "../engine/session.js";
import type { Printer } from "./printer.js";
import { type Counts, countEvent, noCounts } from "./summary.js";

const FIRST_SIZE = 1 << 20;
/** Bytes that a UTF-16 unit of a string takes at most. */
const MOST_BYTES = 3;
const NEWLINE = 10;

/** What was decided of a block. */
export interface Outcome {
  /** What is to be printed, newlines included, in UTF-8. It stays as it is until a line of the next block is added. */
  readonly text: Uint8Array;
  /** Of a summary, which prints nothing of single events. */
  readonly counts: Counts;
}

/** Collects what is said of the events of one block, as UTF-8 in memory that the next block uses again. */
export class Page {
  readonly #print: Printer | null;
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #size = 0;
  #counts: Counts = noCounts();

  /** @param print null: events are only counted */
  constructor(print: Printer | null) {
    this.#print = print;
  }

  /** @param processed null: the predecoder refused the event */
  add(processed: Processed | null): void {
    if (this.#print === null) {
      countEvent(this.#counts, processed);
      return;
    }
    const line = this.#print(processed);
    if (line === null) return;
    this.#makeRoomFor(line.length * MOST_BYTES + 1);
    // Line by line, while it is still near: one long string for all would be copied twice more.
    this.#size += this.#bytes.write(line, this.#size, "utf8");
    this.#bytes[this.#size++] = NEWLINE;
  }

  /** What was added since the last time. */
  take(): Outcome {
    const outcome = { text: this.#bytes.subarray(0, this.#size), counts: this.#counts };
    this.#size = 0;
    this.#counts = noCounts();
    return outcome;
  }

  #makeRoomFor(more: number): void {
    const needed = this.#size + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}
