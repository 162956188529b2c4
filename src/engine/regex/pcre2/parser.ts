/**
 * The parser of PCRE2 10.42's syntax: pattern text to tree. Refuses what the real compiler refuses; what a tree cannot
 * tell (references to groups that do not exist and the like) is found while code is generated.
 */
import type { Bytes } from "../../bytes.js";
import { ALL, ESCAPE_SETS, WORD } from "./char-set.js";
import { parseClass } from "./class-parser.js";
import { readEscape } from "./escape.js";
import { openParenthesis } from "./group-parser.js";
import { readProperty } from "./property.js";
import { Scanner } from "./scanner.js";
import type {
  Anchor,
  CharNode,
  CharType,
  GroupKind,
  GroupNode,
  NamedGroup,
  Node,
  Parsed,
  RepeatMode,
  StartSettings,
} from "./syntax.js";
import { UNLIMITED } from "./syntax.js";

/** Deepest nesting of parentheses. */
const NEST_LIMIT = 250;

/** Options that a pattern may change as it goes. */
export interface Options {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  readonly extendedMore: boolean;
  readonly noAutoCapture: boolean;
  readonly duplicateNames: boolean;
  readonly ungreedy: boolean;
}

export const NO_OPTIONS: Options = {
  caseless: false,
  multiline: false,
  dotAll: false,
  extended: false,
  extendedMore: false,
  noAutoCapture: false,
  duplicateNames: false,
  ungreedy: false,
};

interface OpenGroup {
  readonly node: GroupNode;
  /** Options to go back to when it closes. */
  readonly options: Options;
  /** `(?|`: number of groups before it, and the most that a branch has reached. */
  readonly reset: { readonly before: number; most: number } | null;
  /** The assertion of a conditional group, which cannot be repeated. */
  readonly isCondition: boolean;
}

const ANCHORS: Readonly<Record<string, Anchor>> = {
  A: "\\A",
  G: "\\G",
  Z: "\\Z",
  z: "\\z",
  b: "\\b",
  B: "\\B",
};

/** What `(?x)` skips. */
const PATTERN_SPACE = /[\t-\r \x85]/;

/** By opening delimiter of a name. */
const NAME_TERMINATORS: Readonly<Record<string, string>> = { "{": "}", "<": ">", "'": "'" };

export class Parser {
  readonly scanner: Scanner;
  options = NO_OPTIONS;
  groupCount = 0;
  numbersMayRepeat = false;
  /** Above 0 where the assertion of a conditional group must come: 2 right behind `(?`, 1 behind a callout. */
  expectedAssertion = 0;
  readonly #settings: StartSettings;
  readonly #names: NamedGroup[] = [];
  readonly #duplicateNames = new Set<string>();
  readonly #open: OpenGroup[];
  #quoted = false;
  /** The last item may be repeated. */
  #repeatable = false;
  /** The last item is a repeat that `?` or `+` may still change. */
  #modifiable = false;

  constructor(text: Bytes, start: number, settings: StartSettings) {
    this.scanner = new Scanner(text);
    this.scanner.position = start;
    this.#settings = settings;
    this.#open = [openGroup(groupNode("plain"), this.options, null, false)];
  }

  parse(): Parsed {
    while (!this.scanner.atEnd) {
      if (this.#open.length - 1 > NEST_LIMIT) this.scanner.refuse("parentheses too deeply nested");
      if (this.#quoted) this.#readQuoted();
      else if (!this.#skipInsignificant()) this.#readItem();
    }
    if (this.#open.length > 1) this.scanner.refuse("parenthesis not closed");
    return {
      root: this.#open[0]!.node,
      groupCount: this.groupCount,
      names: this.#names,
      duplicateNames: this.#duplicateNames,
      numbersMayRepeat: this.numbersMayRepeat,
    };
  }

  /** Adds an item to the current branch. */
  add(node: Node, repeatable: boolean): void {
    this.#open.at(-1)!.node.branches.at(-1)!.push(node);
    this.#repeatable = repeatable;
  }

  /** Begins a group; its branches collect items until it closes. */
  openGroup(node: GroupNode, details: { readonly resetsNumbers?: boolean; readonly isCondition?: boolean } = {}): void {
    const reset = details.resetsNumbers ? { before: this.groupCount, most: this.groupCount } : null;
    this.#open.push(openGroup(node, this.options, reset, details.isCondition ?? false));
    this.#repeatable = false;
  }

  /** Numbers a new capturing group. */
  newGroupNumber(): number {
    if (this.groupCount >= 65_535) this.scanner.refuse("too many groups");
    return ++this.groupCount;
  }

  /** Gives a name to a group; the same name for another number needs `(?J)`. */
  nameGroup(name: string, number: number): void {
    for (const known of this.#names) {
      if (known.name === name) {
        if (known.number === number) return;
        if (!this.options.duplicateNames) this.scanner.refuse(`two groups are named "${name}"`);
        this.#duplicateNames.add(name);
      } else if (known.number === number) {
        this.scanner.refuse(`two names for group ${number}`);
      }
    }
    if (this.#names.length >= 10_000) this.scanner.refuse("too many named groups");
    this.#names.push({ name, number });
  }

  #readQuoted(): void {
    if (this.scanner.accept("\\E")) {
      this.#quoted = false;
      return;
    }
    if (this.expectedAssertion > 0) this.scanner.refuse("assertion expected as a condition");
    this.#addChar(this.scanner.next().charCodeAt(0));
    this.#modifiable = false;
  }

  /** Steps over what neither is an item nor parts an item from its quantifier. */
  #skipInsignificant(): boolean {
    const { scanner } = this;
    if (scanner.accept("\\Q")) {
      this.#quoted = true;
      return true;
    }
    if (scanner.accept("\\E")) return true;
    if (this.options.extended) {
      if (PATTERN_SPACE.test(scanner.peek())) {
        scanner.position++;
        return true;
      }
      if (scanner.accept("#")) {
        const newline = scanner.text.indexOf(String.fromCharCode(this.#settings.newline), scanner.position);
        scanner.position = newline < 0 ? scanner.text.length : newline + 1;
        return true;
      }
    }
    if (scanner.accept("(?#")) {
      const end = scanner.text.indexOf(")", scanner.position);
      if (end < 0) scanner.refuse("comment not closed");
      scanner.position = end + 1;
      return true;
    }
    return false;
  }

  #readItem() {
    const { scanner } = this;
    const expected = this.expectedAssertion;
    if (expected > 0 && !startsAssertion(scanner, expected)) scanner.refuse("assertion expected as a condition");
    this.expectedAssertion = 0;
    const char = scanner.next();
    if (this.#modifiable && (char === "?" || char === "+")) {
      this.#modifyRepeat(char === "?" ? "lazy" : "possessive");
      return;
    }
    const repeatable = this.#repeatable;
    this.#repeatable = false;
    this.#modifiable = false;
    switch (char) {
      case "\\":
        return this.#readEscape();
      case "^":
        return this.add({ type: "anchor", anchor: this.options.multiline ? "^m" : "^" }, false);
      case "$":
        return this.add({ type: "anchor", anchor: this.options.multiline ? "$m" : "$" }, false);
      case ".":
        return this.add(dot(this.options.dotAll, this.#settings.newline), true);
      case "*":
        return this.#addRepeat(repeatable, 0, UNLIMITED);
      case "+":
        return this.#addRepeat(repeatable, 1, UNLIMITED);
      case "?":
        return this.#addRepeat(repeatable, 0, 1);
      case "{": {
        const counts = scanner.readRepeatCounts();
        return counts ? this.#addRepeat(repeatable, counts.min, counts.max) : this.#addChar(0x7b);
      }
      case "[":
        return this.#readClass();
      case "(":
        return openParenthesis(this, expected);
      case "|":
        return this.#nextBranch();
      case ")":
        return this.#closeGroup();
      default:
        return this.#addChar(char.charCodeAt(0));
    }
  }

  #addChar(byte: number): void {
    this.add({ type: "char", byte, caseless: this.options.caseless }, true);
  }

  #addRepeat(repeatable: boolean, min: number, max: number): void {
    if (!repeatable) this.scanner.refuse("quantifier follows nothing repeatable");
    const branch = this.#open.at(-1)!.node.branches.at(-1)!;
    let item = branch.pop()!;
    // (*ACCEPT) is repeated as a group, together with the name that it sets.
    if (item.type === "verb") {
      const group = groupNode("plain");
      group.branches[0]!.push(item);
      item = group;
    }
    branch.push({ type: "repeat", item, min, max, mode: this.options.ungreedy ? "lazy" : "greedy" });
    this.#modifiable = true;
  }

  #modifyRepeat(mode: RepeatMode): void {
    const branch = this.#open.at(-1)!.node.branches.at(-1)!;
    const repeat = branch.pop()!;
    if (repeat.type !== "repeat") return;
    branch.push({ ...repeat, mode: mode === "lazy" && this.options.ungreedy ? "greedy" : mode });
    this.#modifiable = false;
    this.#repeatable = false;
  }

  #readEscape() {
    const { scanner } = this;
    const escaped = readEscape(scanner, this.groupCount, false);
    if (escaped.type === "byte") return this.#addChar(escaped.byte);
    const { caseless } = this.options;
    if (escaped.type === "reference") {
      return this.add({ type: "backreference", ref: escaped.number, caseless }, true);
    }
    const { letter } = escaped;
    if (letter === "g" || letter === "k") return this.#readNamedReference(letter);
    if (letter === "K") return this.add({ type: "keep" }, false);
    const anchor = ANCHORS[letter];
    if (anchor) return this.add({ type: "anchor", anchor }, false);
    this.add(this.#charType(letter), true);
  }

  #charType(letter: string): CharNode {
    if (letter === "N") return dot(false, this.#settings.newline);
    if (letter === "C") return dot(true, this.#settings.newline);
    if (letter === "p" || letter === "P") {
      return { type: "type", code: "property", set: readProperty(this.scanner, letter === "P") };
    }
    const code = `\\${letter}` as CharType;
    return { type: "type", code, set: ESCAPE_SETS[letter] ?? ALL };
  }

  /** `\k` with any delimiters and `\g{name}` refer back; `\g` with angle brackets or quotes calls a group. */
  #readNamedReference(letter: "g" | "k") {
    const { scanner } = this;
    const delimiter = scanner.next();
    const terminator = NAME_TERMINATORS[delimiter] ?? scanner.refuse(`\\${letter} without a name`);
    if (letter === "g" && delimiter !== "{") {
      const number = scanner.readGroupNumber(this.groupCount);
      if (number !== null) {
        scanner.expect(terminator, "\\g call not closed");
        return this.add({ type: "recursion", ref: number }, true);
      }
      return this.add({ type: "recursion", ref: scanner.readName(terminator) }, true);
    }
    this.add({ type: "backreference", ref: scanner.readName(terminator), caseless: this.options.caseless }, true);
  }

  #readClass() {
    const { scanner } = this;
    // [[:<:]] and [[:>:]] are the start and the end of a word.
    const boundary = scanner.accept("[:<:]]") ? "lookahead" : scanner.accept("[:>:]]") ? "lookbehind" : null;
    if (boundary) {
      this.add({ type: "anchor", anchor: "\\b" }, false);
      const group = groupNode(boundary);
      group.branches[0]!.push({ type: "type", code: "\\w", set: WORD });
      return this.add(group, true);
    }
    const { caseless, extendedMore: skipBlanks } = this.options;
    this.add(parseClass(scanner, { caseless, skipBlanks, groupCount: this.groupCount }), true);
  }

  #nextBranch(): void {
    const { node, reset } = this.#open.at(-1)!;
    if (reset) {
      reset.most = Math.max(reset.most, this.groupCount);
      this.groupCount = reset.before;
    }
    node.branches.push([]);
  }

  #closeGroup(): void {
    if (this.#open.length === 1) this.scanner.refuse("unmatched closing parenthesis");
    const { node, options, reset, isCondition } = this.#open.pop()!;
    this.options = options;
    if (reset) this.groupCount = Math.max(reset.most, this.groupCount);
    this.add(node, !isCondition);
  }
}

/** An empty group, with one branch that holds nothing yet. */
export function groupNode(kind: GroupKind, details: Partial<Pick<GroupNode, "number" | "condition">> = {}): GroupNode {
  return { type: "group", kind, number: 0, condition: null, branches: [[]], lengths: [], ...details };
}

function openGroup(node: GroupNode, options: Options, reset: OpenGroup["reset"], isCondition: boolean): OpenGroup {
  return { node, options, reset, isCondition };
}

function dot(dotAll: boolean, newline: number): CharNode {
  if (dotAll) return { type: "type", code: "allany", set: ALL };
  return { type: "type", code: "any", set: ALL.map((_, byte) => (byte === newline ? 0 : 1)) };
}

/** Does the assertion of a conditional group come next, or, right behind its `(?`, a callout? */
function startsAssertion(scanner: Scanner, expected: number): boolean {
  if (scanner.peek() !== "(" || scanner.left < 4) return false;
  if (scanner.peek(1) === "*") return /[a-z]/.test(scanner.peek(2));
  if (scanner.peek(1) !== "?") return false;
  const kind = scanner.peek(2);
  if (kind === "C") return expected === 2;
  if (kind === "=" || kind === "!") return true;
  return kind === "<" && (scanner.peek(3) === "=" || scanner.peek(3) === "!");
}
