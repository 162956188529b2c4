import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "../diagnostics/problem.js";

const PATIENCE_MS = 20_000;
const POLL_MS = 50;

/**
 * Runs a task while no other process runs one on the same directory: a file beside it holds the process id. Waits for
 * the other, takes over from a dead one, and throws a Problem when a live one does not get done.
 */
export async function exclusively<T>(directory: string, task: () => Promise<T>): Promise<T> {
  const lock = `${directory}.lock`;
  await mkdir(dirname(lock), { recursive: true });
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await taken(lock))) {
    const owner = await ownerOf(lock);
    if (owner !== null && !isAlive(owner)) await rm(lock, { force: true });
    else if (performance.now() > deadline) {
      throw problem(2, {
        code: "output-locked",
        message: `${directory} is being written by process ${owner ?? "unknown"}`,
        hint: `wait for it; if there is no such build, remove ${lock}`,
      });
    } else await sleep(POLL_MS);
  }
  try {
    return await task();
  } finally {
    await rm(lock, { force: true }).catch(() => {});
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, "wx");
    await handle.writeFile(String(process.pid)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Null where it cannot be told: the file is gone again, or has been made but not been written yet. */
async function ownerOf(lock: string): Promise<number | null> {
  const text = await readFile(lock, "utf8").catch(() => "");
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** A lock with our own id is of an earlier process: in containers ids come again. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
