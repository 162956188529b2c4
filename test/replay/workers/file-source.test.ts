import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.js";
import { EventClock } from "../../../src/replay/event-time.js";
import { isPlainFile, readLines } from "../../../src/replay/lines.js";
import { FileSource } from "../../../src/replay/workers/file-source.js";
import { SharedState } from "../../../src/replay/workers/shared-state.js";

let folder: string;
const fileOf = async (name: string, text: string) => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulewright-"));
});

const linesFrom = (hour: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const minute = String(index % 60).padStart(2, "0");
    return index % 3 === 0 ? `2026-11-22 ${hour}:${minute}:00 ${"x".repeat(index % 200)}` : `no time ${index}`;
  });

/** What so many workers read, in the order of the blocks, each of which another one takes. */
function readBy(workers: number, files: readonly string[], location?: string) {
  const state = new SharedState(workers);
  const told: Diagnostic[] = [];
  const unreadable: Diagnostic[] = [];
  const sources = Array.from({ length: workers }, () => {
    const same = new SharedState(workers, state.memory);
    return new FileSource(files, location, same, {
      tell: (diagnostic) => told.push(diagnostic),
      unreadable: (diagnostic) => unreadable.push(diagnostic),
    });
  });
  const lines: { line: string; location: string; time: number }[] = [];
  let blocks = 0;
  let startedAt = Number.NaN;
  for (;;) {
    const read = sources[(blocks * 7) % workers]!.next();
    if (read === null) break;
    expect([read.index, read.linesBefore]).toEqual([blocks++, lines.length]);
    startedAt = read.startedAt;
    read.block.lines().forEach((line, index) => {
      lines.push({ line, location: read.location, time: read.times[index]! });
    });
  }
  for (const source of sources) expect(source.next()).toBeNull();
  return { lines, blocks, told, unreadable, startedAt, reading: state.reading };
}

async function readAlone(files: readonly string[]) {
  const clock = new EventClock();
  const lines: { line: string; location: string; time: number }[] = [];
  for (const location of files)
    for await (const block of readLines(location))
      for (const line of block.lines()) lines.push({ line, location, time: clock.at(line) });
  return lines;
}

test("several workers read the lines and times that one reader finds, over all files", async () => {
  const files = [
    await fileOf("first", `${linesFrom(10, 40_000).join("\n")}\n`),
    await fileOf("empty", ""),
    // The newline is missing, a line is longer than what is read at once, and others are empty.
    await fileOf("second", `\n\n${"y".repeat(1_200_000)}\n${linesFrom(12, 5000).join("\n")}`),
  ];
  const alone = await readAlone(files);
  for (const workers of [1, 2, 3]) {
    const together = readBy(workers, files);
    expect(together.blocks).toBeGreaterThan(6);
    expect(together.lines.length).toBe(alone.length);
    expect(together.lines).toEqual(alone);
    expect(together.startedAt).toBe(alone[0]!.time);
    expect([together.told, together.unreadable]).toEqual([[], []]);
    expect(together.reading.input).toBe(files.length);
  }
  expect(new Set(readBy(2, files, "pg").lines.map(({ location }) => location))).toEqual(new Set(["pg"]));
});

test("a file that begins before the end of another is warned about once, whoever reads it", async () => {
  const newer = await fileOf("newer", `${linesFrom(14, 6000).join("\n")}\n`);
  const older = await fileOf("older", `no time\n${linesFrom(11, 6000).join("\n")}\n`);
  const { told, lines } = readBy(3, [newer, older]);
  expect(told.map(({ code, message }) => [code, message])).toEqual([
    ["inputs-unordered", `${older} begins before the end of ${newer}: its events count as if they came together`],
  ]);
  expect(lines.at(-1)!.time).toBe(lines[5999]!.time);
});

test("a file that cannot be read is named, and the next one is read", async () => {
  const file = await fileOf("third", "one\ntwo\n");
  const none = join(folder, "none");
  const { lines, unreadable } = readBy(2, [file, none, folder, file]);
  expect(lines.map(({ line }) => line)).toEqual(["one", "two", "one", "two"]);
  expect(unreadable).toEqual([
    expect.objectContaining({
      message: `cannot read ${none}: no such file or directory`,
      where: { file: none, line: 1, column: 1 },
    }),
    expect.objectContaining({ message: `cannot read ${folder}: it is a directory` }),
  ]);
});

test("what is packed, comes through a pipe or is no file is not read by workers", async () => {
  expect(isPlainFile(await fileOf("plain", "x"))).toBe(true);
  expect(isPlainFile(await fileOf("empty", ""))).toBe(true);
  const packed = join(folder, "packed");
  await writeFile(packed, Buffer.from([0x1f, 0x8b, 8]));
  expect([packed, "-", folder, "/dev/null", join(folder, "none")].map(isPlainFile)).toEqual(Array(5).fill(false));
});
