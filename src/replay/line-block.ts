import { isAscii } from "node:buffer";
import type { Bytes } from "../engine/bytes.js";

/** Some whole lines of an input, as they lie in it: no line is copied before somebody reads it. */
export class LineBlock {
  readonly bytes: Buffer;
  /** Where each line ends: at its newline, or where the bytes do. The next one begins behind that. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Bytes read so far of the file as it lies on the disk. */
  readonly read: number;

  #isAscii: boolean | null = null;

  constructor(bytes: Buffer, ends: readonly number[] | Uint32Array<ArrayBuffer>, read: number) {
    this.bytes = bytes;
    this.ends = ends instanceof Uint32Array ? ends : Uint32Array.from(ends);
    this.read = read;
  }

  /** No byte of any line is above 127. */
  get isAscii(): boolean {
    this.#isAscii ??= isAscii(this.bytes);
    return this.#isAscii;
  }

  get length(): number {
    return this.ends.length;
  }

  /** One line as an engine string of its own: it does not keep the block alive. */
  line(index: number): Bytes {
    return this.bytes.toString("latin1", this.#start(index), this.ends[index]);
  }

  /** The first bytes of a line. */
  beginning(index: number, size: number): Bytes {
    const start = this.#start(index);
    return this.bytes.toString("latin1", start, Math.min(this.ends[index]!, start + size));
  }

  lines(): Bytes[] {
    return Array.from(this.ends, (_end, index) => this.line(index));
  }

  #start(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]! + 1;
  }
}

const NEWLINE = 10;

/** Ends of the lines that end in a newline. */
export function lineEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) ends.push(at);
  return ends;
}
