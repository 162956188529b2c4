import { closeSync, openSync, readSync } from "node:fs";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { EventClock } from "../event-time.js";
import { InputOrder } from "../input-order.js";
import { LineBlock, lineEnds } from "../line-block.js";
import { CHUNK, unreadable } from "../lines.js";
import { timed } from "../timed-block.js";
import type { BlockSource, WorkerBlock } from "./block-source.js";
import type { ReadingState, SharedState } from "./shared-state.js";

const NEWLINE = 10;

/** Hears what there is to say while inputs are read. */
export interface ReadingListener {
  tell(diagnostic: Diagnostic): void;
  /** @param diagnostic why an input could not be read to its end */
  unreadable(diagnostic: Diagnostic): void;
}

/**
 * Blocks that the workers read themselves, out of files whose lines are events. One after the other reads on where the one
 * before has ended: so blocks, lines and times are those that a single reader would find.
 */
export class FileSource implements BlockSource {
  readonly isReady = true;
  readonly #inputs: readonly string[];
  readonly #location: string | undefined;
  readonly #shared: SharedState;
  readonly #listener: ReadingListener;
  readonly #clock = new EventClock();
  readonly #order = new InputOrder(this.#clock);
  #bytes = Buffer.allocUnsafeSlow(CHUNK);
  #open: { readonly input: number; readonly descriptor: number } | null = null;

  /** @param location of all events; by default that of the input */
  constructor(inputs: readonly string[], location: string | undefined, shared: SharedState, listener: ReadingListener) {
    this.#inputs = inputs;
    this.#location = location;
    this.#shared = shared;
    this.#listener = listener;
  }

  next(): WorkerBlock | null {
    return this.#shared.alone(() => this.#read());
  }

  #read(): WorkerBlock | null {
    const state = this.#shared.reading;
    let block = this.#linesAt(state);
    while (block === null && state.input < this.#inputs.length) {
      state.input++;
      state.offset = 0;
      state.linesBefore = state.lines;
      block = this.#linesAt(state);
    }
    if (block === null) {
      this.#shared.reading = state;
      this.#close();
      return null;
    }
    const name = this.#inputs[state.input]!;
    const input = { number: state.input, name };
    this.#clock.last = state.time;
    const { timedInput } = state;
    this.#order.timed = timedInput < 0 ? null : { number: timedInput, name: this.#inputs[timedInput]! };
    const withTimes = timed(block, this.#location ?? name, this.#clock, (line) => {
      const late = this.#order.see(input, line);
      if (late) this.#listener.tell(late);
    });
    const startedAt = state.blocks === 0 ? withTimes.times[0]! : state.startedAt;
    this.#shared.reading = {
      ...state,
      startedAt,
      blocks: state.blocks + 1,
      offset: state.offset + block.bytes.length,
      lines: state.lines + block.length,
      time: this.#clock.last,
      timedInput: this.#order.timed?.number ?? timedInput,
    };
    return { ...withTimes, index: state.blocks, linesBefore: state.lines, startedAt };
  }

  /** The lines from there on; null at the input's end. */
  #linesAt({ input, offset, lines, linesBefore }: ReadingState): LineBlock | null {
    if (input === this.#inputs.length) return null;
    try {
      for (;;) {
        const size = this.#fill(input, offset);
        if (size === 0) return null;
        const last = this.#bytes.lastIndexOf(NEWLINE, size - 1);
        if (last >= 0) {
          const whole = this.#bytes.subarray(0, last + 1);
          return new LineBlock(whole, lineEnds(whole), 0);
        }
        if (size < this.#bytes.length) return new LineBlock(this.#bytes.subarray(0, size), [size], 0);
        this.#bytes = Buffer.allocUnsafeSlow(2 * this.#bytes.length);
      }
    } catch (error) {
      this.#listener.unreadable(unreadable(this.#inputs[input]!, error, lines - linesBefore + 1));
      return null;
    }
  }

  /** As many bytes as there is room for, or as there are. */
  #fill(input: number, offset: number): number {
    const descriptor = this.#descriptorOf(input);
    let size = 0;
    while (size < this.#bytes.length) {
      const read = readSync(descriptor, this.#bytes, size, this.#bytes.length - size, offset + size);
      if (read === 0) break;
      size += read;
    }
    return size;
  }

  #descriptorOf(input: number): number {
    if (this.#open?.input !== input) {
      this.#close();
      this.#open = { input, descriptor: openSync(this.#inputs[input]!, "r") };
    }
    return this.#open!.descriptor;
  }

  #close(): void {
    if (this.#open !== null) closeSync(this.#open.descriptor);
    this.#open = null;
  }
}
