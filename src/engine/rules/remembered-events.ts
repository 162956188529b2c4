/** What is remembered of events, in rows that are used again. */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { Decoder } from "../model.js";
import { RememberedTexts } from "./remembered-texts.js";
import { FIRST_ROWS, moveRows, rowOf } from "./rows.js";

/** By the event's number: they are numbered as they come. */
export class RememberedEvents {
  /** Number of the oldest that is remembered. */
  oldest = 0;
  /** Number of the one that comes. */
  next = 0;
  #times = new Float64Array(FIRST_ROWS);
  #matched = new Int32Array(FIRST_ROWS);
  #decoders: (Decoder | null)[] = new Array<null>(FIRST_ROWS).fill(null);
  /** Where its log stands. */
  #chunks = new Int32Array(FIRST_ROWS);
  #starts = new Int32Array(FIRST_ROWS);
  #lengths = new Int32Array(FIRST_ROWS);
  readonly #texts = new RememberedTexts();

  /** Of one that is not kept as well, nothing but its time will be asked. */
  add(time: number): void {
    if (this.next - this.oldest === this.#times.length) this.#grow();
    this.#times[rowOf(this.next++, this.#times)] = time;
  }

  /** The one that was added last. */
  keep({ fullLog, matched, decoder }: EngineEvent): void {
    const row = rowOf(this.next - 1, this.#times);
    this.#matched[row] = matched;
    this.#decoders[row] = decoder;
    this.#starts[row] = this.#texts.add(fullLog);
    this.#chunks[row] = this.#texts.chunk;
    this.#lengths[row] = fullLog.length;
  }

  dropOldest(): void {
    // Of an event that was not kept this is the chunk of an older one, or 0: of those everything is forgotten already.
    this.#texts.forgetBefore(this.#chunks[rowOf(this.oldest++, this.#times)]!);
  }

  timeOf(event: number): number {
    return this.#times[rowOf(event, this.#times)]!;
  }

  decoderOf(event: number): Decoder | null {
    return this.#decoders[rowOf(event, this.#times)]!;
  }

  /** Level of the composite rule that used it up. */
  matchedOf(event: number): number {
    return this.#matched[rowOf(event, this.#times)]!;
  }

  useUp(event: number, level: number): void {
    this.#matched[rowOf(event, this.#times)] = level;
  }

  fullLogOf(event: number): Bytes {
    const row = rowOf(event, this.#times);
    return this.#texts.text(this.#chunks[row]!, this.#starts[row]!, this.#lengths[row]!);
  }

  #grow(): void {
    const { oldest, next } = this;
    const rows = 2 * this.#times.length;
    this.#times = moveRows(this.#times, new Float64Array(rows), oldest, next);
    this.#matched = moveRows(this.#matched, new Int32Array(rows), oldest, next);
    this.#decoders = moveRows(this.#decoders, new Array<null>(rows).fill(null), oldest, next);
    this.#chunks = moveRows(this.#chunks, new Int32Array(rows), oldest, next);
    this.#starts = moveRows(this.#starts, new Int32Array(rows), oldest, next);
    this.#lengths = moveRows(this.#lengths, new Int32Array(rows), oldest, next);
  }
}
