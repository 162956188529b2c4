/** Texts that a part of a pattern begins with: where none of them stands, it need not be gone into. */
import type { Bytes } from "../../bytes.js";
import { otherCase } from "./char-set.js";
import type { Node } from "./syntax.js";

/** More texts than this are dear to look for. */
export const MOST_TEXTS = 24;
const LONGEST_TEXT = 12;
/** A shorter text is in nearly every subject. */
const SHORTEST_TEXT = 2;

/** What a match may go on with, and whether more of it is to be read. */
interface Beginning {
  readonly text: Bytes;
  readonly open: boolean;
}

/**
 * One of these texts comes next for certain; null where that cannot be told.
 * @param behind what comes behind the items
 */
export function textsOf(items: readonly Node[], behind: () => readonly Bytes[] | null): readonly Bytes[] | null {
  let all = beginnings(items, [{ text: "", open: true }]);
  const more = all?.some(({ open }) => open) ? behind() : null;
  if (all !== null && more !== null) {
    const ends = more.map((text) => ({ text, open: false }));
    all = extended(all, ends);
  }
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
