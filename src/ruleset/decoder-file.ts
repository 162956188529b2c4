/** A file of decoders: what may stand at its root. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { sameName } from "./c-text.js";
import { readDecoder } from "./decoder-element.js";
import type { DecoderTreeBuilder } from "./decoder-tree.js";
import { baseName } from "./load-order.js";
import type { Reporter } from "./reporter.js";
import type { XmlElement } from "./xml.js";
import { readXmlFile } from "./xml-file.js";

/** Reads one file and adds its decoders to the trees. */
export function readDecoderFile(
  file: { readonly name: string; readonly text: Bytes },
  tree: DecoderTreeBuilder,
  orderSize: number,
  reporter: Reporter,
): void {
  const elements = readXmlFile(file, reporter);
  if (elements.length === 0 && !mayBeEmpty(file.name)) {
    reporter[file.text === "" ? "refuseUnsaid" : "refuse"](
      "decoder-file-empty",
      "a file of decoders holds no decoder; remove it",
      start(file.name),
    );
  }
  for (const element of elements) {
    checkDecoderHead(element, reporter);
    tree.add(readDecoder(element, orderSize, reporter));
  }
}

function start(file: string) {
  return { file, line: 1, column: 1 };
}

/** The real engine lets this one file be empty; a name without a directory is taken to stand in etc/decoders. */
function mayBeEmpty(name: string): boolean {
  return baseName(name) === "local_decoder.xml" && (!name.includes("/") || /(^|\/)etc\/decoders\/[^/]*$/.test(name));
}

/** The first attribute must be the name; a second may be `status`. Refuses anything else. */
function checkDecoderHead(element: XmlElement, reporter: Reporter): void {
  if (!sameName(element.name, "decoder")) {
    reporter.refuse(
      "decoder-root-invalid",
      `"${element.name}" among decoders; only "decoder" may stand here`,
      element.where,
    );
  }
  const [first, second, third] = element.attributes;
  if (!first || !sameName(first.name, "name")) {
    reporter.refuse("decoder-name-missing", 'a decoder needs "name" as its first attribute', element.where);
  }
  if ((second && !sameName(second.name, "status")) || third) {
    const extra = (third ?? second)!;
    reporter.refuse(
      "decoder-attribute-unknown",
      `attribute "${extra.name}" of decoder "${first.value}" is unknown`,
      extra.where,
    );
  }
  if (element.children.length === 0) {
    reporter.refuse("decoder-empty", `decoder "${fromBytes(first.value)}" holds no element`, element.where);
  }
}
