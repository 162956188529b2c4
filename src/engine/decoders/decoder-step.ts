/** A decoder made ready to run: with it the texts without which its patterns cannot match. */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, WRITE_STATIC } from "../event.js";
import type { Decoder, DecoderNode } from "../model.js";
import type { Expression } from "../regex/expression.js";
import { placesOf, type TextPlaces } from "../text-index.js";

export class DecoderStep {
  readonly decoder: Decoder;
  /** What to do with each captured text; null where the order skips one. */
  readonly assign: readonly (((event: EngineEvent, value: Bytes) => void) | null)[];
  readonly children: readonly DecoderStep[];
  // Worked out when they are first asked for: most decoders of a ruleset never meet an event.
  #prematchTexts: TextPlaces | undefined;
  #regexTexts: TextPlaces | undefined;

  constructor({ decoder, children }: DecoderNode) {
    this.decoder = decoder;
    this.assign = decoder.order.map((field) => {
      if (field === null) return null;
      if (field.kind === "static") return WRITE_STATIC[field.name];
      return (event, value) => event.addField(field.name, value);
    });
    this.children = children.map((child) => new DecoderStep(child));
  }

  get prematchTexts(): TextPlaces {
    if (this.#prematchTexts === undefined) this.#prematchTexts = textsOf(this.decoder.prematch);
    return this.#prematchTexts;
  }

  get regexTexts(): TextPlaces {
    if (this.#regexTexts === undefined) this.#regexTexts = textsOf(this.decoder.regex);
    return this.#regexTexts;
  }
}

function textsOf(expression: Expression | null): TextPlaces {
  return placesOf(expression?.needs.texts ?? null);
}
