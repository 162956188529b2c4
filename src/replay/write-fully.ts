import { writevSync } from "node:fs";

/** Milliseconds until a reader that was too slow is tried again: at first, and at most. */
const PATIENCE = 0.2;
const MOST_PATIENCE = 20;
const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Writes all of it, piece by piece, and waits where the reader is slower, so that memory does not fill with what has not been
 * read. Throws what the system says when it cannot be written.
 */
export function writeFully(descriptor: number, pieces: readonly Uint8Array[]): void {
  let patience = PATIENCE;
  for (let left = behind(pieces, 0); left.length > 0; ) {
    try {
      left = behind(left, writevSync(descriptor, left));
      patience = PATIENCE;
    } catch (error) {
      // A pipe that somebody has told not to block is full.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(nobody, 0, 0, patience);
      patience = Math.min(2 * patience, MOST_PATIENCE);
    }
  }
}

/** What is left of the pieces behind so many bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.length;
    if (end > bytes) left.push(piece.subarray(Math.max(0, bytes - start)));
    start = end;
  }
  return left;
}
