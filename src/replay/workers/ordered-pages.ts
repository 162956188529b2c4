import { Page } from "../page.js";
import type { Printer } from "../printer.js";
import type { Counts } from "../summary.js";
import type { SharedCounter } from "./shared-state.js";

/** A block that is decided, of which nothing is written. */
interface Unwritten {
  readonly index: number;
  readonly page: Page;
  readonly pieces: readonly Uint8Array[];
}

/** Writes blocks in the order of all workers. What has to wait for others' waits while this worker fills other pages. */
export class OrderedPages {
  readonly #printer: Printer | null;
  readonly #written: SharedCounter;
  readonly #write: (pieces: readonly Uint8Array[]) => void;
  readonly #blank: Page[] = [];
  #unwritten: Unwritten | null = null;

  /** @param written blocks that are written, whoever wrote them */
  constructor(printer: Printer | null, written: SharedCounter, write: (pieces: readonly Uint8Array[]) => void) {
    this.#printer = printer;
    this.#written = written;
    this.#write = write;
  }

  /** Nothing waits for its turn. */
  get isWritten(): boolean {
    return this.#unwritten === null;
  }

  /** A page to be filled, and handed over. */
  blank(): Page {
    return this.#blank.pop() ?? new Page(this.#printer);
  }

  /** Takes what the page says of a block; waits until what was said of the one before is written. */
  handOver(index: number, page: Page): Counts {
    const { pieces, counts } = page.take();
    this.writeInTurn();
    this.#unwritten = { index, page, pieces };
    this.writeIfTurn();
    return counts;
  }

  /** Writes what waits, if it may be written now. */
  writeIfTurn(): void {
    if (this.#unwritten !== null && this.#written.value === this.#unwritten.index) this.writeInTurn();
  }

  /** Waits until it may be written. */
  writeInTurn(): void {
    if (this.#unwritten === null) return;
    const { index, page, pieces } = this.#unwritten;
    this.#written.waitUntil(index);
    this.#unwritten = null;
    this.#write(pieces);
    this.#written.value = index + 1;
    page.clear();
    this.#blank.push(page);
  }
}
