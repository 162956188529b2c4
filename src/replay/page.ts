import type { Settled } from "../engine/replicas/replica.js";
import type { Processed } from "../engine/session.js";
import { PageText } from "./page-text.js";
import { NOWHERE, type Printer } from "./printer.js";
import { type Counts, countEvent, noCounts } from "./summary.js";

/** What was decided of a block. */
export interface Outcome {
  /** What is to be printed, newlines included, in UTF-8, end to end. It is so until the page is used again. */
  readonly pieces: readonly Uint8Array[];
  /** Of a summary, which prints nothing of single events. */
  readonly counts: Counts;
}

/**
 * Collects what is said of the events of one block. What is guessed of an event is printed at once, while all of it is near
 * in memory and need not be kept; in its turn it is put in how often the rule has fired, and said anew what came out
 * otherwise.
 */
export class Page {
  readonly #printer: Printer | null;
  readonly #text = new PageText();
  /** What is said anew. */
  readonly #anew = new PageText();
  /** By the guessed event's place: where its line begins, ... */
  readonly #starts: number[] = [];
  /** ... where in the text a count stands, and which. */
  readonly #countsAt: number[] = [];
  readonly #counted: number[] = [];
  /** Of a summary, which counts events when they are settled. */
  readonly #guessed: (Processed | null)[] = [];
  #settled = 0;
  #counts: Counts = noCounts();
  #pieces: Uint8Array[] = [];
  /** Up to where the text is in the pieces, or left out of them. */
  #used = 0;

  /** @param printer null: events are only counted */
  constructor(printer: Printer | null) {
    this.#printer = printer;
  }

  /** Adds an event that is decided. @param processed null: the predecoder refused it */
  add(processed: Processed | null): void {
    if (this.#printer === null) countEvent(this.#counts, processed);
    else this.#print(processed, this.#printer);
  }

  /** Adds an event that is to be settled. @param guessed as of GuessedEvent */
  guess(guessed: Processed | null | undefined): void {
    const start = this.#text.size;
    this.#starts.push(start);
    if (this.#printer === null) {
      this.#guessed.push(guessed ?? null);
      return;
    }
    const line = guessed === undefined ? null : this.#print(guessed, this.#printer);
    this.#countsAt.push(line && guessed ? this.#countAt(line, guessed, start, this.#printer) : NOWHERE);
    this.#counted.push(guessed?.event.firedTimes ?? 0);
  }

  /** Says what became of the next of those that were guessed. Any other event is added when all of them are settled. */
  settle(settled: Settled): void {
    const event = this.#settled++;
    const isAsGuessed = typeof settled === "number";
    if (this.#printer === null) countEvent(this.#counts, isAsGuessed ? this.#guessed[event]! : settled);
    else if (isAsGuessed) this.#putCount(event, settled);
    else this.#replace(this.#starts[event]!, this.#starts[event + 1] ?? this.#text.size, this.#printer.print(settled));
  }

  /** When all events are decided. */
  take(): Outcome {
    this.#use(this.#text.size);
    return { pieces: this.#pieces, counts: this.#counts };
  }

  /** Makes it a page without events again. */
  clear(): void {
    this.#text.clear();
    this.#anew.clear();
    for (const row of [this.#starts, this.#countsAt, this.#counted, this.#guessed]) row.length = 0;
    this.#settled = 0;
    this.#counts = noCounts();
    this.#pieces = [];
    this.#used = 0;
  }

  #print(processed: Processed | null, printer: Printer): string | null {
    const line = printer.print(processed);
    if (line !== null) this.#text.add(line);
    return line;
  }

  #countAt(line: string, guessed: Processed, start: number, printer: Printer): number {
    const at = printer.countAt(line, guessed);
    if (at === NOWHERE) return NOWHERE;
    const isAscii = this.#text.size - start === line.length + 1;
    return start + (isAscii ? at : Buffer.byteLength(line.slice(0, at)));
  }

  #putCount(event: number, count: number): void {
    const start = this.#countsAt[event]!;
    const guessed = this.#counted[event]!;
    if (start === NOWHERE || count === guessed) return;
    const end = start + digitsOf(guessed);
    if (digitsOf(count) === digitsOf(guessed)) this.#text.overwrite(start, end, count);
    else {
      this.#use(start);
      this.#pieces.push(Buffer.from(String(count)));
      this.#used = end;
    }
  }

  #replace(start: number, end: number, line: string | null): void {
    this.#use(start);
    this.#used = end;
    if (line === null) return;
    const { size } = this.#anew;
    this.#anew.add(line);
    this.#pieces.push(this.#anew.part(size, this.#anew.size));
  }

  #use(end: number): void {
    this.#pieces.push(this.#text.part(this.#used, end));
    this.#used = end;
  }
}

function digitsOf(number: number): number {
  let digits = 1;
  for (let least = 10; number >= least; least *= 10) digits++;
  return digits;
}
