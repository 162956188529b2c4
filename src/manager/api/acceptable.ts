/** What the manager's API would refuse, or change on its way to the disk, found before anything is sent. */
import { isUtf8 } from "node:buffer";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import type { Bytes } from "../../engine/bytes.js";
import { toBytes } from "../../engine/bytes.js";
import { type Address, addressText } from "../target.js";

/** `max_upload_size` as the API is shipped. */
const LARGEST = 10_485_760;
const XML_NAME = /^[\w-]+\.xml$/;
const LIST_NAME = /^[-\w]+$/;
/** Text of an element that begins like a formula and holds a quote gets an apostrophe in front of it. */
const FORMULA = />\s*[=+\-@][^<]*['"]/;
/** The API reads with a strict XML parser, which the manager's own loader is not. */
const ESCAPED_BRACKET = /\\</;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;
/** What a user who may not update it reads in place of a secret. */
const HIDDEN = />\s*\*{3,}\s*</;
/** A line of a list as the API checks it. */
const LIST_LINE = /^(?:[^:"\s]+|"[\w\-: ]+"):(?:"[\w\-: ]*"|[^:"]*)$/;

/** What of this file the API does not take as it is; null: it takes it. */
export function unacceptable(address: Address, bytes: Uint8Array): Diagnostic | null {
  const reason = fault(address, bytes);
  if (reason === null) return null;
  return {
    code: "api-would-refuse",
    severity: "error",
    message: `${addressText(address)} ${reason}`,
    hint: "deploy it on the manager itself (kind: directory), or change what it holds",
  };
}

/** Throws a Problem for such a file. */
export function assertAcceptable(address: Address, bytes: Uint8Array): void {
  const found = unacceptable(address, bytes);
  if (found) throw new Problem(2, [found]);
}

function fault(address: Address, bytes: Uint8Array): string | null {
  if (bytes.length > LARGEST) return `has ${bytes.length} bytes; the manager's API takes ${LARGEST}`;
  if (bytes.length === 0) return "is empty, which the manager's API refuses";
  if (!isUtf8(bytes)) return "is not UTF-8, which the manager's API asks for";
  const text = toBytes(bytes);
  if (address.kind === "lists") return listFault(address.name, text);
  if (address.kind === "group") return null;
  if (address.kind === "configuration")
    return HIDDEN.test(text) ? "comes with secrets hidden: written back, they would be lost" : null;
  if (!XML_NAME.test(address.name))
    return "has a name that the manager's API does not take: letters, digits, _ and -, ending in .xml";
  return xmlFault(text);
}

function listFault(name: string, text: Bytes): string | null {
  if (!LIST_NAME.test(name)) return "has a name that the manager's API does not take: letters, digits, _ and -";
  const lines = text.replace(/\n$/, "").split("\n");
  const at = lines.findIndex((line) => !LIST_LINE.test(line));
  return at < 0 ? null : `has a line that the manager's API refuses: line ${at + 1}: ${JSON.stringify(lines[at])}`;
}

function xmlFault(text: Bytes): string | null {
  const bare = text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, " "));
  const found: [RegExp, string][] = [
    [ESCAPED_BRACKET, "holds \\<, which the manager's API cannot read (write \\x3c in a pcre2 pattern)"],
    [BARE_AMPERSAND, "holds a bare &, at which the manager's API fails (write \\x26 in a pcre2 pattern)"],
    [FORMULA, "has text that begins like a formula (= + - @) and holds a quote: the manager's API would change it"],
  ];
  for (const [pattern, reason] of found) {
    const match = pattern.exec(bare);
    if (match) return `${reason}: line ${bare.slice(0, match.index).split("\n").length}`;
  }
  return null;
}
