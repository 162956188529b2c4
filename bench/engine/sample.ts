import { EVENTS } from "./throughput.js";

/** One measurement of a row. */
export interface Sample {
  /** What the row is about, in its unit. */
  readonly value: number;
  readonly cpu: number;
  readonly wall: number;
}

export interface Sizes {
  readonly runs: number;
  /** Events of a throughput measurement. */
  readonly events: number;
  /** Bytes of the logs for the replay's memory, and for its workers. */
  readonly memoryLog: number;
  readonly workersLog: number;
}

export const FULL: Sizes = { runs: 5, events: EVENTS, memoryLog: 1 << 30, workersLog: 800 << 20 };
export const QUICK: Sizes = { runs: 2, events: 8_000, memoryLog: 100 << 20, workersLog: 20 << 20 };
