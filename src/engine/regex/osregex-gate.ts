/**
 * What every match of an osregex holds, as one regular expression of JavaScript's: where it finds nothing, none of the
 * alternatives need be tried. It is wider than the pattern, and its work grows with the subject's length only.
 *
 * A match takes its tokens' bytes side by side, but for oddities of the real engine: near the end of a pattern it may
 * stop early, and a `+` may take nothing once a repeat has handed over to a class without one.
 */
import { LOWER } from "./ascii.js";
import { type Alternative, CLASS_MAP } from "./osregex-program.js";
import {
  byteOf,
  CLASS,
  END,
  finishes,
  isNearEnd,
  kindOf,
  MARK,
  ONCE,
  PLUS,
  quantifierOf,
  rowOf,
  type Word,
} from "./osregex-word.js";
import { disjoint, unite } from "./pcre2/char-set.js";
import { setSource } from "./pcre2/set-source.js";

/** A shorter text is in nearly every subject. */
const SHORTEST = 3;

interface Piece {
  readonly set: Uint8Array;
  readonly repeats: "" | "*" | "+";
}

/** Null where it would tell little, or cost more than it spares. */
export function compileGate(alternatives: readonly Alternative[]): RegExp | null {
  const runs = alternatives.map(bestRun);
  if (runs.includes(null)) return null;
  const root: Trie = new Map();
  for (const run of runs) add(root, run!);
  return new RegExp(sourceOf(root));
}

/** The run of pieces that tells most, as sources. */
function bestRun(alternative: Alternative): readonly string[] | null {
  const words = wordsOf(alternative);
  const isMark = (word: Word | undefined): boolean => word !== undefined && kindOf(word) === MARK;
  if (words.some((word, at) => isMark(word) && isMark(words[at + 1]))) return null;
  const runs = runsOf(surePieces(words), alternative.begin).filter((run) => run.least >= SHORTEST);
  return runs.toSorted((a, b) => b.least - a.least)[0]?.sources ?? null;
}

/** Without the end. */
function wordsOf({ words, first }: Alternative): readonly Word[] {
  const all: Word[] = [];
  for (let at = first; kindOf(words[at]!) !== END; at++) all.push(words[at]!);
  return all;
}

/** Those that every match takes: from the first token on at which it may end, none is sure. */
function surePieces(all: readonly Word[]): Piece[] {
  const isByte = (word: Word): boolean => kindOf(word) !== MARK;
  const words = all.filter(isByte);
  const sets = words.map(setOf);
  const handsOver = (word: Word, index: number): boolean => {
    const next = words[index + 1];
    if (quantifierOf(word) === ONCE || next === undefined || kindOf(next) !== CLASS || quantifierOf(next) !== ONCE)
      return false;
    return !disjoint(sets[index]!, sets[index + 1]!);
  };
  const plusIsSure = !words.some(handsOver);
  const end = all.findIndex((word) => isNearEnd(word) || finishes(word, false) || finishes(word, true));
  const sure = end < 0 ? words : all.slice(0, end).filter(isByte);
  return sure.map((word, index): Piece => {
    const repeats = quantifierOf(word) === ONCE ? "" : quantifierOf(word) === PLUS && plusIsSure ? "+" : "*";
    return { set: sets[index]!, repeats };
  });
}

function setOf(word: Word): Uint8Array {
  if (kindOf(word) === CLASS) return CLASS_MAP.subarray(rowOf(word), rowOf(word) + 256);
  const set = new Uint8Array(256);
  for (let each = 0; each < 256; each++) if (LOWER[each] === byteOf(word)) set[each] = 1;
  return set;
}

interface Run {
  readonly sources: readonly string[];
  /** Bytes that it takes at least. */
  readonly least: number;
}

/**
 * A run ends at a repeat that what follows may be part of: it would be tried in many ways. It ends at one too that all
 * that stands before it may be part of: a search would go over its bytes again and again.
 */
function runsOf(pieces: readonly Piece[], begin: boolean): Run[] {
  const runs: Run[] = [];
  let run: Piece[] = [];
  let anchored = begin;
  const end = (): void => {
    while (run.at(-1)?.repeats === "*") run.pop();
    const last = run.pop();
    if (last !== undefined) run.push({ ...last, repeats: "" });
    const sources = run.map(({ set, repeats }) => setSource(set) + repeats);
    runs.push({
      sources: anchored ? ["^", ...sources] : sources,
      least: run.filter(({ repeats }) => repeats !== "*").length,
    });
    run = [];
    anchored = false;
  };
  for (const [at, piece] of pieces.entries()) {
    // Of a repeat at the beginning the last byte is enough.
    if (run.length === 0 && !anchored) {
      if (piece.repeats !== "*") run.push({ ...piece, repeats: "" });
      continue;
    }
    const goesOn =
      piece.repeats === "" ||
      (disjoint(piece.set, followersOf(pieces, at + 1)) &&
        (anchored || run.some(({ set }) => disjoint(set, piece.set))));
    if (goesOn) run.push(piece);
    else {
      if (piece.repeats === "+") run.push(piece);
      end();
    }
  }
  end();
  return runs;
}

/** Bytes that can come next. */
function followersOf(pieces: readonly Piece[], from: number): Uint8Array {
  const set = new Uint8Array(256);
  for (let at = from; at < pieces.length; at++) {
    unite(set, pieces[at]!.set);
    if (pieces[at]!.repeats !== "*") break;
  }
  return set;
}

/** By source, what may come behind it. */
type Trie = Map<string, Trie>;

function add(trie: Trie, run: readonly string[]): void {
  let at = trie;
  for (const source of run) {
    if (!at.has(source)) at.set(source, new Map());
    at = at.get(source)!;
  }
  at.set("", new Map());
}

function sourceOf(trie: Trie): string {
  // What ends here ends every way that goes through here.
  if (trie.has("")) return "";
  const ways = [...trie].map(([source, more]) => source + sourceOf(more));
  return ways.length === 1 ? ways[0]! : `(?:${ways.join("|")})`;
}
