import { writeSync } from "node:fs";

/** Milliseconds until a reader that was too slow is tried again: at first, and at most. */
const PATIENCE = 0.2;
const MOST_PATIENCE = 20;
const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Writes all of it, and waits where the reader is slower, so that memory does not fill with what has not been read. Throws
 * what the system says when it cannot be written.
 */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  let patience = PATIENCE;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
      patience = PATIENCE;
    } catch (error) {
      // A pipe that somebody has told not to block is full.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(nobody, 0, 0, patience);
      patience = Math.min(2 * patience, MOST_PATIENCE);
    }
  }
}
