import { type SpawnOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Numbers } from "./task.js";

const TASK = fileURLToPath(new URL("./task.js", import.meta.url));
const COMMAND = fileURLToPath(new URL("./command.js", import.meta.url));

/** Runs a task in a fresh process, and returns its numbers. */
export function runTask(args: readonly string[]): Promise<Numbers> {
  return run(TASK, args);
}

/** The same for the command line. */
export function runCommand(args: readonly string[]): Promise<Numbers> {
  return run(COMMAND, args);
}

async function run(script: string, args: readonly string[]): Promise<Numbers> {
  const options: SpawnOptions = { stdio: ["ignore", "ignore", "pipe", "pipe"] };
  const child = spawn(process.execPath, [script, ...args], options);
  const [numbers, complaint] = await Promise.all([text(child.stdio[3] as Readable), text(child.stderr!)]);
  try {
    return JSON.parse(numbers) as Numbers;
  } catch {
    throw new Error(`${args.join(" ")} gave no numbers: ${complaint.trim()}`);
  }
}
