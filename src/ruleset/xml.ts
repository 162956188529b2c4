/** Elements of a configuration file as the real engine's loaders see them. */
import type { Where } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import { scanXml, type XmlItem } from "./xml-scanner.js";
import { applyVariables } from "./xml-variables.js";

export { XmlError } from "./xml-scanner.js";

export interface XmlElement {
  readonly name: Bytes;
  readonly attributes: readonly XmlAttribute[];
  /** What stands between the last nested element and the closing tag. */
  readonly content: Bytes;
  readonly children: readonly XmlElement[];
  readonly where: Where;
}

export interface XmlAttribute {
  readonly name: Bytes;
  readonly value: Bytes;
  readonly where: Where;
}

/**
 * The root elements of a file. Variables are replaced unless told otherwise (ossec.conf has none).
 * @throws XmlError where the real engine's reader gives up
 */
export function readXml(text: Bytes, file: string, options: { variables?: boolean } = {}): XmlElement[] {
  const items = scanXml(text, file);
  if (options.variables ?? true) applyVariables(items);
  return buildTree(items);
}

/** The value of the attribute of exactly this name. */
export function attributeOf(element: XmlElement, name: Bytes): Bytes | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Parent of an element is the last one before it that is one less deep: what stands in a `<var>` goes astray. */
function buildTree(items: readonly XmlItem[]): XmlElement[] {
  const roots: XmlElement[] = [];
  const open: XmlElement[] = [];
  items.forEach((item, index) => {
    if (item.kind !== "element") return;
    const siblings = item.depth === 0 ? roots : (open[item.depth - 1]?.children as XmlElement[] | undefined);
    const { name, content, where } = item;
    const element: XmlElement = { name, attributes: attributesBehind(items, index), content, children: [], where };
    siblings?.push(element);
    open.length = Math.min(open.length, item.depth);
    open[item.depth] = element;
  });
  return roots;
}

function attributesBehind(items: readonly XmlItem[], index: number): readonly XmlAttribute[] {
  let end = index + 1;
  while (items[end]?.kind === "attribute") end++;
  if (end === index + 1) return NO_ATTRIBUTES;
  return items.slice(index + 1, end).map(({ name, content, where }) => ({ name, value: content, where }));
}

/** Most elements have none. */
const NO_ATTRIBUTES: readonly XmlAttribute[] = [];
