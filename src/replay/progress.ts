import { stat } from "node:fs/promises";
import { timeLeft } from "./time-left.js";

/** How far a replay has come. */
export interface Progress {
  /** @param read bytes of the input in hand, as it lies on the disk */
  update(read: number): void;
  /** Goes on to the next input. */
  next(): void;
  stop(): void;
}

const NONE: Progress = { update: () => {}, next: () => {}, stop: () => {} };

/**
 * A bar over all inputs on standard error, with the time left; by the bytes on the disk, packed ones too. Nothing where
 * nobody looks on, where the output would run over it, or where the size of an input is not known.
 */
export async function startProgress(inputs: readonly string[], printsToTerminal: boolean): Promise<Progress> {
  if (!process.stderr.isTTY || printsToTerminal) return NONE;
  const sizes = await Promise.all(inputs.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || sizes.includes(0)) return NONE;
  const { Presets, SingleBar } = await import("cli-progress");
  const format = "{input} {bar} {percentage}% | {eta_formatted} left";
  // A line that is too long is cut; the terminal need not be told to, which a signal would leave it with.
  const options = { format, formatTime: timeLeft, stream: process.stderr, clearOnComplete: true, linewrap: true };
  const bar = new SingleBar(options, Presets.shades_classic);
  let current = 0;
  let before = 0;
  bar.start(total, 0, { input: inputs[0] });
  return {
    update: (read) => bar.update(Math.min(before + read, total)),
    next: () => {
      before += sizes[current++]!;
      bar.update(before, { input: inputs[current] ?? "" });
    },
    stop: () => bar.stop(),
  };
}

/** 0: not known. */
async function sizeOf(input: string): Promise<number> {
  if (input === "-") return 0;
  return stat(input).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
}
