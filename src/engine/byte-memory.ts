/** A text as bytes in memory, which is read several times faster than a string. */
import type { Bytes } from "./bytes.js";

let memory = Buffer.alloc(1 << 16);
let last = "";

/**
 * The text's bytes, and a NUL behind them, in memory that is used again for the next text: whoever reads it is done before
 * another is asked for. Many patterns are tried on one text, so the last one is still there.
 */
export function bytesOf(text: Bytes): Uint8Array {
  if (text !== last) {
    if (text.length >= memory.length) memory = Buffer.alloc(text.length * 2);
    memory.write(text, 0, "latin1");
    memory[text.length] = 0;
    last = text;
  }
  return memory;
}
