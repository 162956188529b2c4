/**
 * Which top-level decoders accept a program name. Lines of one program come in thousands, so the answer is remembered
 * per name instead of asking every decoder's `program_name` for every event.
 */
import type { Bytes } from "../bytes.js";
import { isOsRegex } from "./attempts.js";
import type { DecoderStep } from "./decoder-step.js";
import { type RootAttempts, RootAttemptsBuilder } from "./root-attempts.js";

const REMEMBERED_NAMES = 1024;

export class ProgramIndex {
  readonly #steps: readonly DecoderStep[];
  readonly #attempts = new Map<Bytes, RootAttempts>();

  constructor(steps: readonly DecoderStep[]) {
    this.#steps = steps;
  }

  attempts(programName: Bytes): RootAttempts {
    let found = this.#attempts.get(programName);
    if (found === undefined) {
      found = this.#search(programName);
      if (this.#attempts.size >= REMEMBERED_NAMES) this.#attempts.clear();
      this.#attempts.set(programName, found);
    }
    return found;
  }

  #search(programName: Bytes): RootAttempts {
    const attempts = new RootAttemptsBuilder(this.#steps);
    this.#steps.forEach(({ decoder: { programName: expression } }, index) => {
      if (expression === null) return;
      if (isOsRegex(expression)) attempts.clear();
      const match = expression.dialect === "pcre2" ? expression.match(programName) : null;
      if (match !== null || expression.test(programName)) attempts.add(index, match?.groups);
    });
    return attempts.build();
  }
}
