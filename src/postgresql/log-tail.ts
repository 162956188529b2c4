import { type FileHandle, open } from "node:fs/promises";
import type { EntryReader, LogEntry } from "./log-entries.js";

/** Follows a growing log file from its beginning. */
export class LogTail {
  readonly #path: string;
  readonly #reader: EntryReader;
  #file: FileHandle | null = null;

  constructor(path: string, reader: EntryReader) {
    this.#path = path;
    this.#reader = reader;
  }

  /** The entries completed since the last call; none while the file does not exist. */
  async read(): Promise<LogEntry[]> {
    this.#file ??= await open(this.#path, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    const entries: LogEntry[] = [];
    const buffer = Buffer.alloc(64 * 1024);
    for (;;) {
      const bytesRead = (await this.#file?.read(buffer, 0, buffer.length))?.bytesRead ?? 0;
      if (bytesRead === 0) return entries;
      entries.push(...this.#reader(buffer.toString("latin1", 0, bytesRead)));
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
