import type { TimedBlock } from "../timed-block.js";

/** Some lines that it is this worker's turn to decide. */
export interface WorkerBlock extends TimedBlock {
  /** Place in the stream, from 0. */
  readonly index: number;
  /** Number of lines before this block. */
  readonly linesBefore: number;
  /** Time of the stream's first event. */
  readonly startedAt: number;
}

/** Where a worker gets its blocks from. */
export interface BlockSource {
  /** Nobody has to be waited for. */
  readonly isReady: boolean;
  /** Waits for it; null: there are no more. It lies where the next one will. */
  next(): WorkerBlock | null;
}
