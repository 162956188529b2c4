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

/**
 * XML text with several roots, as the manager's files have; two spaces of indentation, a final newline. Texts stand in it
 * as they are: nothing that needs an entity gets here, for the manager's reader would not decode one.
 */
export function xmlText(roots: readonly (XmlElement | XmlComment)[]): string {
  return roots.flatMap((root) => linesOf(root, "")).join("");
}

function linesOf(node: XmlElement | XmlComment, indent: string): string[] {
  if ("comment" in node) return [`${indent}<!-- ${node.comment.replace(/-(?=-)/g, "- ")} -->\n`];
  const attributes = Object.entries(node.attributes ?? {}).map(([name, value]) => ` ${name}="${value}"`);
  const start = `${indent}<${node.name}${attributes.join("")}>`;
  const end = `</${node.name}>\n`;
  if (!node.children) return [`${start}${node.text ?? ""}${end}`];
  return [`${start}\n`, ...node.children.flatMap((child) => linesOf(child, `${indent}  `)), `${indent}${end}`];
}
