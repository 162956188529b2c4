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
import { disjoint, otherCase } from "./char-set.js";
import { type Cost, LONGEST_TRIED, longestFor, mostStarts, ONE, remembered } from "./cost.js";
import { AT_END, behindRound, type Followers, followersOf, setOf } from "./followers.js";
import { MOST_RARE } from "./rare-texts.js";
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

export interface Translation {
  readonly source: string;
  /** Indexes in a RegExp's result of each group, by number from 1: at most one of them is set. */
  readonly groups: readonly (readonly number[])[];
  /** Longest subject that it may be used on. */
  readonly longest: number;
  /** Only for subjects that hold none of these texts: branches that begin with them, for one, are left out. */
  readonly absent: readonly Bytes[];
  /** Only for subjects in which the texts of each of these lists occur `MOST_RARE` times at most, all together. */
  readonly rare: readonly (readonly Bytes[])[];
}

interface Piece extends Cost {
  readonly source: string;
  /** The least number of bytes that it takes. */
  readonly least: number;
  readonly captures: boolean;
  /** The work is some steps for every byte that it takes, and no more where it fails. */
  readonly linear: boolean;
}

/** Steps for a byte in a loop of linear pieces. */
const LINEAR = 4;
/** Length of a subject at which the ways of a branch are looked at. */
const PRUNED_AT = 1000;

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
    const { source, work } = translator.group(parsed.root, AT_END);
    return {
      source: anchored ? `^(?:${source})` : source,
      groups: translator.groups,
      longest: longestFor(work, anchored ? ONE : mostStarts(first)),
      absent: [...translator.absent],
      rare: [...translator.rare.values()],
    };
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

const NOTHING: Piece = { source: "", ways: ONE, work: ONE, least: 0, captures: false, linear: true };

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
  readonly #mode: TranslationMode;
  /** Groups written so far, those of the translation's own included. */
  #written = 0;
  /** Groups that have matched whenever this place is reached. */
  #certain = new Set<number>();

  constructor(mode: TranslationMode) {
    this.#mode = mode;
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
      .map((others) => others.map((at) => all[at]!).filter((piece) => kept.has(piece)));
    const steady = exclusive && branches.every(({ ways }) => ways === ONE);
    return {
      source: branches.map(({ source }) => source).join("|"),
      ways: steady
        ? ONE
        : remembered((length) => Math.max(...choices.map((pieces) => sum(pieces.map(({ ways }) => ways(length)))))),
      work: remembered((length) => sum(branches.map(({ work }) => work(length) + 1))),
      least: Math.min(...branches.map(({ least }) => least)),
      captures: branches.some(({ captures }) => captures),
      linear: exclusive && branches.every(({ linear }) => linear),
    };
  }

  /** Without the branches that can match in several ways and begin with a text that may well be absent. */
  #pruned({ branches }: GroupNode, pieces: readonly Piece[], ungrouped: ReadonlySet<Piece>): readonly Piece[] {
    const left = pieces.filter((piece, index) => {
      const text = !ungrouped.has(piece) || piece.ways(PRUNED_AT) === 1 ? "" : beginning(branches[index]!);
      if (text.length < 2) return true;
      this.absent.add(text);
      return false;
    });
    if (left.length === 0) throw new Untranslatable();
    return left;
  }

  sequence(nodes: readonly Node[], behind: Followers): Piece {
    const pieces = nodes.map((node, index) => {
      const asksBehind = node.type === "repeat" || node.type === "group";
      return this.#node(node, asksBehind ? followersOf(nodes, behind, index + 1) : AT_END);
    });
    const several = pieces.filter(({ ways }) => ways !== ONE);
    return {
      source: pieces.map(({ source }) => source).join(""),
      ways:
        several.length === 0
          ? ONE
          : remembered((length) => several.reduce((product, { ways }) => product * ways(length), 1)),
      work: remembered((length) => {
        let before = 1;
        let all = 0;
        for (const { ways, work } of pieces) {
          all += before * work(length);
          before *= ways(length);
        }
        return all;
      }),
      least: sum(pieces.map(({ least }) => least)),
      captures: pieces.some(({ captures }) => captures),
      linear: pieces.every(({ linear, ways }) => linear && ways(PRUNED_AT) === 1),
    };
  }

  #node(node: Node, behind: Followers): Piece {
    switch (node.type) {
      case "char":
      case "not":
      case "class":
      case "type":
        return { source: charSource(node), ways: ONE, work: ONE, least: 1, captures: false, linear: true };
      case "anchor": {
        const source = ANCHORS[node.anchor];
        if (source === undefined) throw new Untranslatable();
        return { source, ways: ONE, work: ONE, least: 0, captures: false, linear: true };
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
    return {
      source: `(?:\\${written})`,
      ways: ONE,
      work: (length) => length,
      least: 0,
      captures: false,
      linear: false,
    };
  }

  #inner(node: GroupNode, behind: Followers): Piece {
    if (this.#mode === "wider") {
      if (node.kind === "capture") return this.#inner({ ...node, kind: "plain" }, behind);
      // What is narrower inside would be wider outside, and the other way round.
      if (node.kind === "negative-lookahead" || node.kind === "negative-lookbehind") return NOTHING;
    }
    switch (node.kind) {
      case "plain": {
        const inside = this.group(node, behind);
        return { ...inside, source: `(?:${inside.source})` };
      }
      case "capture": {
        this.groups[node.number - 1] = [...(this.groups[node.number - 1] ?? []), ++this.#written];
        const inside = this.group(node, behind);
        this.#certain = new Set(this.#certain).add(node.number);
        return { ...inside, source: `(${inside.source})`, captures: true };
      }
      case "atomic":
        return this.#atomic(() => this.group(node, AT_END), behind);
      case "lookahead":
        return this.#around("(?=", node, true);
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

  #around(opening: string, node: GroupNode, keeps: boolean): Piece {
    const before = this.#certain;
    const { source, work, captures } = this.group(node, AT_END);
    if (!keeps) this.#certain = before;
    const linear = node.branches.every((branch) => branch.every(isChar));
    return { source: `${opening}${source})`, ways: ONE, work, least: 0, captures, linear };
  }

  /** JavaScript reads it backwards, which makes no difference where nothing is captured, not by what is atomic either. */
  #behind(opening: string, node: GroupNode): Piece {
    const written = this.#written;
    const piece = this.#around(opening, node, false);
    if (this.#written !== written) throw new Untranslatable();
    return piece;
  }

  /** A look ahead is not gone into again: what it captured, and then matches again, is atomic. */
  #atomic(inside: () => Piece, behind: Followers): Piece {
    if (this.#mode === "wider" || behind.free) {
      const piece = inside();
      return { ...piece, source: `(?:${piece.source})`, ways: behind.free ? ONE : piece.ways };
    }
    const own = ++this.#written;
    const { source, work, least, captures, linear } = inside();
    return {
      source: `(?:(?=(${source}))\\${own})`,
      ways: ONE,
      work: (length) => 2 * work(length) + length,
      least,
      captures,
      linear,
    };
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
    const body = this.#inner(item, max > 1 ? behindRound(node, behind) : behind);
    if (min === 0) this.#certain = before;
    // JavaScript forgets captures between rounds, and counts rounds that match nothing otherwise.
    if ((max > 1 && (body.captures || body.least === 0)) || (min === 0 && body.least === 0)) throw new Untranslatable();
    const rounds = (length: number) => Math.min(max, Math.floor(length / Math.max(body.least, 1)) + 1);
    const leaves = endsWhereBehindBegins(node, behind);
    // Every way ends at another place, if a round has one way only.
    const rare = max > 1 && !leaves && body.ways(PRUNED_AT) === 1 ? this.#rareBehind(behind) : null;
    const all = (length: number) => Math.max(1, rounds(length) - min + 1);
    const ways = remembered((length) => {
      const each = body.ways(length);
      if (max === 1) return (2 - min) * each;
      if (each > 1) return each ** rounds(length);
      return leaves ? 1 : (rare?.ways(all(length)) ?? all(length));
    });
    const work = remembered((length) => {
      if (max === 1) return body.work(length) + 1;
      if (body.ways(length) > 1) return rounds(length) * body.work(length) * ways(length);
      // No byte is taken twice, and only the last round fails.
      const own = body.linear ? LINEAR * length + body.work(length) : rounds(length) * body.work(length);
      return own + (rare?.work(all(length)) ?? 0);
    });
    // JavaScript has no count behind what looks around.
    const source = item.kind === "plain" || item.kind === "capture" ? body.source : `(?:${body.source})`;
    return {
      source: `${source}${countSource(min, max)}${mode === "lazy" ? "?" : ""}`,
      ways: leaves && body.ways === ONE && max > 1 ? ONE : ways,
      work,
      least: min * body.least,
      captures: body.captures,
      linear: false,
    };
  }

  /**
   * Of all the ways of a repeat only those are gone into behind which a certain text stands: in the subjects that this
   * translation is for, few. The others cost what it takes to see that it does not.
   */
  #rareBehind(behind: Followers): Cost | null {
    const texts = this.#mode === "rare" || this.#mode === "pruned" ? behind.texts() : null;
    if (texts === null) return null;
    this.rare.set(JSON.stringify(texts), texts);
    const steps = sum(texts.map(({ length }) => length));
    return { ways: (all) => Math.min(all, MOST_RARE), work: (all) => all * steps };
  }

  #possessive(node: RepeatNode, item: GroupNode, behind: Followers): Piece {
    const greedy: RepeatNode = { ...node, mode: "greedy" };
    // Whatever a round has taken stays taken: where one fails the repeat is over.
    const steady: Partial<Piece> = item.branches.every((branch) => branch.every(isSteady))
      ? { work: (length) => LINEAR * item.branches.length * (length + 1), linear: true }
      : {};
    // Where it gives nothing back anyhow; a repeat that does not end there would be gone through twice for nothing.
    if (item.kind === "plain" && item.branches.every(isOfChars) && endsWhereBehindBegins(node, behind)) {
      const written = this.#written;
      const piece = this.#repeat(greedy, behind);
      if (piece.ways === ONE) return { ...piece, ...steady };
      this.#written = written;
    }
    return this.#atomic(() => ({ ...this.#repeat(greedy, AT_END), ...steady }), behind);
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
    const most = (length: number) => Math.min(max, length) + 1;
    const all = (length: number) => Math.max(1, most(length) - min);
    const rare = stops || min === max ? null : this.#rareBehind(behind);
    const piece: Piece = {
      source: mode === "lazy" ? `${source}?` : source,
      ways: stops ? ONE : (length) => rare?.ways(all(length)) ?? all(length),
      work: rare === null ? most : (length) => most(length) + rare.work(all(length)),
      least: min,
      captures: false,
      linear: true,
    };
    if (mode !== "possessive" || stops || min === max) return piece;
    return this.#atomic(() => piece, behind);
  }
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
