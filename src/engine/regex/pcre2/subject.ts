/** The subject as bytes in memory. */
import type { Bytes } from "../../bytes.js";

let memory = Buffer.alloc(1 << 16);
let last = "";

/**
 * The subject's bytes, in memory that is used again for the next subject. Many patterns are tried on one subject, so
 * the last one is still there.
 */
export function bytesOf(subject: Bytes): Uint8Array {
  if (subject !== last) {
    if (subject.length > memory.length) memory = Buffer.alloc(subject.length * 2);
    memory.write(subject, 0, "latin1");
    last = subject;
  }
  return memory;
}
