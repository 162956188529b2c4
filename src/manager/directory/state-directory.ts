import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { problem, systemReason } from "../../diagnostics/problem.js";
import type { StateStore } from "../target.js";
import { createDurably, type Ownership, removeDurably, writeDurably } from "./durable-file.js";

/** Readable by its owner only: records hold the manager's files. */
const MODE = 0o600;

/** Records as files of one directory on the manager's own disk. */
export class StateDirectory implements StateStore {
  readonly settlesInMs = 0;
  readonly #directory: string;
  readonly #owner: Ownership;

  constructor(directory: string) {
    this.#directory = directory;
    this.#owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: MODE };
  }

  names(): Promise<readonly string[]> {
    return this.#told("read", async () => {
      const names = await unlessMissing(readdir(this.#directory));
      return (names ?? []).filter((name) => /^[a-z0-9-]+$/.test(name)).sort();
    });
  }

  read(name: string): Promise<Uint8Array | null> {
    return this.#told("read", () => unlessMissing(readFile(join(this.#directory, name))));
  }

  create(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#told("write", async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      return createDurably(join(this.#directory, name), bytes, this.#owner);
    });
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#told("write", async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeDurably(join(this.#directory, name), bytes, this.#owner);
    });
  }

  remove(name: string): Promise<void> {
    return this.#told("write", () => removeDurably(join(this.#directory, name)).catch(ignoreMissing));
  }

  async #told<T>(verb: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw problem(2, {
        code: "state-unreachable",
        message: `cannot ${verb} the records of deployments in ${this.#directory}: ${systemReason(error)}`,
      });
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException);
    return null;
  }
}
