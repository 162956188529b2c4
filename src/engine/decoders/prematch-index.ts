/**
 * The top-level decoders that a log can match, without trying all of them: most prematches begin with a certain byte or
 * hold a certain text.
 */
import type { Bytes } from "../bytes.js";
import type { DecoderNode } from "../model.js";
import type { TextIds, TextIndex } from "../text-index.js";

export interface PrematchCandidate {
  /** Place among the decoders. */
  readonly index: number;
  /** An osregex stands between the candidate before and this one: trying it would have emptied the captures. */
  readonly clearsCaptures: boolean;
  /** To be asked before it is tried. */
  readonly texts: TextIds;
  readonly isOsRegex: boolean;
}

export interface PrematchCandidates {
  readonly list: readonly PrematchCandidate[];
  readonly clearsCapturesAtEnd: boolean;
}

/** Place of what is looked at when the log is empty. */
const EMPTY = 256;

export class PrematchIndex {
  readonly texts: TextIndex;
  readonly #nodes: readonly DecoderNode[];
  readonly #textIds: readonly TextIds[];
  readonly #byFirst: (PrematchCandidates | undefined)[] = [];

  constructor(nodes: readonly DecoderNode[], texts: TextIndex) {
    this.texts = texts;
    this.#nodes = nodes;
    this.#textIds = nodes.map(({ decoder: { prematch } }) => texts.add(prematch?.needs.texts ?? null));
  }

  /** Those that a log with this beginning can match, in order. */
  candidates(log: Bytes): PrematchCandidates {
    const first = log === "" ? EMPTY : log.charCodeAt(0);
    this.#byFirst[first] ??= this.#select(first);
    return this.#byFirst[first];
  }

  #select(first: number): PrematchCandidates {
    const list: PrematchCandidate[] = [];
    let clearsCaptures = false;
    this.#nodes.forEach(({ decoder: { prematch } }, index) => {
      if (prematch === null) return;
      const { firstBytes } = prematch.needs;
      const isOsRegex = prematch.dialect === "osregex";
      if (firstBytes === null || (first !== EMPTY && firstBytes[first] === 1)) {
        list.push({ index, clearsCaptures, texts: this.#textIds[index]!, isOsRegex });
        clearsCaptures = false;
      } else if (isOsRegex) clearsCaptures = true;
    });
    return { list, clearsCapturesAtEnd: clearsCaptures };
  }
}
