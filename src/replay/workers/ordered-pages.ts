import { Page } from "../page.js";
import type { Printer } from "../printer.js";
import type { Counts } from "../summary.js";
import type { SharedCounter } from "./shared-state.js";

/** Text of a block that is decided, in the page that the next one does not use. */
interface Unwritten {
  readonly index: number;
  readonly text: Uint8Array;
}

/** Writes blocks in the order of all workers. What has to wait for others' waits while this worker fills another page. */
export class OrderedPages {
  page: Page;
  #otherPage: Page;
  readonly #written: SharedCounter;
  readonly #write: (text: Uint8Array) => void;
  #unwritten: Unwritten | null = null;

  /** @param written blocks that are written, whoever wrote them */
  constructor(print: Printer | null, written: SharedCounter, write: (text: Uint8Array) => void) {
    this.page = new Page(print);
    this.#otherPage = new Page(print);
    this.#written = written;
    this.#write = write;
  }

  /** Nothing waits for its turn. */
  get isWritten(): boolean {
    return this.#unwritten === null;
  }

  /** Hands over what the page says of a block; waits until what it said of the one before is written. */
  handOver(index: number): Counts {
    const { text, counts } = this.page.take();
    this.writeInTurn();
    this.#unwritten = { index, text };
    [this.page, this.#otherPage] = [this.#otherPage, this.page];
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
    const { index, text } = this.#unwritten;
    this.#written.waitUntil(index);
    this.#unwritten = null;
    this.#write(text);
    this.#written.value = index + 1;
  }
}
