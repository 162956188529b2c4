import { once } from "node:events";
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { problem, systemReason } from "../diagnostics/problem.js";
import { LineBlock, lineEnds } from "./line-block.js";

/** Bytes that are read or unpacked at once. */
const CHUNK = 1 << 17;
const NEWLINE = 10;

/**
 * The lines of a file, or of standard input for `-`, a chunk's worth at a time; a gzipped file is read as it is. Memory
 * does not grow with the input. Throws a Problem that names the place when the input cannot be read.
 */
export async function* readLines(input: string): AsyncGenerator<LineBlock> {
  let count = 0;
  /** What has been read of a line that has not ended. */
  let open: Buffer[] = [];
  const name = input === "-" ? "standard input" : input;
  try {
    const file = input === "-" ? null : createReadStream(input, { highWaterMark: CHUNK });
    const source: Readable = file ?? process.stdin;
    const zipped = await beginsAsGzip(source);
    // The callback is there because the form needs one; errors reach the loop below through the stream.
    const stream = zipped ? pipeline(source, createGunzip({ chunkSize: CHUNK }), () => {}) : source;
    const read = () => file?.bytesRead ?? 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      open.push(chunk);
      const last = chunk.lastIndexOf(NEWLINE);
      if (last < 0) continue;
      const bytes = open.length === 1 ? chunk : Buffer.concat(open);
      const block = new LineBlock(bytes, lineEnds(bytes), read());
      // A copy of its own: the block may be given away.
      open = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
      yield block;
      count += block.length;
    }
    const bytes = Buffer.concat(open);
    if (bytes.length > 0) yield new LineBlock(bytes, [bytes.length], read());
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
