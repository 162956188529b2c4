/** What all threads of a replay see, and wait for. */

/** Whole numbers. */
const LOCK = 0;
const SETTLED = 1;
const WRITTEN = 2;
const FIRST_FED = 3;
/** Members of a ReadingState, guarded by the lock. */
const NUMBERS = 8;
const NONE = -1;

/** A number that only grows. */
export class SharedCounter {
  readonly #numbers: Int32Array;
  readonly #at: number;

  constructor(numbers: Int32Array, at: number) {
    this.#numbers = numbers;
    this.#at = at;
  }

  get value(): number {
    return Atomics.load(this.#numbers, this.#at);
  }

  set value(value: number) {
    Atomics.store(this.#numbers, this.#at, value);
    Atomics.notify(this.#numbers, this.#at);
  }

  /** Comes back when it is another. */
  waitWhile(value: number): void {
    Atomics.wait(this.#numbers, this.#at, value);
  }

  waitUntil(value: number): void {
    for (let now = this.value; now < value; now = this.value) this.waitWhile(now);
  }
}

/** Where a stream of files has been read to. */
export interface ReadingState {
  /** Blocks that have been handed out. */
  blocks: number;
  /** Which input is being read, and from which byte on. */
  input: number;
  offset: number;
  /** Of all inputs, and of those before the one that is being read. */
  lines: number;
  linesBefore: number;
  /** The event clock's; 0 before the first event that has a time. */
  time: number;
  /** The last input in which a time was seen; -1: none. */
  timedInput: number;
  /** Time of the first event. */
  startedAt: number;
}

export class SharedState {
  readonly memory: SharedArrayBuffer;
  /** Blocks that are settled, and those whose text is written. */
  readonly settled: SharedCounter;
  readonly written: SharedCounter;
  readonly #numbers: Int32Array;
  readonly #reading: Float64Array;

  /** @param memory of another thread's */
  constructor(workers: number, memory?: SharedArrayBuffer) {
    const whole = FIRST_FED + workers + ((FIRST_FED + workers) % 2);
    const size = whole * Int32Array.BYTES_PER_ELEMENT;
    this.memory = memory ?? new SharedArrayBuffer(size + NUMBERS * Float64Array.BYTES_PER_ELEMENT);
    this.#numbers = new Int32Array(this.memory, 0, whole);
    this.#reading = new Float64Array(this.memory, size, NUMBERS);
    this.settled = new SharedCounter(this.#numbers, SETTLED);
    this.written = new SharedCounter(this.#numbers, WRITTEN);
    if (memory === undefined) this.reading = { ...this.reading, timedInput: NONE };
  }

  /** Messages that this worker was sent. */
  fed(worker: number): SharedCounter {
    return new SharedCounter(this.#numbers, FIRST_FED + worker);
  }

  get reading(): ReadingState {
    const [blocks, input, offset, lines, linesBefore, time, timedInput, startedAt] = this
      .#reading as unknown as number[];
    return {
      blocks: blocks!,
      input: input!,
      offset: offset!,
      lines: lines!,
      linesBefore: linesBefore!,
      time: time!,
      timedInput: timedInput!,
      startedAt: startedAt!,
    };
  }

  set reading({ blocks, input, offset, lines, linesBefore, time, timedInput, startedAt }: ReadingState) {
    this.#reading.set([blocks, input, offset, lines, linesBefore, time, timedInput, startedAt]);
  }

  /** Nobody else is in such a part meanwhile. */
  alone<T>(part: () => T): T {
    while (Atomics.compareExchange(this.#numbers, LOCK, 0, 1) !== 0) Atomics.wait(this.#numbers, LOCK, 1);
    try {
      return part();
    } finally {
      Atomics.store(this.#numbers, LOCK, 0);
      Atomics.notify(this.#numbers, LOCK, 1);
    }
  }
}
