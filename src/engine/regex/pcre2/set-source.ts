/** Sets of bytes as JavaScript's regular expressions write them. */
import { byteSource } from "../regexp-source.js";
import type { CharSet } from "./char-set.js";

/** A set as RegExp writes it. */
export function setSource(set: CharSet): string {
  let source = setSources.get(set);
  if (source === undefined) {
    source = writeSet(set);
    setSources.set(set, source);
  }
  return source;
}

const setSources = new WeakMap<CharSet, string>();

function writeSet(set: CharSet): string {
  const members = [...set.keys()].filter((byte) => set[byte] === 1);
  if (members.length === 256) return "[^]";
  if (members.length === 1) return byteSource(members[0]!);
  if (members.length > 128) return `[^${rangesSource(set, 0)}]`;
  return `[${rangesSource(set, 1)}]`;
}

function rangesSource(set: Uint8Array, wanted: number): string {
  let ranges = "";
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] !== wanted) continue;
    let last = byte;
    while (last < 255 && set[last + 1] === wanted) last++;
    ranges += last === byte ? byteSource(byte) : `${byteSource(byte)}-${byteSource(last)}`;
    byte = last;
  }
  return ranges;
}
