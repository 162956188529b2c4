import { type EventClock, TIME_REACH } from "./event-time.js";
import type { LineBlock } from "./line-block.js";

/** Some lines with all that deciding them takes. */
export interface TimedBlock {
  readonly block: LineBlock;
  readonly location: string;
  /** Epoch seconds of each line. */
  readonly times: Float64Array<ArrayBuffer>;
}

/** Gives every line its time. @param see is asked before the clock has seen a line */
export function timed(block: LineBlock, location: string, clock: EventClock, see: (line: string) => void): TimedBlock {
  const times = new Float64Array(block.length);
  for (let index = 0; index < block.length; index++) {
    const line = block.beginning(index, TIME_REACH);
    see(line);
    times[index] = clock.at(line);
  }
  return { block, location, times };
}
