import { once } from "node:events";
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { problem, systemReason } from "../diagnostics/problem.js";
import type { Bytes } from "../engine/bytes.js";

/** Bytes that are read or unpacked at once. */
const CHUNK = 1 << 18;

/** Some lines of an input, and how far the reading has come. */
export interface LineBatch {
  readonly lines: readonly Bytes[];
  /** Bytes read of the file as it lies on the disk. */
  readonly read: number;
}

/**
 * The lines of a file, or of standard input for `-`, as engine strings, a chunk's worth at a time; a gzipped file is read
 * as it is. Memory does not grow with the input. Throws a Problem that names the place when the input cannot be read.
 */
export async function* readLines(input: string): AsyncGenerator<LineBatch> {
  let count = 0;
  let rest = "";
  const name = input === "-" ? "standard input" : input;
  try {
    const file = input === "-" ? null : createReadStream(input, { highWaterMark: CHUNK });
    const source: Readable = file ?? process.stdin;
    const zipped = await beginsAsGzip(source);
    // The callback is there because the form needs one; errors reach the loop below through the stream.
    const stream = zipped ? pipeline(source, createGunzip({ chunkSize: CHUNK }), () => {}) : source;
    for await (const chunk of stream) {
      const lines = (rest + (chunk as Buffer).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0) yield { lines, read: file?.bytesRead ?? 0 };
      count += lines.length;
    }
    if (rest !== "") yield { lines: [rest], read: file?.bytesRead ?? 0 };
  } catch (error) {
    throw problem(2, {
      code: "input-unreadable",
      message: `cannot read ${name}: ${systemReason(error)}`,
      where: { file: name, line: count + 1, column: 1 },
    });
  }
}

/** Looks at the first bytes and puts them back. */
async function beginsAsGzip(source: Readable): Promise<boolean> {
  await once(source, "readable");
  const chunk = source.read() as Buffer | null;
  if (!chunk) return false;
  source.unshift(chunk);
  return chunk.length >= 2 && chunk.readUInt16BE(0) === 0x1f8b;
}
