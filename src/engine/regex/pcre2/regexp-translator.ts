/**
 * The part of PCRE2's syntax that JavaScript's regular expressions mean alike, translated: they are compiled to machine
 * code. What differs is left to the matching machine: captures inside repeats, rounds that match nothing, references
 * to groups that may be unset, calls, conditions, verbs.
 *
 * The machine counts steps and gives up at PCRE2's limit; RegExp does not. So every translation knows how long a
 * subject may be at most for the limit to be out of reach, and for a search to end soon.
 */
import type { Bytes } from "../../bytes.js";
import { byteSource } from "../regexp-source.js";
import type { Translation } from "../translation.js";
import { disjoint, otherCase } from "./char-set.js";
import {
  type Cost,
  costOfAtomic,
  costOfBranches,
  costOfBytes,
  costOfRounds,
  costOfSequence,
  costOfSteadyRounds,
  hasOneWay,
  ONE,
  ONE_STEP,
  sum,
  withOneWay,
} from "./cost.js";
import { AT_END, behindRound, type Followers, followersOf, setOf } from "./followers.js";
import { LONGEST_TRIED, longestFor, mostStarts } from "./longest-subject.js";
import { rivalsOf } from "./rivals.js";
import { setSource } from "./set-source.js";
import {
  type Anchor,
  type CharNode,
  type GroupNode,
  isChar,
  type Node,
  type Parsed,
  type RepeatNode,
  UNLIMITED,
} from "./syntax.js";

// A member of its own, not spread into this one: objects that are spread make the translator half as fast.
interface Piece {
  readonly source: string;
  readonly cost: Cost;
  /** The least number of bytes that it takes. */
  readonly least: number;
  readonly captures: boolean;
}

const ANCHORS: Readonly<Partial<Record<Anchor, string>>> = {
  "^": "^",
  "\\A": "^",
  $: "(?=\\n?$)",
  "\\Z": "(?=\\n?$)",
  "\\z": "$",
  "^m": "(?:^|(?<=\\n)(?!$))",
  $m: "(?=\\n|$)",
  "\\b": "\\b",
  "\\B": "\\B",
};

const LOOK_AHEAD = "(?=";

/** Thrown for what is left to the machine. */
export class Untranslatable extends Error {}

/**
 * The translations of a pattern, those for the most subjects first; none where the pattern, or a part of it, is left to
 * the machine. Each is made when it is asked for: most subjects need the first only.
 * @param anchored only the start is tried
 * @param first the text that every match begins with
 */
export function* translate(parsed: Parsed, anchored: boolean, first: Bytes): Generator<Translation, void, undefined> {
  let longest = 0;
  for (const mode of ["exact", "rare", "pruned"] as const) {
    const each = translation(parsed, anchored, first, mode);
    if (each === null) return;
    if (each.longest > longest) yield each;
    longest = Math.max(longest, each.longest);
    if (longest === LONGEST_TRIED) return;
  }
}

function translation(parsed: Parsed, anchored: boolean, first: Bytes, mode: TranslationMode): Translation | null {
  try {
    const translator = new Translator(mode);
    const { source, cost } = translator.group(parsed.root, AT_END);
    return {
      source: anchored ? `^(?:${source})` : source,
      anchored,
      looksBehind: anchored || translator.asksWhatIsBefore,
      groupCount: translator.groupCount,
      groups: translator.groups,
      longest: longestFor(cost.work, anchored ? ONE : mostStarts(first)),
      absent: [...translator.absent],
      rare: [...translator.rare.values()],
    };
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

const NOTHING: Piece = { source: "", cost: ONE_STEP, least: 0, captures: false };

/**
 * `exact`: for all subjects. `rare`: for subjects in which what stands behind repeats occurs a few times only. `pruned`: the
 * same, without branches that begin with a text, for subjects without it. `wider`: matches at least where the pattern
 * does, and captures nothing.
 */
export type TranslationMode = "exact" | "rare" | "pruned" | "wider";

export class Translator {
  readonly groups: number[][] = [];
  readonly absent = new Set<Bytes>();
  /** Lists of texts, by what is in them. */
  readonly rare = new Map<string, readonly Bytes[]>();
  /** Something in it looks at the byte in front of it, which may be one that no match takes. */
  asksWhatIsBefore = false;
  readonly #mode: TranslationMode;
  /** Groups written so far, those of the translation's own included. */
  #written = 0;
  /** Bytes that are taken for certain since the innermost repeated group began; enough where none is around. */
  #taken = Number.POSITIVE_INFINITY;
  #looksBehind = false;
  /** Groups that have matched whenever this place is reached. */
  #certain = new Set<number>();

  constructor(mode: TranslationMode) {
    this.#mode = mode;
  }

  get groupCount(): number {
    return this.#written;
  }

  group(node: GroupNode, behind: Followers): Piece {
    const before = this.#certain;
    /** Pieces that can be left out: no group of RegExp's is in them, so that none is counted. */
    const ungrouped = new Set<Piece>();
    const all = node.branches.map((branch) => {
      this.#certain = new Set(before);
      const written = this.#written;
      const piece = this.sequence(branch, behind);
      if (this.#written === written) ungrouped.add(piece);
      return piece;
    });
    const branches = this.#mode === "pruned" ? this.#pruned(node, all, ungrouped) : all;
    // Of a single branch all groups have matched behind it; of several, none for certain.
    if (branches.length > 1) this.#certain = before;
    const rivals = rivalsOf(node, behind);
    const exclusive = rivals.every((others) => others.length === 1);
    const kept = new Set(branches);
    const choices = rivals
      .filter((_others, index) => kept.has(all[index]!))
      .map((others) => costsOf(others.map((at) => all[at]!).filter((piece) => kept.has(piece))));
    return {
      source: branches.map(({ source }) => source).join("|"),
      cost: costOfBranches(costsOf(branches), choices, exclusive),
      least: Math.min(...branches.map(({ least }) => least)),
      captures: branches.some(({ captures }) => captures),
    };
  }

  /** Without the branches that can match in several ways and begin with a text that may well be absent. */
  #pruned({ branches }: GroupNode, pieces: readonly Piece[], ungrouped: ReadonlySet<Piece>): readonly Piece[] {
    const left = pieces.filter((piece, index) => {
      const text = !ungrouped.has(piece) || hasOneWay(piece.cost) ? "" : beginning(branches[index]!);
      if (text.length < 2) return true;
      this.absent.add(text);
      return false;
    });
    if (left.length === 0) throw new Untranslatable();
    return left;
  }

  sequence(nodes: readonly Node[], behind: Followers): Piece {
    const taken = this.#taken;
    const pieces = nodes.map((node, index) => {
      const asksBehind = node.type === "repeat" || node.type === "group";
      const piece = this.#node(node, asksBehind ? followersOf(nodes, behind, index + 1) : AT_END);
      this.#taken += piece.least;
      return piece;
    });
    this.#taken = taken;
    return {
      source: pieces.map(({ source }) => source).join(""),
      cost: costOfSequence(costsOf(pieces)),
      least: sum(pieces.map(({ least }) => least)),
      captures: pieces.some(({ captures }) => captures),
    };
  }

  #node(node: Node, behind: Followers): Piece {
    switch (node.type) {
      case "char":
      case "not":
      case "class":
      case "type":
        return { source: charSource(node), cost: ONE_STEP, least: 1, captures: false };
      case "anchor": {
        const source = ANCHORS[node.anchor];
        if (source === undefined) throw new Untranslatable();
        const piece: Piece = { source, cost: ONE_STEP, least: 0, captures: false };
        if (source.startsWith(LOOK_AHEAD)) return this.#lookAhead(() => piece);
        this.asksWhatIsBefore = true;
        return piece;
      }
      case "backreference":
        return this.#backreference(node);
      case "group":
        return this.#inner(node, behind);
      case "repeat":
        return this.#repeat(node, behind);
      default:
        throw new Untranslatable();
    }
  }

  #backreference(node: Node & { type: "backreference" }): Piece {
    // To PCRE2 a group that is not set matches nothing, to JavaScript it is empty.
    if (node.caseless || typeof node.ref !== "number" || !this.#certain.has(node.ref)) throw new Untranslatable();
    const [written, another] = this.groups[node.ref - 1]!;
    if (another !== undefined) throw new Untranslatable();
    const cost: Cost = { ways: ONE, work: (length) => length, linear: false };
    return { source: `(?:\\${written})`, cost, least: 0, captures: false };
  }

  #inner(node: GroupNode, behind: Followers): Piece {
    if (this.#mode === "wider") {
      if (node.kind === "capture") return this.#inner({ ...node, kind: "plain" }, behind);
      // What is narrower inside would be wider outside, and the other way round.
      if (node.kind === "negative-lookahead" || node.kind === "negative-lookbehind") return NOTHING;
    }
    switch (node.kind) {
      case "plain": {
        const { source, cost, least, captures } = this.group(node, behind);
        return { source: `(?:${source})`, cost, least, captures };
      }
      case "capture": {
        this.groups[node.number - 1] = [...(this.groups[node.number - 1] ?? []), ++this.#written];
        const { source, cost, least } = this.group(node, behind);
        this.#certain = new Set(this.#certain).add(node.number);
        return { source: `(${source})`, cost, least, captures: true };
      }
      case "atomic":
        return this.#atomic(() => this.group(node, AT_END), behind);
      case "lookahead":
        return this.#lookAhead(() => this.#around(LOOK_AHEAD, node, true));
      case "negative-lookahead":
        return this.#around("(?!", node, false);
      case "lookbehind":
        return this.#behind("(?<=", node);
      case "negative-lookbehind":
        return this.#behind("(?<!", node);
      default:
        throw new Untranslatable();
    }
  }

  /**
   * V8's machine code, of Node 20 at least, misses matches of a repeated group that begins with a look ahead: but for the first
   * time, `/((?=b)b)*Zc/` does not match the whole of `bZc`. Where a byte is taken before, it does; and so it does with what is
   * atomic, behind which nothing but the reference stands. What looks behind is read backwards, so that a byte comes later.
   */
  #lookAhead(write: () => Piece): Piece {
    if (this.#taken > 0 && !this.#looksBehind) return write();
    if (this.#mode === "wider") return NOTHING;
    throw new Untranslatable();
  }

  #around(opening: string, node: GroupNode, keeps: boolean): Piece {
    const before = this.#certain;
    const taken = this.#taken;
    // What is looked at is not taken.
    this.#taken = taken > 0 ? taken : Number.NEGATIVE_INFINITY;
    const { source, cost, captures } = this.group(node, AT_END);
    this.#taken = taken;
    if (!keeps) this.#certain = before;
    const linear = node.branches.every((branch) => branch.every(isChar));
    return { source: `${opening}${source})`, cost: { ways: ONE, work: cost.work, linear }, least: 0, captures };
  }

  /** JavaScript reads it backwards, which makes no difference where nothing is captured, not by what is atomic either. */
  #behind(opening: string, node: GroupNode): Piece {
    const written = this.#written;
    const looksBehind = this.#looksBehind;
    this.asksWhatIsBefore = true;
    this.#looksBehind = true;
    const piece = this.#around(opening, node, false);
    this.#looksBehind = looksBehind;
    if (this.#written !== written) throw new Untranslatable();
    return piece;
  }

  /** A look ahead is not gone into again: what it captured, and then matches again, is atomic. */
  #atomic(inside: () => Piece, behind: Followers): Piece {
    if (this.#mode === "wider" || behind.free) {
      const { source, cost, least, captures } = inside();
      return { source: `(?:${source})`, cost: behind.free ? withOneWay(cost) : cost, least, captures };
    }
    const own = ++this.#written;
    const { source, cost, least, captures } = inside();
    return { source: `(?:(?=(${source}))\\${own})`, cost: costOfAtomic(cost), least, captures };
  }

  #repeat(node: RepeatNode, behind: Followers): Piece {
    const { item, min, max, mode } = node;
    if (isChar(item)) return this.#charRepeat(item, node, behind);
    if (item.type !== "group") throw new Untranslatable();
    // Of a group that is gone through no times PCRE2 passes over the first branch only when it looks for what a match
    // starts with.
    if (max === 0 && item.branches.length > 1 && this.#mode !== "wider") throw new Untranslatable();
    if (mode === "possessive") return this.#possessive(node, item, behind);
    const before = this.#certain;
    const taken = this.#taken;
    this.#taken = 0;
    const body = this.#inner(item, max > 1 ? behindRound(node, behind) : behind);
    this.#taken = taken;
    if (min === 0) this.#certain = before;
    // JavaScript forgets captures between rounds, and counts rounds that match nothing otherwise.
    if ((max > 1 && (body.captures || body.least === 0)) || (min === 0 && body.least === 0)) throw new Untranslatable();
    const stops = endsWhereBehindBegins(node, behind);
    const rareBehind = max > 1 && !stops && hasOneWay(body.cost) ? this.#rareBehind(behind) : null;
    // JavaScript has no count behind what looks around.
    const source = item.kind === "plain" || item.kind === "capture" ? body.source : `(?:${body.source})`;
    return {
      source: `${source}${countSource(min, max)}${mode === "lazy" ? "?" : ""}`,
      cost: costOfRounds(body.cost, body.least, { min, max, stops, rareBehind }),
      least: min * body.least,
      captures: body.captures,
    };
  }

  /** Bytes of the texts of which one stands behind, in subjects in which they are rare; null where that is not asked. */
  #rareBehind(behind: Followers): number | null {
    const texts = this.#mode === "rare" || this.#mode === "pruned" ? behind.texts() : null;
    if (texts === null) return null;
    this.rare.set(JSON.stringify(texts), texts);
    return sum(texts.map(({ length }) => length));
  }

  #possessive(node: RepeatNode, item: GroupNode, behind: Followers): Piece {
    const greedy: RepeatNode = { ...node, mode: "greedy" };
    const { branches } = item;
    const isSteadyRound = branches.every((branch) => branch.every(isSteady));
    const settled = ({ source, cost, least, captures }: Piece): Piece => {
      return { source, cost: isSteadyRound ? costOfSteadyRounds(cost, branches.length) : cost, least, captures };
    };
    // Where it gives nothing back anyhow; a repeat that does not end there would be gone through twice for nothing.
    if (item.kind === "plain" && item.branches.every(isOfChars) && endsWhereBehindBegins(node, behind)) {
      const written = this.#written;
      const piece = this.#repeat(greedy, behind);
      if (piece.cost.ways === ONE) return settled(piece);
      this.#written = written;
    }
    return this.#atomic(() => settled(this.#repeat(greedy, AT_END)), behind);
  }

  #charRepeat(item: CharNode, { min, max, mode }: RepeatNode, behind: Followers): Piece {
    if (behind.emptyAtomic && mode !== "possessive" && min !== max && this.#mode !== "wider")
      throw new Untranslatable();
    if (isMisjudged(item, behind) && mode !== "possessive" && min !== max)
      for (const byte of MISJUDGED) this.absent.add(byte);
    const set = setOf(item);
    // Where it has to stop, or may stop for good, there is nothing to give back.
    const stops = disjoint(set, behind.set) || behind.free;
    const source = `${charSource(item)}${countSource(min, max)}`;
    const rareBehind = stops || min === max ? null : this.#rareBehind(behind);
    const piece: Piece = {
      source: mode === "lazy" ? `${source}?` : source,
      cost: costOfBytes({ min, max, stops, rareBehind }),
      least: min,
      captures: false,
    };
    if (mode !== "possessive" || stops || min === max) return piece;
    return this.#atomic(() => piece, behind);
  }
}

function costsOf(pieces: readonly Piece[]): Cost[] {
  return pieces.map(({ cost }) => cost);
}

/** A space in Latin-1, and a newline: to PCRE2 they are no space, but `\h` or `\v` like others. */
const MISJUDGED = ["\xa0", "\x85"];

/**
 * PCRE2 takes `\S` and `\h`, and `\S` and `\v`, for apart, so that a repeat of one gives nothing back in front of the
 * other: `\S*\h` does not match a lone byte A0.
 */
function isMisjudged(item: CharNode, { blank, nonSpace }: Followers): boolean {
  if (item.type !== "type") return false;
  return item.code === "\\S" ? blank : nonSpace && (item.code === "\\h" || item.code === "\\v");
}

/** Characters, and repeats of one, that take all they can at the first try: a lazy one would take more at the second. */
function isOfChars(branch: readonly Node[]): boolean {
  return branch.every((node) => isChar(node) || (node.type === "repeat" && isChar(node.item) && node.mode !== "lazy"));
}

/** No round of the repeat can begin where what follows it does. */
function endsWhereBehindBegins({ item }: RepeatNode, behind: Followers): boolean {
  return disjoint(followersOf([item], AT_END).set, behind.set);
}

/** A character, or so many that nothing of them is given back. */
function isSteady(node: Node): boolean {
  return (
    isChar(node) ||
    (node.type === "repeat" && isChar(node.item) && (node.mode === "possessive" || node.min === node.max))
  );
}

/** The text that a branch begins with. */
function beginning(branch: readonly Node[]): Bytes {
  const end = branch.findIndex((node) => node.type !== "char" || (node.caseless && otherCase(node.byte) !== node.byte));
  const chars = (end < 0 ? branch : branch.slice(0, end)) as (CharNode & { type: "char" })[];
  return String.fromCharCode(...chars.map(({ byte }) => byte));
}

function countSource(min: number, max: number): string {
  if (max === UNLIMITED) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function charSource(node: CharNode): string {
  if (node.type === "type" && (node.code === "\\R" || node.code === "\\X" || node.code === "property"))
    throw new Untranslatable();
  if (node.type === "class" && node.extended) throw new Untranslatable();
  if (node.type !== "char") return setSource(setOf(node));
  const other = node.caseless ? otherCase(node.byte) : node.byte;
  return other === node.byte ? byteSource(node.byte) : `[${byteSource(node.byte)}${byteSource(other)}]`;
}
