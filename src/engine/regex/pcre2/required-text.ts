/** Text that every match holds; where a subject lacks it, the pattern need not be tried. */
import type { Bytes } from "../../bytes.js";
import { asciiLower } from "../ascii.js";
import type { CharNode, GroupNode, Node } from "./syntax.js";

export interface RequiredText {
  readonly text: Bytes;
  /** The text is lower case and to be looked for in the lower-cased subject. */
  readonly caseless: boolean;
}

/** The longest run of characters that stand side by side in every match; null when there is none. */
export function requiredText(root: GroupNode): RequiredText | null {
  const search = new Search();
  search.group(root);
  return search.longest();
}

export function holdsRequired(subject: Bytes, { text, caseless }: RequiredText): boolean {
  return (caseless ? asciiLower(subject) : subject).includes(text);
}

class Search {
  #run: (CharNode & { type: "char" })[] = [];
  #longest: (CharNode & { type: "char" })[] = [];

  longest(): RequiredText | null {
    this.#break();
    if (this.#longest.length === 0) return null;
    const text = String.fromCharCode(...this.#longest.map(({ byte }) => byte));
    const caseless = this.#longest.some((char) => char.caseless);
    return { text: caseless ? asciiLower(text) : text, caseless };
  }

  group(group: GroupNode): void {
    const [branch, ...others] = group.branches;
    if (others.length > 0) this.#break();
    else for (const node of branch!) this.#node(node);
  }

  #break(): void {
    if (this.#run.length > this.#longest.length) this.#longest = this.#run;
    this.#run = [];
  }

  #node(node: Node): void {
    switch (node.type) {
      case "char":
        this.#run.push(node);
        return;
      case "group":
        if (node.kind === "plain" || node.kind === "capture" || node.kind === "atomic") this.group(node);
        else this.#break();
        return;
      case "repeat":
        this.#repeat(node.item, node.min, node.max);
        return;
      case "anchor":
      case "keep":
      case "callout":
      case "verb":
        return;
      default:
        this.#break();
    }
  }

  #repeat(item: Node, min: number, max: number): void {
    if (min > 0) this.#node(item);
    // What comes first in the next round, or in none, is not known; but a character is followed by itself or the next.
    if (min === 1 && max === 1) return;
    this.#break();
    if (min > 0 && item.type === "char") this.#run.push(item);
  }
}
