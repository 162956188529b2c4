/** What can come next in a pattern: a superset of the bytes, which is enough to see that a repeat need not give back. */
import type { Bytes } from "../../bytes.js";
import { ALL, type CharSet, otherCase, singleton, unite } from "./char-set.js";
import type { Anchor, CharNode, Node } from "./syntax.js";

export interface Followers {
  /** Bytes that can come next. */
  readonly set: CharSet;
  /** Nothing need come: the match may be complete. */
  readonly end: boolean;
  /** One of these comes next for certain, side by side; null where that cannot be told. */
  readonly texts: () => readonly Bytes[] | null;
}

const NOTHING: CharSet = new Uint8Array(256);
const LINE_FEED = singleton(10);

/** Behind the last item. */
export const AT_END: Followers = { set: NOTHING, end: true, texts: () => null };

/** Shared: not to be changed. */
const sets = new WeakMap<CharNode, CharSet>();

export function setOf(node: CharNode): CharSet {
  if (node.type === "class" || node.type === "type") return node.set;
  let set = sets.get(node);
  if (set === undefined) {
    set = new Uint8Array(256).fill(node.type === "char" ? 0 : 1);
    set[node.byte] = node.type === "char" ? 1 : 0;
    if (node.caseless) set[otherCase(node.byte)] = set[node.byte]!;
    sets.set(node, set);
  }
  return set;
}

/** What can come next at the beginning of a repeat's second round, or behind its last. */
export function eitherOf(first: Followers, other: Followers): Followers {
  const set = Uint8Array.from(first.set);
  unite(set, other.set);
  const texts = () => {
    const [left, right] = [first.texts(), other.texts()];
    return left === null || right === null || left.length + right.length > MOST_TEXTS ? null : [...left, ...right];
  };
  return { set, end: first.end || other.end, texts };
}

/** What can come next in front of these items. */
export function followersOf(items: readonly Node[], behind: Followers): Followers {
  const set = new Uint8Array(256);
  const texts = () => textsOf(items, behind);
  for (const item of items) {
    const { bytes, mayBeEmpty } = firstOf(item);
    unite(set, bytes);
    if (!mayBeEmpty) return { set, end: false, texts };
  }
  unite(set, behind.set);
  return { set, end: behind.end, texts };
}

/** More texts than this are dear to look for. */
const MOST_TEXTS = 24;
const LONGEST_TEXT = 12;
/** A shorter text is in nearly every subject. */
const SHORTEST_TEXT = 2;

/** What a match may go on with, and whether more of it is to be read. */
interface Beginning {
  readonly text: Bytes;
  readonly open: boolean;
}

function textsOf(items: readonly Node[], behind: Followers): readonly Bytes[] | null {
  let all = beginnings(items, [{ text: "", open: true }]);
  const more = all?.some(({ open }) => open) ? behind.texts() : [];
  if (more !== null)
    all =
      all &&
      extended(
        all,
        more.map((text) => ({ text, open: false })),
      );
  const texts = all === null ? [] : [...new Set(all.map(({ text }) => text))];
  const tell = texts.length > 0 && texts.length <= MOST_TEXTS && texts.every(({ length }) => length >= SHORTEST_TEXT);
  return tell ? texts : null;
}

/** Null where there are too many. */
function beginnings(items: readonly Node[], before: readonly Beginning[]): readonly Beginning[] | null {
  let all: readonly Beginning[] | null = before;
  for (const item of items) {
    if (all === null || !all.some(({ open }) => open)) return all;
    all = withItem(item, all);
  }
  return all;
}

function withItem(item: Node, before: readonly Beginning[]): readonly Beginning[] | null {
  switch (item.type) {
    case "char":
      if (item.caseless && otherCase(item.byte) !== item.byte) return closed(before);
      return extended(before, [{ text: String.fromCharCode(item.byte), open: true }]);
    case "anchor":
      return before;
    case "repeat": {
      if (item.min === 1 && item.max === 1) return withItem(item.item, before);
      const once = beginnings([item.item], before);
      if (once === null) return null;
      return item.min > 0 ? closed(once) : few([...before, ...closed(once)]);
    }
    case "group": {
      if (item.kind.includes("look")) return before;
      if (item.kind !== "plain" && item.kind !== "capture" && item.kind !== "atomic") return closed(before);
      const branches = item.branches.map((branch) => beginnings(branch, [{ text: "", open: true }]));
      return branches.includes(null) ? null : extended(before, (branches as Beginning[][]).flat());
    }
    default:
      return closed(before);
  }
}

function extended(before: readonly Beginning[], more: readonly Beginning[]): readonly Beginning[] | null {
  return few(
    before.flatMap((each) => {
      if (!each.open) return [each];
      return more.map(({ text, open }) => {
        const longer = each.text + text;
        return { text: longer.slice(0, LONGEST_TEXT), open: open && longer.length < LONGEST_TEXT };
      });
    }),
  );
}

function closed(all: readonly Beginning[]): readonly Beginning[] {
  return all.map(({ text }) => ({ text, open: false }));
}

function few(all: readonly Beginning[]): readonly Beginning[] | null {
  return all.length > 2 * MOST_TEXTS ? null : all;
}

interface First {
  readonly bytes: CharSet;
  readonly mayBeEmpty: boolean;
}

const firsts = new WeakMap<Node, First>();

function firstOf(node: Node): First {
  let first = firsts.get(node);
  if (first === undefined) {
    first = readFirst(node);
    firsts.set(node, first);
  }
  return first;
}

function readFirst(node: Node): First {
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
