/** Lookbehinds must have branches of fixed length: finds the lengths, or refuses. */
import { ExpressionError } from "../expression.js";
import type { GroupNode, Node, Parsed } from "./syntax.js";

/** Longest lookbehind, in characters. */
const MAX_LENGTH = 65_535;
/** Branches that the real compiler looks at before it gives up. */
const MAX_BRANCHES = 2000;

const LOOKBEHINDS: readonly string[] = ["lookbehind", "negative-lookbehind", "nonatomic-lookbehind"];
const LOOKAHEADS: readonly string[] = ["lookahead", "negative-lookahead", "nonatomic-lookahead"];

/** Sets `lengths` of every lookbehind. @throws ExpressionError where a branch has no fixed length */
export function measureLookbehinds(parsed: Parsed, pattern: string): void {
  new Measurer(parsed, pattern).visit(parsed.root);
}

export function isLookbehind(group: GroupNode): boolean {
  return LOOKBEHINDS.includes(group.kind);
}

class Measurer {
  readonly #parsed: Parsed;
  readonly #pattern: string;
  readonly #parents = new Map<Node, Node>();
  /** The first group with each number. */
  readonly #groups = new Map<number, GroupNode>();
  readonly #known = new Map<number, number>();
  #branches = 0;

  constructor(parsed: Parsed, pattern: string) {
    this.#parsed = parsed;
    this.#pattern = pattern;
  }

  visit(node: Node): void {
    if (node.type === "repeat") this.visit(node.item);
    else if (node.type === "group" && isLookbehind(node)) {
      // Most patterns have none.
      if (this.#parents.size === 0) this.#index(this.#parsed.root);
      this.#measure(node, []);
    } else if (node.type === "group") this.#visitChildren(node);
  }

  #index(node: Node): void {
    const children = node.type === "repeat" ? [node.item] : node.type === "group" ? node.branches.flat() : [];
    if (node.type === "group" && node.number > 0 && !this.#groups.has(node.number)) this.#groups.set(node.number, node);
    for (const child of children) {
      this.#parents.set(child, node);
      this.#index(child);
    }
  }

  #visitChildren(group: GroupNode): void {
    for (const branch of group.branches) for (const child of branch) this.visit(child);
  }

  #measure(group: GroupNode, calls: readonly GroupNode[]): void {
    group.lengths.length = 0;
    for (const branch of group.branches) group.lengths.push(this.#branchLength(branch, calls));
  }

  #branchLength(branch: readonly Node[], calls: readonly GroupNode[]): number {
    if (this.#branches++ > MAX_BRANCHES) this.#refuse("lookbehind is too complicated");
    let length = 0;
    for (const node of branch) {
      if (node.type === "verb" && (node.name === "ACCEPT" || node.name === "FAIL")) break;
      length += this.#nodeLength(node, calls);
      if (length > MAX_LENGTH) this.#refuse("lookbehind is too long");
    }
    return length;
  }

  #nodeLength(node: Node, calls: readonly GroupNode[]): number {
    switch (node.type) {
      case "char":
      case "not":
      case "class":
        return 1;
      case "type":
        return node.code === "\\R" || node.code === "\\X" ? this.#refuseVariable() : 1;
      case "repeat":
        return this.#repeatLength(node.item, node.min, node.max, calls);
      case "group":
        return this.#groupNodeLength(node, calls);
      case "backreference":
        return this.#backreferenceLength(node, calls);
      case "recursion":
        return this.#calledLength(node, this.#resolve(node.ref), calls);
      default:
        return 0;
    }
  }

  #repeatLength(item: Node, min: number, max: number, calls: readonly GroupNode[]): number {
    const length = this.#nodeLength(item, calls);
    // A quantifier of a lookahead is ignored.
    if (item.type === "group" && LOOKAHEADS.includes(item.kind)) return 0;
    return min === max ? min * length : this.#refuseVariable();
  }

  #groupNodeLength(group: GroupNode, calls: readonly GroupNode[]): number {
    if (isLookbehind(group)) {
      this.#measure(group, calls);
      return 0;
    }
    if (LOOKAHEADS.includes(group.kind)) {
      this.#visitChildren(group);
      return 0;
    }
    return group.condition?.type === "define" ? 0 : this.#groupLength(group, calls);
  }

  #groupLength(group: GroupNode, calls: readonly GroupNode[]): number {
    const cached = this.#parsed.numbersMayRepeat ? undefined : this.#known.get(group.number);
    if (cached !== undefined) return cached;
    const [length = 0, ...others] = group.branches.map((branch) => this.#branchLength(branch, calls));
    if (others.some((other) => other !== length)) this.#refuseVariable();
    if (group.number > 0) this.#known.set(group.number, length);
    return length;
  }

  #backreferenceLength(node: Node & { type: "backreference" }, calls: readonly GroupNode[]): number {
    const number = this.#resolve(node.ref);
    const duplicate = typeof node.ref === "string" && this.#parsed.duplicateNames.has(node.ref);
    if (duplicate || this.#parsed.numbersMayRepeat) this.#refuseVariable();
    return this.#calledLength(node, number, calls);
  }

  /** Length of a group that is referred to; a group has none when it is called from within itself. */
  #calledLength(from: Node, number: number, calls: readonly GroupNode[]): number {
    const group = this.#groups.get(number);
    if (!group) return number === 0 ? this.#refuseVariable() : this.#refuse("reference to a group that does not exist");
    if (this.#isInside(from, group) || calls.includes(group)) this.#refuseVariable();
    return this.#groupLength(group, [...calls, group]);
  }

  #isInside(node: Node, group: GroupNode): boolean {
    for (let parent = this.#parents.get(node); parent; parent = this.#parents.get(parent)) {
      if (parent === group) return true;
    }
    return false;
  }

  #resolve(ref: number | string): number {
    if (typeof ref === "number") return ref;
    const named = this.#parsed.names.find((group) => group.name === ref);
    return named?.number ?? this.#refuse(`reference to a group "${ref}" that does not exist`);
  }

  #refuseVariable(): never {
    return this.#refuse("lookbehind is not of fixed length");
  }

  #refuse(reason: string): never {
    throw new ExpressionError("invalid", this.#pattern, `pcre2: ${reason}`);
  }
}
