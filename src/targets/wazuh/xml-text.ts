import { XMLBuilder } from "fast-xml-parser";

/** An XML element; `text` and `children` exclude each other. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly children?: readonly (XmlElement | XmlComment)[];
}
export interface XmlComment {
  readonly comment: string;
}

type Ordered = Record<string, unknown>;

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  textNodeName: "#text",
  commentPropName: "#comment",
  format: true,
  indentBy: "  ",
  suppressEmptyNode: false,
  // Nothing that needs an entity gets here; the manager's reader would not decode one.
  processEntities: false,
});

/** XML text with several roots, as the manager's files have; two spaces of indentation, a final newline. */
export function xmlText(roots: readonly (XmlElement | XmlComment)[]): string {
  const text: string = builder.build(roots.map(ordered));
  return `${text.trim()}\n`;
}

function ordered(node: XmlElement | XmlComment): Ordered {
  if ("comment" in node) return { "#comment": [{ "#text": ` ${node.comment.replaceAll("--", "- -")} ` }] };
  const content = node.children ? node.children.map(ordered) : [{ "#text": node.text ?? "" }];
  return { [node.name]: content, ...(node.attributes && { ":@": node.attributes }) };
}
