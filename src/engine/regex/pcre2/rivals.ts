/** Branches of a group that can match at the same place. */
import { disjoint } from "./char-set.js";
import { type Followers, followersOf, setOf } from "./followers.js";
import { type GroupNode, isChar, type Node } from "./syntax.js";

/** Of each branch those, itself among them, that can match at the same place. */
export function rivalsOf({ branches }: GroupNode, behind: Followers): number[][] {
  const firsts = branches.map((branch) => followersOf(branch, behind));
  const rivals = branches.map((_branch, index) => [index]);
  for (let left = 0; left < branches.length; left++) {
    for (let right = left + 1; right < branches.length; right++) {
      const apart = !firsts[left]!.end && !firsts[right]!.end && disjoint(firsts[left]!.set, firsts[right]!.set);
      if (apart || differEarly(branches[left]!, branches[right]!)) continue;
      rivals[left]!.push(right);
      rivals[right]!.push(left);
    }
  }
  return rivals.map((each) => each.toSorted((a, b) => a - b));
}

/** At some place, before which both have single characters only, no byte fits both. */
function differEarly(a: readonly Node[], b: readonly Node[]): boolean {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [left, right] = [a[at]!, b[at]!];
    if (!isChar(left) || !isChar(right)) return false;
    if (disjoint(setOf(left), setOf(right))) return true;
  }
  return false;
}
