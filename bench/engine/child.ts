import { type SpawnOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Numbers } from "./task.js";

const TASK = fileURLToPath(new URL("./task.js", import.meta.url));

/** Runs a task in a fresh process, and returns its numbers. */
export async function runTask(args: readonly string[]): Promise<Numbers> {
  const options: SpawnOptions = { stdio: ["ignore", "ignore", "pipe", "pipe"] };
  const child = spawn(process.execPath, [TASK, ...args], options);
  const [numbers, complaint] = await Promise.all([text(child.stdio[3] as Readable), text(child.stderr!)]);
  try {
    return JSON.parse(numbers) as Numbers;
  } catch {
    throw new Error(`${args.join(" ")} gave no numbers: ${complaint.trim()}`);
  }
}
