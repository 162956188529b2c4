/**
 * The top-level decoders that a log can match, without trying all of them: most prematches begin with a certain byte or
 * hold a certain text.
 */
import type { Bytes } from "../bytes.js";
import { isOsRegex } from "./attempts.js";
import type { DecoderStep } from "./decoder-step.js";
import { type RootAttempts, RootAttemptsBuilder } from "./root-attempts.js";

/** Place of what is looked at when the log is empty. */
const EMPTY = 256;

export class PrematchIndex {
  readonly #steps: readonly DecoderStep[];
  readonly #byFirst: (RootAttempts | undefined)[] = Array.from({ length: EMPTY + 1 });

  constructor(steps: readonly DecoderStep[]) {
    this.#steps = steps;
  }

  /** Those that a log with this beginning can match, in order. */
  attempts(log: Bytes): RootAttempts {
    const first = log === "" ? EMPTY : log.charCodeAt(0);
    this.#byFirst[first] ??= this.#select(first);
    return this.#byFirst[first];
  }

  #select(first: number): RootAttempts {
    const attempts = new RootAttemptsBuilder(this.#steps);
    this.#steps.forEach(({ decoder: { prematch } }, index) => {
      if (prematch === null) return;
      const { firstBytes } = prematch.needs;
      if (firstBytes === null || (first !== EMPTY && firstBytes[first] === 1)) attempts.add(index);
      else if (isOsRegex(prematch)) attempts.clear();
    });
    return attempts.build();
  }
}
