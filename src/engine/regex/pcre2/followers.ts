/** What can come next in a pattern: a superset of the bytes, which is enough to see that a repeat need not give back. */
import type { Bytes } from "../../bytes.js";
import { MOST_TEXTS, textsOf } from "./beginning-texts.js";
import { ALL, type CharSet, otherCase, singleton, unite } from "./char-set.js";
import type { Anchor, CharNode, Node, RepeatNode } from "./syntax.js";

export interface Followers {
  /** Bytes that can come next. */
  readonly set: CharSet;
  /** Nothing need come: the match may be complete. */
  readonly end: boolean;
  /** What comes cannot fail: it may be nothing, and then the match, or what is atomic around it, is complete. */
  readonly free: boolean;
  /**
   * Something atomic comes that may match nothing. PCRE2 then takes a repeat in front of it for one that has nothing to
   * give back, without looking at what comes behind: `a?(?>b)?+a` does not match `a`.
   */
  readonly emptyAtomic: boolean;
  /** `\h` or `\v` can come next. */
  readonly blank: boolean;
  /** `\S` can come next. */
  readonly nonSpace: boolean;
  /** One of these comes next for certain, side by side; null where that cannot be told. */
  readonly texts: () => readonly Bytes[] | null;
}

const NOTHING: CharSet = new Uint8Array(256);
const LINE_FEED = singleton(10);

/** Behind the last item. */
export const AT_END: Followers = {
  set: NOTHING,
  end: true,
  free: true,
  emptyAtomic: false,
  blank: false,
  nonSpace: false,
  texts: () => null,
};

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

/** What can come next behind one round of a repeat: another round, or what comes behind the repeat. */
export function behindRound({ item, min }: RepeatNode, behind: Followers): Followers {
  const first = followersOf([item], AT_END);
  const texts = () => {
    const [left, right] = [first.texts(), behind.texts()];
    return left === null || right === null || left.length + right.length > MOST_TEXTS ? null : [...left, ...right];
  };
  return {
    set: unionOf(first.set, behind.set),
    end: first.end || behind.end,
    // A repeat that has had its rounds may always end.
    free: behind.free && min <= 1,
    emptyAtomic: first.emptyAtomic || behind.emptyAtomic,
    blank: first.blank || behind.blank,
    nonSpace: first.nonSpace || behind.nonSpace,
    texts,
  };
}

function unionOf(left: CharSet, right: CharSet): CharSet {
  const set = left.slice();
  unite(set, right);
  return set;
}

/**
 * What can come next in front of these items, from one of them on. The set may be another's: not to be changed.
 */
export function followersOf(items: readonly Node[], behind: Followers, from = 0): Followers {
  const texts = () => textsOf(items.slice(from), behind.texts);
  let set: CharSet | null = null;
  let emptyAtomic = false;
  let blank = false;
  let nonSpace = false;
  for (let at = from; at < items.length; at++) {
    const first = firstOf(items[at]!);
    set = set === null ? first.bytes : unionOf(set, first.bytes);
    emptyAtomic ||= first.emptyAtomic;
    blank ||= first.blank;
    nonSpace ||= first.nonSpace;
    if (!first.mayBeEmpty) return { set, end: false, free: false, emptyAtomic, blank, nonSpace, texts };
  }
  return {
    set: set === null ? behind.set : unionOf(set, behind.set),
    end: behind.end,
    free: behind.free,
    emptyAtomic: emptyAtomic || behind.emptyAtomic,
    blank: blank || behind.blank,
    nonSpace: nonSpace || behind.nonSpace,
    texts,
  };
}

interface First {
  readonly bytes: CharSet;
  readonly mayBeEmpty: boolean;
  readonly emptyAtomic: boolean;
  readonly blank: boolean;
  readonly nonSpace: boolean;
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
      return { ...ANYTHING, bytes: setOf(node) };
    case "type":
      return {
        ...ANYTHING,
        bytes: setOf(node),
        blank: node.code === "\\h" || node.code === "\\v",
        nonSpace: node.code === "\\S",
      };
    case "anchor":
      return firstOfAnchor(node.anchor);
    case "repeat": {
      const item = firstOf(node.item);
      const mayBeEmpty = item.mayBeEmpty || node.min === 0;
      const isAtomic = node.mode === "possessive" && node.item.type === "group";
      return { ...item, mayBeEmpty, emptyAtomic: item.emptyAtomic || (isAtomic && mayBeEmpty) };
    }
    case "group": {
      if (node.kind !== "plain" && node.kind !== "capture" && node.kind !== "atomic") return ANYTHING;
      const bytes = new Uint8Array(256);
      let mayBeEmpty = false;
      let emptyAtomic = false;
      let blank = false;
      let nonSpace = false;
      for (const branch of node.branches) {
        const first = followersOf(branch, AT_END);
        unite(bytes, first.set);
        mayBeEmpty ||= first.end;
        emptyAtomic ||= first.emptyAtomic;
        blank ||= first.blank;
        nonSpace ||= first.nonSpace;
      }
      emptyAtomic ||= node.kind === "atomic" && mayBeEmpty;
      return { bytes, mayBeEmpty, emptyAtomic, blank, nonSpace };
    }
    default:
      return ANYTHING;
  }
}

/** Of what looks around, nothing is known. */
const ANYTHING: First = { bytes: ALL, mayBeEmpty: false, emptyAtomic: false, blank: false, nonSpace: false };

/** An anchor at the end holds in front of a line feed, or of nothing. */
function firstOfAnchor(anchor: Anchor): First {
  if (anchor === "\\z") return { ...ANYTHING, bytes: NOTHING };
  return anchor === "$" || anchor === "$m" || anchor === "\\Z" ? { ...ANYTHING, bytes: LINE_FEED } : ANYTHING;
}
