/** The order in which pieces are brought from what is there to what shall be there. */
import { type Content, keyOf, listsContent, listsOf, type Piece, sameContent } from "../pieces.js";
import type { Address } from "../target.js";

/** One write or removal. */
export interface Step {
  readonly address: Address;
  readonly content: Content;
}

/** A rule whose list is not declared is dropped, and one whose decoder is not there does not load. */
const WRITE_ORDER: readonly Address["kind"][] = ["lists", "configuration", "decoders", "rules", "group"];

/**
 * Writes first: lists, their declarations, decoders, rules. Then what goes, the other way round, so that at no point
 * something is missing that a loaded file needs. Where declarations come and go, there are for a while the ones and the others.
 */
export function stepsBetween(before: readonly Piece[], after: readonly Piece[]): Step[] {
  const old = new Map(before.map((piece) => [keyOf(piece.address), piece.content]));
  const fresh = new Map(after.map((piece) => [keyOf(piece.address), piece.content]));
  const addresses = new Map([...before, ...after].map(({ address }) => [keyOf(address), address]));
  const writes: Step[] = [];
  const removals: Step[] = [];
  for (const [key, address] of addresses) {
    const from = old.get(key) ?? null;
    const to = fresh.get(key) ?? null;
    if (sameContent(address, from, to)) continue;
    const both = address.kind === "configuration" ? listsContent(union(listsOf(to), listsOf(from))) : to;
    if (both !== null && !sameContent(address, both, from)) writes.push({ address, content: both });
    if (to === null || !sameContent(address, both, to)) removals.push({ address, content: to });
  }
  return [...writes.sort(inOrder), ...removals.sort((a, b) => inOrder(b, a))];
}

function union(lists: readonly string[], more: readonly string[]): readonly string[] {
  return [...lists, ...more.filter((list) => !lists.includes(list))];
}

function inOrder(a: Step, b: Step): number {
  const rank = WRITE_ORDER.indexOf(a.address.kind) - WRITE_ORDER.indexOf(b.address.kind);
  return rank !== 0 ? rank : keyOf(a.address) < keyOf(b.address) ? -1 : 1;
}
