import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { RulesetInput } from "../../ruleset/load.js";
import type { Decider, DeciderOptions, OutcomeSink } from "../decider.js";
import { type ExpensivePattern, merged } from "../expensive-patterns.js";
import type { TimedBlock } from "../timed-block.js";
import type { BlockMessage, FromWorker, WorkerStart } from "./messages.js";

/** Blocks that a worker may have in hand: one in work, and the next two. */
const IN_HAND = 3;

type Outcome = Extract<FromWorker, { kind: "outcome" }>;

export interface PoolStart {
  /** Null when the ruleset does not load. */
  readonly pool: WorkerPool | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Decides blocks in several threads, with the outcome that one would have. */
export class WorkerPool implements Decider {
  readonly #workers: readonly Worker[];
  readonly #sink: OutcomeSink;
  readonly #outcomes = new Map<number, Outcome>();
  /** Memory of outcomes that have been handed over, by worker. */
  readonly #memory: readonly ArrayBuffer[][];
  /** Blocks given out, and those whose outcome has been handed over. */
  #given = 0;
  #done = 0;
  #lines = 0;
  #startedAt = 0;
  #handing = false;
  #failure: unknown = null;
  #wake: () => void = () => {};

  private constructor(workers: readonly Worker[], sink: OutcomeSink) {
    this.#workers = workers;
    this.#sink = sink;
    this.#memory = workers.map(() => []);
    for (const worker of workers) {
      worker.on("message", (message: FromWorker) => this.#take(message));
      worker.on("error", (error) => this.#fail(error));
    }
  }

  /** Every worker reads the ruleset for itself. */
  static async start(
    count: number,
    input: RulesetInput,
    options: DeciderOptions,
    sink: OutcomeSink,
  ): Promise<PoolStart> {
    const ports = portsBetween(count);
    const workers = ports.map((others) => {
      const workerData: WorkerStart = { input, options, others };
      return new Worker(new URL("./worker.js", import.meta.url), {
        workerData,
        transferList: [...others],
      });
    });
    const ready = (await Promise.all(workers.map((worker) => once(worker, "message")))) as [FromWorker][];
    const [first] = ready[0]!;
    if (first.kind !== "ready") throw new Error("a worker said something before it was ready");
    if (first.loaded) return { pool: new WorkerPool(workers, sink), diagnostics: first.diagnostics };
    for (const worker of workers) await worker.terminate();
    return { pool: null, diagnostics: first.diagnostics };
  }

  async decide({ block, location, times }: TimedBlock): Promise<void> {
    if (block.length === 0) return;
    if (this.#given === 0) this.#startedAt = times[0]!;
    const turn = this.#given % this.#workers.length;
    const bytes = ownMemory(block.bytes);
    const memory = this.#memory[turn]!.pop() ?? null;
    const message: BlockMessage = {
      kind: "block",
      index: this.#given,
      bytes,
      ends: block.ends,
      location,
      times,
      linesBefore: this.#lines,
      startedAt: this.#startedAt,
      memory,
    };
    this.#workers[turn]!.postMessage(message, [
      bytes.buffer,
      times.buffer,
      block.ends.buffer,
      ...(memory === null ? [] : [memory]),
    ]);
    this.#given++;
    this.#lines += block.length;
    await this.#until(() => this.#given - this.#done < IN_HAND * this.#workers.length);
  }

  async end(): Promise<readonly ExpensivePattern[]> {
    await this.#until(() => this.#done === this.#given);
    const found = this.#workers.map(async (worker) => {
      const ended = once(worker, "message") as Promise<[FromWorker]>;
      worker.postMessage({ kind: "end" });
      const [message] = await ended;
      return message.kind === "ended" ? message.expensive : [];
    });
    return merged((await Promise.all(found)).flat());
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
    if (message.kind !== "outcome") return;
    this.#outcomes.set(message.index, message);
    if (!this.#handing) this.#handOver().catch((error) => this.#fail(error));
  }

  /** In order, one at a time. */
  async #handOver(): Promise<void> {
    this.#handing = true;
    for (let next = this.#outcomes.get(this.#done); next; next = this.#outcomes.get(this.#done)) {
      this.#outcomes.delete(this.#done);
      await this.#sink(next);
      this.#memory[this.#done % this.#workers.length]!.push(next.text.buffer);
      this.#done++;
      this.#wake();
    }
    this.#handing = false;
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

/** Memory that can be given away: chunks of a stream may share theirs. */
function ownMemory(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const own = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return (own ? bytes : Uint8Array.from(bytes)) as Uint8Array<ArrayBuffer>;
}
