/** A decoder made ready to run: with it the texts without which its patterns cannot match. */
import type { Decoder, DecoderNode } from "../model.js";
import type { TextIds, TextIndex } from "../text-index.js";

export interface DecoderStep {
  readonly decoder: Decoder;
  readonly prematchTexts: TextIds;
  readonly regexTexts: TextIds;
  readonly children: readonly DecoderStep[];
}

export function compileDecoder({ decoder, children }: DecoderNode, texts: TextIndex): DecoderStep {
  return {
    decoder,
    prematchTexts: texts.add(decoder.prematch?.needs.texts ?? null),
    regexTexts: texts.add(decoder.regex?.needs.texts ?? null),
    children: children.map((child) => compileDecoder(child, texts)),
  };
}
