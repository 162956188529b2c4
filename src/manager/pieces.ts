/** What a deployment puts in place: whole files of ours, and our block in files that are somebody else's. */

import { problem } from "../diagnostics/problem.js";
import { type Bytes, fromBytes, toBytes } from "../engine/bytes.js";
import { declaredLists, withDeclaredLists } from "./configuration-lists.js";
import { blockIn, insertBlock, withoutBlock } from "./marked-block.js";
import { type Address, addressText, type Target } from "./target.js";

/**
 * Of a file the bytes; of `configuration` the paths of the lists that our block declares, one a line; of `group` the text
 * of our block in agent.conf. Null: not there.
 */
export type Content = Uint8Array | null;

export interface Piece {
  readonly address: Address;
  readonly content: Content;
}

export const keyOf = addressText;

export async function readPiece(target: Target, address: Address): Promise<Content> {
  const bytes = await target.read(address);
  if (bytes === null) return null;
  switch (address.kind) {
    case "configuration": {
      const lists = declaredLists(toBytes(bytes));
      return lists && listsContent(lists);
    }
    case "group": {
      const block = blockIn(toBytes(bytes));
      return block === null ? null : fromEngine(block);
    }
    default:
      return bytes;
  }
}

/** Brings one piece to this content; what stands around a block is left as it is. */
export async function writePiece(target: Target, { address, content }: Piece): Promise<void> {
  if (address.kind === "configuration") {
    const text = toBytes(await fileOf(target, address));
    const changed = withDeclaredLists(text, content === null ? [] : listsOf(content));
    if (changed !== text) await target.write(address, fromEngine(changed));
  } else if (address.kind === "group") await writeGroup(target, address, content);
  else if (content === null) await target.remove(address);
  else await target.write(address, content);
}

/** agent.conf may hold several `agent_config`; ours comes last. */
async function writeGroup(target: Target, address: Address, content: Content): Promise<void> {
  const text = toBytes((await target.read(address)) ?? Buffer.alloc(0));
  const bare = withoutBlock(text);
  const lines = bare === "" || bare.endsWith("\n") ? bare : `${bare}\n`;
  const changed = content === null ? bare : insertBlock(lines, lines.length, "", toBytes(content).trim());
  if (changed === text) return;
  if (changed === "") await target.remove(address);
  else await target.write(address, fromEngine(changed));
}

async function fileOf(target: Target, address: Address): Promise<Uint8Array> {
  const bytes = await target.read(address);
  if (bytes !== null) return bytes;
  throw problem(2, { code: "target-file-missing", message: `${target.place} has no ${addressText(address)}` });
}

/** Whether two contents are the same to the manager: it prints agent.conf in its own way. */
export function sameContent({ kind }: Address, a: Content, b: Content): boolean {
  if (a === null || b === null) return a === b;
  if (kind === "group") return unspaced(a) === unspaced(b);
  return Buffer.compare(a, b) === 0;
}

function unspaced(content: Uint8Array): Bytes {
  return toBytes(content)
    .trim()
    .replace(/\s+/g, " ")
    .replace(/> ?([^<]*?) ?</g, ">$1<");
}

export function listsContent(lists: readonly string[]): Content {
  return lists.length === 0 ? null : Buffer.from(lists.join("\n"));
}

export function listsOf(content: Content): readonly string[] {
  return content === null ? [] : fromBytes(toBytes(content)).split("\n");
}

function fromEngine(text: Bytes): Uint8Array {
  return Buffer.from(text, "latin1");
}
