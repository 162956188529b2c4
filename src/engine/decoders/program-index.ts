/**
 * Which top-level decoders accept a program name. Lines of one program come in thousands, so the answer is remembered
 * per name instead of asking every decoder's `program_name` for every event.
 */
import type { Bytes } from "../bytes.js";
import type { DecoderNode } from "../model.js";

const REMEMBERED_NAMES = 1024;

export interface Candidate {
  /** Index in the list of top-level decoders. */
  readonly index: number;
  /** An osregex was run since the candidate before: it empties the captures that earlier expressions left. */
  readonly clearsCaptures: boolean;
  /** What a pcre2 program_name captured. */
  readonly groups: readonly Bytes[] | null;
}

export interface Candidates {
  readonly list: readonly Candidate[];
  /** An osregex was run behind the last candidate. */
  readonly clearsCapturesAtEnd: boolean;
}

export class ProgramIndex {
  readonly #nodes: readonly DecoderNode[];
  readonly #candidates = new Map<Bytes, Candidates>();

  constructor(nodes: readonly DecoderNode[]) {
    this.#nodes = nodes;
  }

  candidates(programName: Bytes): Candidates {
    let found = this.#candidates.get(programName);
    if (found === undefined) {
      found = this.#search(programName);
      if (this.#candidates.size >= REMEMBERED_NAMES) this.#candidates.clear();
      this.#candidates.set(programName, found);
    }
    return found;
  }

  #search(programName: Bytes): Candidates {
    const list: Candidate[] = [];
    let clearsCaptures = false;
    for (let index = 0; index < this.#nodes.length; index++) {
      const expression = this.#nodes[index]!.decoder.programName;
      if (expression === null) continue;
      if (expression.dialect === "osregex") clearsCaptures = true;
      const match = expression.dialect === "pcre2" ? expression.match(programName) : null;
      if (match === null && !expression.test(programName)) continue;
      const groups = match !== null && match.groups.length > 0 ? match.groups : null;
      list.push({ index, clearsCaptures, groups });
      clearsCaptures = false;
    }
    return { list, clearsCapturesAtEnd: clearsCaptures };
  }
}
