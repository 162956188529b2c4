/** Logs of any size for replays, made of the lines at hand, and removed again. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MadeLog {
  readonly file: string;
  readonly lines: number;
  readonly bytes: number;
}

/** Calls `use` with a log of at least so many bytes. */
export async function withLog<T>(
  lines: readonly Buffer[],
  bytes: number,
  use: (log: MadeLog) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rulewright-bench-"));
  try {
    const file = join(folder, "log");
    const once = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
    const times = Math.max(1, Math.ceil(bytes / once.length));
    const log = openSync(file, "w");
    for (let count = 0; count < times; count++) writeSync(log, once);
    closeSync(log);
    return await use({ file, lines: times * lines.length, bytes: times * once.length });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
