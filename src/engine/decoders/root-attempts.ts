/** The top-level decoders that an event is tried on. */
import type { Bytes } from "../bytes.js";
import { type Attempts, attemptsOf, CLEARS_BEFORE, SETS } from "./attempts.js";
import type { DecoderStep } from "./decoder-step.js";

export interface RootAttempts extends Attempts {
  /** What a pcre2 program_name captured, where it SETS. */
  readonly groups: readonly (readonly Bytes[])[];
  /** An osregex stands behind the last. */
  readonly clearsAtEnd: boolean;
}

const NONE: readonly Bytes[] = [];

/** Puts them together, in order. */
export class RootAttemptsBuilder {
  readonly #steps: readonly DecoderStep[];
  readonly #indexes: number[] = [];
  readonly #traces: number[] = [];
  readonly #groups: (readonly Bytes[])[] = [];
  #clears = false;

  constructor(steps: readonly DecoderStep[]) {
    this.#steps = steps;
  }

  /** An osregex would have been tried here. */
  clear(): void {
    this.#clears = true;
  }

  /** @param groups what its program name captured */
  add(index: number, groups = NONE): void {
    this.#indexes.push(index);
    this.#traces.push((this.#clears ? CLEARS_BEFORE : 0) | (groups.length > 0 ? SETS : 0));
    this.#groups.push(groups);
    this.#clears = false;
  }

  build(): RootAttempts {
    const attempts = attemptsOf(this.#steps, this.#indexes, ({ decoder }) => decoder.prematch, this.#traces);
    return { ...attempts, groups: this.#groups, clearsAtEnd: this.#clears };
  }
}
