/**
 * Texts that are remembered for a while, first in, first out. They are bytes in memory of their own: as strings, the garbage
 * collector would copy each of them twice before it takes it for one that stays.
 */
import type { Bytes } from "../bytes.js";

/** Bytes. */
const FIRST_CHUNK = 4_096;
const LARGEST_CHUNK = 1 << 18;

export class RememberedTexts {
  /** Those in which remembered texts stand, oldest first. */
  readonly #chunks: Buffer[] = [];
  /** Number of the oldest of them, of all that there ever were. */
  #first = 0;
  /** Bytes of the newest that are taken. */
  #taken = 0;
  /** One that is to be used again. */
  #spare: Buffer | null = null;

  /** Number of the chunk that the newest text stands in. */
  get chunk(): number {
    return this.#first + this.#chunks.length - 1;
  }

  /** Where it starts in its chunk. */
  add(text: Bytes): number {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.length - this.#taken < text.length) chunk = this.#addChunk(text.length);
    const start = this.#taken;
    chunk.write(text, start, "latin1");
    this.#taken += text.length;
    return start;
  }

  text(chunk: number, start: number, length: number): Bytes {
    return this.#chunks[chunk - this.#first]!.toString("latin1", start, start + length);
  }

  /** Nothing in an older chunk will be asked for. */
  forgetBefore(chunk: number): void {
    for (; this.#first < chunk; this.#first++) this.#spare = this.#chunks.shift()!;
  }

  #addChunk(atLeast: number): Buffer {
    const before = this.#chunks.at(-1)?.length ?? 0;
    const size = Math.max(FIRST_CHUNK, Math.min(2 * before, LARGEST_CHUNK), atLeast);
    const chunk = this.#spare !== null && this.#spare.length >= size ? this.#spare : Buffer.allocUnsafeSlow(size);
    this.#spare = null;
    this.#chunks.push(chunk);
    this.#taken = 0;
    return chunk;
  }
}
