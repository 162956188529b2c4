/**
 * The top-level decoders that a log can match, without trying all of them: most prematches begin with a certain byte or
 * hold a certain text.
 */
import type { Bytes } from "../bytes.js";
import type { DecoderStep } from "./decoder-step.js";

export interface PrematchCandidate {
  /** Place among the decoders. */
  readonly index: number;
  /** An osregex stands between the candidate before and this one: trying it would have emptied the captures. */
  readonly clearsCaptures: boolean;
}

export interface PrematchCandidates {
  readonly list: readonly PrematchCandidate[];
  readonly clearsCapturesAtEnd: boolean;
}

/** Place of what is looked at when the log is empty. */
const EMPTY = 256;

export class PrematchIndex {
  readonly #steps: readonly DecoderStep[];
  readonly #byFirst: (PrematchCandidates | undefined)[] = Array.from({ length: EMPTY + 1 });

  constructor(steps: readonly DecoderStep[]) {
    this.#steps = steps;
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
    this.#steps.forEach(({ decoder: { prematch } }, index) => {
      if (prematch === null) return;
      const { firstBytes } = prematch.needs;
      if (firstBytes === null || (first !== EMPTY && firstBytes[first] === 1)) {
        list.push({ index, clearsCaptures });
        clearsCaptures = false;
      } else if (prematch.dialect === "osregex") clearsCaptures = true;
    });
    return { list, clearsCapturesAtEnd: clearsCaptures };
  }
}
