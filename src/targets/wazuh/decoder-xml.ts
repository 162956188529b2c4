import { fieldName } from "../../ir/field-names.js";
import type { BranchNode, DecoderNode, ExtractNode, PackNode } from "../../ir/nodes.js";
import { groupOrder } from "../../ir/pattern-groups.js";
import type { EmittedFile } from "../emitted-file.js";
import { patternText } from "./pattern-text.js";
import { type XmlComment, type XmlElement, xmlText } from "./xml-text.js";

/**
 * One file for all decoders of a pack. Its name sorts before the stock decoders': the manager loads files by base name over
 * all directories, and the first decoder that matches takes the event, so a stock one with a loose prematch could steal it.
 */
export function decoderFile(pack: PackNode): EmittedFile {
  const roots = pack.decoders.flatMap((decoder) => [{ comment: decoder.description }, ...decoderElements(decoder)]);
  return { path: `wazuh/decoders/0000-${pack.name}_decoders.xml`, text: xmlText(roots) };
}

/** Field names of an extraction, in the order of its captures; null for a capture that nothing names. */
export function extractOrder(extract: ExtractNode): (string | null)[] {
  return extract.order ? [...extract.order] : groupOrder(extract.pattern.source);
}

function decoderElements(decoder: DecoderNode): (XmlElement | XmlComment)[] {
  // One top-level decoder per entry, all of one name: the children are attached to each of them.
  const tops = decoder.entries.map(({ program, prematch }) => ({
    name: "decoder",
    attributes: { name: decoder.name },
    children: [
      ...(program ? [pattern("program_name", patternText(program).text)] : []),
      ...(prematch ? [pattern("prematch", patternText(prematch).text)] : []),
    ],
  }));
  return [...tops, ...decoder.branches.flatMap((branch) => branchElements(decoder, branch))];
}

/** A chain of children of one name: each that matches adds its fields, one that does not is skipped. */
function branchElements(decoder: DecoderNode, branch: BranchNode): XmlElement[] {
  return branch.extract.map((extract, index) => ({
    name: "decoder",
    attributes: { name: branch.name },
    children: [
      { name: "parent", text: decoder.name },
      ...(index === 0 && branch.prematch ? [pattern("prematch", patternText(branch.prematch).text)] : []),
      pattern("regex", patternText(extract.pattern).text, index > 0 ? branch.offset : undefined),
      {
        name: "order",
        text: extractOrder(extract)
          .map((group) => fieldName(decoder, group ?? ""))
          .join(", "),
      },
    ],
  }));
}

function pattern(name: string, text: string, offset?: string): XmlElement {
  return { name, attributes: { type: "pcre2", ...(offset && { offset }) }, text };
}
