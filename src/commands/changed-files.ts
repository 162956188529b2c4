/** Files that change while a command runs. */
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";
import { watch } from "chokidar";
import { problem, systemReason } from "../diagnostics/problem.js";

/** Changes that come so close together belong to one save; milliseconds. */
export const ONE_SAVE = 150;
/** Below a project these hold nothing that somebody writes. */
const FOREIGN = /^(?:node_modules|\.git)$/;

export class ChangedFiles {
  readonly #files = new Set<string>();
  readonly #ignored = new Set<string>();
  readonly #watcher: ReturnType<typeof watch>;
  #trouble: unknown = null;
  #wake: () => void = () => {};

  /** @param counts of a file below the paths, does its change matter? */
  constructor(paths: readonly string[], counts: (file: string) => boolean) {
    this.#watcher = watch([...paths], { ignoreInitial: true, ignored: (path) => FOREIGN.test(basename(path)) });
    this.#watcher.on("all", (event, path) => {
      if (event === "addDir" || event === "unlinkDir" || this.#ignored.has(path) || !counts(path)) return;
      this.#files.add(path);
      this.#wake();
    });
    this.#watcher.on("error", (error) => {
      this.#trouble = error;
      this.#wake();
    });
  }

  /** Those that `next` has not told yet. */
  get waiting(): readonly string[] {
    return [...this.#files];
  }

  ignore(files: readonly string[]): void {
    for (const file of files) {
      this.#ignored.add(file);
      this.#files.delete(file);
    }
  }

  /** Waits for changes, and until a while has passed without more of them. Throws a Problem where they cannot be seen. */
  async next(): Promise<readonly string[]> {
    if (this.#files.size === 0 && this.#trouble === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#trouble !== null) {
      // Else it would keep the process from ending.
      await this.#watcher.close();
      throw problem(2, { code: "watch-failed", message: `cannot watch for changes: ${systemReason(this.#trouble)}` });
    }
    for (let known = 0; this.#files.size > known; ) {
      known = this.#files.size;
      await setTimeout(ONE_SAVE);
    }
    const changed = [...this.#files].sort();
    this.#files.clear();
    return changed;
  }
}
