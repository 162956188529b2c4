import type { Bytes } from "../bytes.js";
import { cString } from "../regex/ascii.js";
import { ExpressionError } from "../regex/expression.js";
import { Parser } from "../regex/pcre2/parser.js";
import { readStartSettings } from "../regex/pcre2/start-settings.js";
import type { GroupKind, Node } from "../regex/pcre2/syntax.js";

/** Is a group of this PCRE2 pattern set whenever it matches? False where that cannot be told. */
export function alwaysCaptures(pattern: Bytes): boolean {
  const text = cString(pattern);
  try {
    const { settings, length } = readStartSettings(text);
    const { root } = new Parser(text, length, settings).parse();
    return !mayEndEarly(root.branches.flat()) && root.branches.every((branch) => branch.some(captures));
  } catch (error) {
    // UTF and UCP modes are not parsed by this parser.
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

/** What these have captured stays so when they have matched; what looks around is among them. */
const KEEPS_CAPTURES: ReadonlySet<GroupKind> = new Set([
  "plain",
  "atomic",
  "lookahead",
  "nonatomic-lookahead",
  "lookbehind",
  "nonatomic-lookbehind",
]);

function captures(node: Node): boolean {
  if (node.type === "repeat") return node.min > 0 && captures(node.item);
  if (node.type !== "group") return false;
  if (node.kind === "capture") return true;
  if (!KEEPS_CAPTURES.has(node.kind)) return false;
  return node.branches.every((branch) => branch.some(captures));
}

/** Verbs and calls may end a match in the middle of the pattern. */
function mayEndEarly(nodes: readonly Node[]): boolean {
  return nodes.some((node) => {
    if (node.type === "verb" || node.type === "recursion") return true;
    if (node.type === "repeat") return mayEndEarly([node.item]);
    return node.type === "group" && mayEndEarly(node.branches.flat());
  });
}
