import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, systemReason } from "../diagnostics/problem.js";
import { LineBlock, lineEnds } from "./line-block.js";

/** Bytes that are read or unpacked at once. */
export const CHUNK = 1 << 18;
const NEWLINE = 10;

/**
 * The lines of a file, or of standard input for `-`, a chunk's worth at a time; a gzipped file is read as it is. Memory
 * does not grow with the input: a block lies where the next one will. Throws a Problem that names the place when the input
 * cannot be read.
 */
export async function* readLines(input: string): AsyncGenerator<LineBlock> {
  const file = new InputBytes(input);
  let count = 0;
  let bytes = Buffer.allocUnsafeSlow(2 * CHUNK);
  /** Of the bytes, those that have been read, of lines that have not been handed over. */
  let size = 0;
  try {
    for await (const chunk of unpacked(file)) {
      if (size + chunk.length > bytes.length)
        bytes = Buffer.concat([bytes.subarray(0, size)], 2 * (size + chunk.length));
      size += chunk.copy(bytes, size);
      const last = chunk.lastIndexOf(NEWLINE);
      if (last < 0) continue;
      const next = size - chunk.length + last + 1;
      const whole = bytes.subarray(0, next);
      const block = new LineBlock(whole, lineEnds(whole), file.read);
      yield block;
      count += block.length;
      bytes.copyWithin(0, next, size);
      size -= next;
    }
    if (size > 0) yield new LineBlock(bytes.subarray(0, size), [size], file.read);
  } catch (error) {
    throw new Problem(2, [unreadable(input === "-" ? "standard input" : input, error, count + 1)]);
  }
}

/** @param line at which reading ended, from 1 */
export function unreadable(file: string, error: unknown, line: number): Diagnostic {
  return {
    code: "input-unreadable",
    severity: "error",
    message: `cannot read ${file}: ${systemReason(error)}`,
    where: { file, line, column: 1 },
  };
}

/** An input as it lies on the disk, or comes. */
class InputBytes {
  /** Bytes so far. */
  read = 0;
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  /** Each chunk lies where the next one will: memory that is new each time would be cleared, and counted by V8's collector. */
  async *chunks(): AsyncGenerator<Buffer> {
    if (this.#input === "-") {
      yield* process.stdin as AsyncIterable<Buffer>;
      return;
    }
    const handle = await open(this.#input);
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    try {
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK, null);
        if (bytesRead === 0) return;
        this.read += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }
}

async function* unpacked(input: InputBytes): AsyncGenerator<Buffer> {
  const chunks = input.chunks();
  const first = await chunks.next();
  if (first.done) return;
  if (!beginsAsGzip(first.value)) {
    yield first.value;
    yield* chunks;
    return;
  }
  // The stream reads ahead.
  const copies = async function* () {
    yield Buffer.from(first.value);
    for await (const chunk of chunks) yield Buffer.from(chunk);
  };
  // The callback is there because the form needs one; errors reach the reader through the stream.
  const source = Readable.from(copies());
  yield* pipeline(source, createGunzip({ chunkSize: CHUNK }), () => {}) as AsyncIterable<Buffer>;
}

function beginsAsGzip(chunk: Buffer): boolean {
  return chunk.length >= 2 && chunk.readUInt16BE(0) === 0x1f8b;
}

/** Does it lie on the disk as it is, and can be read at any place? */
export function isPlainFile(input: string): boolean {
  if (input === "-") return false;
  let descriptor: number | null = null;
  try {
    descriptor = openSync(input, "r");
    const chunk = Buffer.alloc(2);
    return fstatSync(descriptor).isFile() && !beginsAsGzip(chunk.subarray(0, readSync(descriptor, chunk)));
  } catch {
    // Whoever reads it will say why it cannot.
    return false;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
