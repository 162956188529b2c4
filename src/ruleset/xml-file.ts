import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { Reporter } from "./reporter.js";
import { readXml, type XmlElement, XmlError } from "./xml.js";

/** The root elements of a file; one that the XML reader refuses refuses the ruleset. */
export function readXmlFile(
  file: { readonly name: string; readonly text: Bytes },
  reporter: Reporter,
  options?: { variables?: boolean },
): XmlElement[] {
  try {
    return readXml(file.text, file.name, options);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return reporter.refuse("xml-invalid", fromBytes(error.message), error.where);
  }
}
