import { MessageChannel, MessagePort, Worker } from "node:worker_threads";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { RulesetInput } from "../../ruleset/load.js";
import type { Decider, DeciderOptions } from "../decider.js";
import { type ExpensivePattern, merged } from "../expensive-patterns.js";
import { CHUNK } from "../lines.js";
import type { Counts } from "../summary.js";
import type { TimedBlock } from "../timed-block.js";
import type { FedBlock, FedMessage, FilesToRead, FromWorker, WorkerStart } from "./messages.js";
import { type ReadingState, SharedState } from "./shared-state.js";

/** Blocks that a worker may have in hand: one in work, and the next two. */
const IN_HAND = 3;
/** Bytes: most blocks fit. */
const BLOCK_MEMORY = 2 * CHUNK;

export interface PoolOptions extends DeciderOptions {
  readonly input: RulesetInput;
  /** File descriptor that the workers write to, in order. */
  readonly descriptor: number;
  /** Files that they read themselves; null: they are given blocks. */
  readonly files: FilesToRead | null;
}

/** Hears of what workers have to say besides what they print. */
export interface PoolListener {
  /** Of each block of a summary, in order. */
  counted(counts: Counts): void;
  tell(diagnostic: Diagnostic): void;
  /** An input of those that the workers read, which could not be read to its end. */
  unreadable(diagnostic: Diagnostic): void;
  unwritable(error: Error): void;
}

export interface PoolStart {
  /** Null when the ruleset does not load. */
  readonly pool: WorkerPool | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Decides blocks in several threads, with the outcome that one would have. */
export class WorkerPool implements Decider {
  readonly #workers: readonly Worker[];
  readonly #shared: SharedState;
  /** Empty where the workers read files. */
  readonly #feeds: readonly MessagePort[];
  readonly #listener: PoolListener;
  readonly #counts = new Map<number, Counts>();
  #counted = 0;
  /** Memory of blocks that are done with. */
  readonly #memory: ArrayBuffer[] = [];
  readonly #expensive: ExpensivePattern[] = [];
  #ready = 0;
  #loaded = false;
  #diagnostics: readonly Diagnostic[] = [];
  #ended = 0;
  /** Blocks given out, and those that are done with. */
  #given = 0;
  #done = 0;
  #lines = 0;
  #startedAt = 0;
  #failure: unknown = null;
  #wake: () => void = () => {};

  private constructor(
    count: number,
    { input, output, hostname, descriptor, files }: PoolOptions,
    listener: PoolListener,
  ) {
    this.#listener = listener;
    this.#shared = new SharedState(count);
    const feeds = files === null ? Array.from({ length: count }, () => new MessageChannel()) : [];
    this.#feeds = feeds.map(({ port1 }) => port1);
    const { memory } = this.#shared;
    this.#workers = portsBetween(count).map((others, worker) => {
      const source = files ?? feeds[worker]!.port2;
      const options = { output, hostname };
      const workerData: WorkerStart = { input, options, worker, workers: count, memory, others, source, descriptor };
      const transferList = source instanceof MessagePort ? [...others, source] : others;
      const thread = new Worker(new URL("./worker.js", import.meta.url), { workerData, transferList });
      thread.on("message", (message: FromWorker) => this.#take(message));
      thread.on("error", (error) => this.#fail(error));
      return thread;
    });
  }

  /** Every worker reads the ruleset for itself, and begins with the files, if there are any. */
  static async start(count: number, options: PoolOptions, listener: PoolListener): Promise<PoolStart> {
    const pool = new WorkerPool(count, options, listener);
    await pool.#until(() => pool.#ready === count);
    return { pool: pool.#loaded ? pool : null, diagnostics: pool.#diagnostics };
  }

  /** How far the workers have read their files. */
  get reading(): ReadingState {
    return this.#shared.reading;
  }

  async decide({ block, location, times }: TimedBlock): Promise<void> {
    if (block.length === 0) return;
    const index = this.#given++;
    if (index === 0) this.#startedAt = times[0]!;
    const bytes = this.#copyOf(block.bytes);
    const { ends } = block;
    const fed: FedBlock = { index, bytes, ends, location, times, linesBefore: this.#lines, startedAt: this.#startedAt };
    this.#feed(index % this.#workers.length, fed, [bytes.buffer]);
    this.#lines += block.length;
    await this.#until(() => this.#given - this.#done < IN_HAND * this.#workers.length);
  }

  async end(): Promise<readonly ExpensivePattern[]> {
    for (let worker = 0; worker < this.#feeds.length; worker++) this.#feed(worker, "end", []);
    await this.#until(() => this.#ended === this.#workers.length);
    for (const feed of this.#feeds) feed.close();
    return merged(this.#expensive);
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        if (this.#ready++ === 0) this.#diagnostics = message.diagnostics;
        this.#loaded = message.loaded;
        break;
      case "counts":
        this.#counts.set(message.index, message.counts);
        for (let next = this.#counts.get(this.#counted); next; next = this.#counts.get(this.#counted)) {
          this.#counts.delete(this.#counted++);
          this.#listener.counted(next);
        }
        break;
      case "returned":
        this.#memory.push(message.bytes.buffer);
        this.#done++;
        break;
      case "told":
        this.#listener.tell(message.diagnostic);
        break;
      case "unreadable":
        this.#listener.unreadable(message.diagnostic);
        break;
      case "unwritable":
        this.#listener.unwritable(Object.assign(message.error, { code: message.code }));
        break;
      case "ended":
        this.#expensive.push(...message.expensive);
        this.#ended++;
    }
    this.#wake();
  }

  #feed(worker: number, message: FedMessage, given: ArrayBuffer[]): void {
    this.#feeds[worker]!.postMessage(message, given);
    this.#shared.fed(worker).value++;
  }

  /** A copy that can be lent. */
  #copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    let memory = this.#memory.pop();
    if (memory === undefined || memory.byteLength < bytes.length)
      memory = new ArrayBuffer(Math.max(BLOCK_MEMORY, bytes.length));
    const copy = new Uint8Array(memory, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }
}

/** For each of so many workers a port to every other one. */
function portsBetween(count: number): MessagePort[][] {
  const ports: MessagePort[][] = Array.from({ length: count }, () => []);
  for (let one = 0; one < count; one++)
    for (let other = one + 1; other < count; other++) {
      const { port1, port2 } = new MessageChannel();
      ports[one]!.push(port1);
      ports[other]!.push(port2);
    }
  return ports;
}
