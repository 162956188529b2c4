/** A decoder made ready to run: with it the texts without which its patterns cannot match. */
import type { Decoder, DecoderNode } from "../model.js";
import { placesOf, type TextPlaces } from "../text-index.js";

export interface DecoderStep {
  readonly decoder: Decoder;
  readonly prematchTexts: TextPlaces;
  readonly regexTexts: TextPlaces;
  readonly children: readonly DecoderStep[];
}

export function compileDecoder({ decoder, children }: DecoderNode): DecoderStep {
  return {
    decoder,
    prematchTexts: placesOf(decoder.prematch?.needs.texts ?? null),
    regexTexts: placesOf(decoder.regex?.needs.texts ?? null),
    children: children.map(compileDecoder),
  };
}
