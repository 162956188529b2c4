/** Which subjects translations are for. */
import type { Bytes } from "../../bytes.js";
import type { Translation } from "../translation.js";
import { type OccurRarely, rarityOf } from "./rare-texts.js";

export class Scope {
  readonly #longest: number;
  readonly #absent: readonly Bytes[];
  readonly #rarities: readonly OccurRarely[];

  /** Those that all of the translations are for. */
  constructor(translations: readonly Translation[]) {
    this.#longest = Math.min(...translations.map(({ longest }) => longest));
    this.#absent = [...new Set(translations.flatMap(({ absent }) => absent))];
    this.#rarities = [...new Set(translations.flatMap(({ rare }) => rare.map(rarityOf)))];
  }

  includes(subject: Bytes): boolean {
    if (subject.length > this.#longest) return false;
    for (const text of this.#absent) if (subject.includes(text)) return false;
    for (const occurRarely of this.#rarities) if (!occurRarely(subject)) return false;
    return true;
  }
}
