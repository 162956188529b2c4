import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { writeFully } from "../../src/replay/write-fully.js";

test("all is written to a pipe that does not block, however slowly it is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rulewright-"));
  const [pipe, read] = [join(folder, "pipe"), join(folder, "read")];
  await execa("mkfifo", [pipe]);
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const reader = execa("sh", ["-c", 'echo ready; sleep 0.1; cat "$0" > "$1"', pipe, read]);
  // Once it has begun, it needs nothing of this process, which will be waiting.
  await once(reader.stdout, "data");
  const bytes = randomBytes(1_000_000);
  // Some pieces are written in part, some not at all at first, and some have nothing in them.
  const ends = [0, 0, 1, 70_000, 70_001, 300_000, 300_000, 1_000_000];
  writeFully(
    descriptor,
    ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end)),
  );
  // The reader has opened it by now: more than a pipe holds has been read.
  closeSync(descriptor);
  await reader;
  expect((await readFile(read)).equals(bytes)).toBe(true);
});

test("what cannot be written is said as the system says it", () => {
  const full = openSync("/dev/full", "w");
  expect(() => writeFully(full, [Buffer.from("x")])).toThrow(expect.objectContaining({ code: "ENOSPC" }));
  closeSync(full);
});
