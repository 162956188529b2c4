/**
 * The part of somebody else's configuration file that is ours: what stands between two comments. All other bytes are left
 * as they are, and taking the block out again gives back the bytes from before it was put in.
 */
import type { Bytes } from "../engine/bytes.js";

const BEGIN = "<!-- rulewright: begin; written by a deployment, changes are lost -->";
const END = "<!-- rulewright: end -->";
/** A pretty-printer may have changed the blanks inside the comments. */
const BLOCK = /<!--\s*rulewright: begin\b[^>]*-->([\s\S]*?)<!--\s*rulewright: end\s*-->/;

/** What stands between the marks, without the blanks around it; null when there is no block. */
export function blockIn(text: Bytes): Bytes | null {
  return BLOCK.exec(text)?.[1]?.trim() ?? null;
}

export function withoutBlock(text: Bytes): Bytes {
  const found = BLOCK.exec(text);
  if (!found) return text;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  const indent = /(?:^|\n)([ \t]*)$/.exec(before);
  // On lines of its own: they go with it.
  if (indent && after.startsWith("\n")) return before.slice(0, before.length - indent[1]!.length) + after.slice(1);
  return before + after;
}

/** Puts a block at this place of a text that has none. At the start of a line it gets lines of its own. */
export function insertBlock(text: Bytes, at: number, indent: string, content: Bytes): Bytes {
  const lines = [BEGIN, ...content.split("\n"), END];
  const ownLines = at === 0 || text[at - 1] === "\n";
  const block = ownLines ? lines.map((line) => `${indent}${line}\n`).join("") : lines.join("\n");
  return text.slice(0, at) + block + text.slice(at);
}
