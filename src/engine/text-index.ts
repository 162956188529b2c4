/**
 * Which of many texts a log holds, in one pass over it (Aho and Corasick, 1975): patterns that need a text which is not
 * there are not tried. Case of A–Z does not count, as in most of the engine's dialects; for the others it only means that
 * some are tried in vain.
 */
import type { Bytes } from "./bytes.js";
import { LOWER } from "./regex/ascii.js";

/** Texts of one pattern: it can match only where one of them is. Null: it can match anywhere. */
export type TextIds = Int32Array | null;

export class TextIndex {
  readonly #ids = new Map<Bytes, number>();
  #automaton: Automaton | null = null;
  /** By text: the number of the last scan that found it. */
  #seenIn = new Int32Array(0);
  #scan = 0;
  #log: Bytes | null = null;

  /** Must be called before the first question. @param texts in lower case */
  add(texts: readonly Bytes[] | null): TextIds {
    if (texts === null) return null;
    return Int32Array.from(texts, (text) => {
      const id = this.#ids.get(text) ?? this.#ids.size;
      this.#ids.set(text, id);
      return id;
    });
  }

  /** May a pattern with these texts match this log? */
  mayMatch(log: Bytes, ids: TextIds): boolean {
    if (ids === null) return true;
    if (log !== this.#log) this.#look(log);
    for (let at = 0; at < ids.length; at++) if (this.#seenIn[ids[at]!] === this.#scan) return true;
    return false;
  }

  #look(log: Bytes): void {
    if (this.#automaton === null) {
      this.#automaton = new Automaton([...this.#ids.keys()]);
      this.#seenIn = new Int32Array(this.#ids.size);
    }
    this.#log = log;
    this.#automaton.find(log, this.#seenIn, ++this.#scan);
  }
}

class Automaton {
  /** Column of each byte; bytes that no text holds share the first. */
  readonly #column = new Uint8Array(256);
  readonly #columns: number;
  /** By state and column: the next state, as an offset into this table. */
  readonly #next: Int32Array;
  /** By state: where its texts begin in `#found`, which ends each list with -1; 0 where it has none. */
  readonly #list: Int32Array;
  readonly #found: Int32Array;

  constructor(texts: readonly Bytes[]) {
    let columns = 1;
    for (const text of texts)
      for (let at = 0; at < text.length; at++) {
        const byte = text.charCodeAt(at);
        if (byte < 256 && this.#column[byte] === 0 && columns < 256) this.#column[byte] = columns++;
      }
    for (let byte = 0; byte < 256; byte++) this.#column[byte] = this.#column[LOWER[byte]!]!;
    this.#columns = columns;

    const { children, ends } = this.#trie(texts);
    this.#next = new Int32Array(children.length * columns);
    const suffix = new Int32Array(children.length);
    const lists: number[][] = ends.map((own) => [...own]);
    // By length: the suffix of a state is shorter, and complete already.
    const queue = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head]!;
      const fallback = state === 0 ? 0 : suffix[state]!;
      for (let column = 0; column < columns; column++) {
        const child = children[state]!.get(column);
        const other = state === 0 ? 0 : this.#next[fallback * columns + column]! / columns;
        this.#next[state * columns + column] = (child ?? other) * columns;
        if (child === undefined) continue;
        suffix[child] = state === 0 ? 0 : other;
        lists[child]!.push(...lists[suffix[child]!]!);
        queue.push(child);
      }
    }
    this.#list = new Int32Array(children.length);
    const found = [-1];
    lists.forEach((list, state) => {
      if (list.length === 0) return;
      this.#list[state] = found.length;
      found.push(...list, -1);
    });
    this.#found = Int32Array.from(found);
  }

  /** Marks the texts that the log holds. */
  find(log: Bytes, marks: Int32Array, mark: number): void {
    const column = this.#column;
    const next = this.#next;
    const columns = this.#columns;
    const list = this.#list;
    const found = this.#found;
    let state = 0;
    for (let at = 0; at < log.length; at++) {
      state = next[state + column[log.charCodeAt(at)]!]!;
      let text = list[state / columns]!;
      if (text === 0) continue;
      for (; found[text] !== -1; text++) marks[found[text]!] = mark;
    }
  }

  /** A byte that is none can never be met: its text is left out. */
  #trie(texts: readonly Bytes[]): { children: Map<number, number>[]; ends: number[][] } {
    const children: Map<number, number>[] = [new Map()];
    const ends: number[][] = [[]];
    texts.forEach((text, id) => {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        const byte = text.charCodeAt(at);
        if (byte > 255) return;
        const column = this.#column[byte]!;
        let child = children[state]!.get(column);
        if (child === undefined) {
          child = children.length;
          children[state]!.set(column, child);
          children.push(new Map());
          ends.push([]);
        }
        state = child;
      }
      ends[state]!.push(id);
    });
    return { children, ends };
  }
}
