/** What can come next in a pattern: a superset of the bytes, which is enough to see that a repeat need not give back. */
import { ALL, type CharSet, otherCase, singleton, unite } from "./char-set.js";
import type { Anchor, CharNode, Node } from "./syntax.js";

export interface Followers {
  /** Bytes that can come next. */
  readonly set: CharSet;
  /** Nothing need come: the match may be complete. */
  readonly end: boolean;
}

const NOTHING: CharSet = new Uint8Array(256);
const LINE_FEED = singleton(10);

/** Behind the last item. */
export const AT_END: Followers = { set: NOTHING, end: true };

export function setOf(node: CharNode): CharSet {
  if (node.type === "class" || node.type === "type") return node.set;
  const other = node.caseless ? otherCase(node.byte) : node.byte;
  if (node.type === "char" && other === node.byte) return singleton(node.byte);
  const set = new Uint8Array(256).fill(node.type === "char" ? 0 : 1);
  set[node.byte] = set[other] = node.type === "char" ? 1 : 0;
  return set;
}

/** What can come next in front of these items. */
export function followersOf(items: readonly Node[], behind: Followers): Followers {
  const set = new Uint8Array(256);
  for (const item of items) {
    const { bytes, mayBeEmpty } = firstOf(item);
    unite(set, bytes);
    if (!mayBeEmpty) return { set, end: false };
  }
  unite(set, behind.set);
  return { set, end: behind.end };
}

interface First {
  readonly bytes: CharSet;
  readonly mayBeEmpty: boolean;
}

function firstOf(node: Node): First {
  switch (node.type) {
    case "char":
    case "not":
    case "class":
    case "type":
      return { bytes: setOf(node), mayBeEmpty: false };
    case "anchor":
      return firstOfAnchor(node.anchor);
    case "repeat": {
      const { bytes, mayBeEmpty } = firstOf(node.item);
      return { bytes, mayBeEmpty: mayBeEmpty || node.min === 0 };
    }
    case "group": {
      if (node.kind !== "plain" && node.kind !== "capture" && node.kind !== "atomic") return ANYTHING;
      const bytes = new Uint8Array(256);
      let mayBeEmpty = false;
      for (const branch of node.branches) {
        const first = followersOf(branch, AT_END);
        unite(bytes, first.set);
        mayBeEmpty ||= first.end;
      }
      return { bytes, mayBeEmpty };
    }
    default:
      return ANYTHING;
  }
}

/** Of what looks around, nothing is known. */
const ANYTHING: First = { bytes: ALL, mayBeEmpty: false };

/** An anchor at the end holds in front of a line feed, or of nothing. */
function firstOfAnchor(anchor: Anchor): First {
  if (anchor === "\\z") return { bytes: NOTHING, mayBeEmpty: false };
  return anchor === "$" || anchor === "$m" || anchor === "\\Z" ? { bytes: LINE_FEED, mayBeEmpty: false } : ANYTHING;
}
