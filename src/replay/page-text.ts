const FIRST_SIZE = 1 << 20;
/** Bytes that a UTF-16 unit of a string takes at most. */
const MOST_BYTES = 3;
const NEWLINE = 10;
const ZERO = 48;

/** Lines as UTF-8, in memory that is used again. */
export class PageText {
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(line: string): void {
    this.#makeRoomFor(line.length * MOST_BYTES + 1);
    // Line by line, while it is still near: one long string for all would be copied twice more.
    this.#size += this.#bytes.write(line, this.#size, "utf8");
    this.#bytes[this.#size++] = NEWLINE;
  }

  /** Writes a number over the digits that stand there; it has as many. */
  overwrite(start: number, end: number, value: number): void {
    for (let at = end - 1, rest = value; at >= start; at--, rest = Math.trunc(rest / 10))
      this.#bytes[at] = ZERO + (rest % 10);
  }

  /** What stands there. It is so until lines are added behind `clear`. */
  part(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  clear(): void {
    this.#size = 0;
  }

  #makeRoomFor(more: number): void {
    const needed = this.#size + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}
