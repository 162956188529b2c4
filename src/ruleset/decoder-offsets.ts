/** `offset` attributes of a decoder: which are allowed where. */
import type { Where } from "../diagnostics/diagnostic.js";
import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { Offset } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Reporter } from "./reporter.js";
import { attributeOf, type XmlElement } from "./xml.js";

export interface DecoderOffsets {
  regex: Offset;
  prematch: Offset;
  plugin: Offset;
}

const OFFSETS: readonly Offset[] = ["after_parent", "after_prematch", "after_regex"];

/** "none" without the attribute; undefined for a word that is no offset. */
export function offsetOf(element: XmlElement): Offset | undefined {
  const value = attributeOf(element, "offset");
  return value === undefined ? "none" : OFFSETS.find((offset) => offset === asciiLower(value));
}

/** Refuses what the real engine refuses. Returns the regex's offset: after_prematch without a parent is after_parent. */
export function checkOffsets(
  { regex, prematch, plugin }: DecoderOffsets,
  decoder: { name: Bytes; hasParent: boolean; hasPrematch: boolean; hasRegex: boolean },
  where: Where,
  reporter: Reporter,
): Offset {
  const refuse = (message: string): never =>
    reporter.refuse("decoder-offset-invalid", `decoder "${fromBytes(decoder.name)}" ${message}`, where);
  const { hasParent, hasPrematch, hasRegex } = decoder;

  if (regex === "after_parent" && !hasParent) refuse("has a regex after_parent but no parent");
  if (regex === "after_prematch" && hasParent && !hasPrematch) refuse("has a regex after_prematch but no prematch");
  if (regex === "after_regex" && !(hasParent && hasRegex)) refuse("has a regex after_regex but no parent");
  if (prematch === "after_parent" && !hasParent) refuse("has a prematch after_parent but no parent");
  if (prematch === "after_prematch" || prematch === "after_regex") {
    refuse(`has a prematch ${prematch}; only after_parent is allowed there`);
  }
  if (plugin === "after_parent" && !hasParent) refuse("has a plugin_decoder after_parent but no parent");
  if (plugin === "after_prematch" && !hasPrematch) refuse("has a plugin_decoder after_prematch but no prematch");
  return regex === "after_prematch" && !hasParent ? "after_parent" : regex;
}
