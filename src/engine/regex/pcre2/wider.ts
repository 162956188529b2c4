/**
 * Wider patterns: what a pattern matches they match too, and they are cheap. Where one of them finds nothing, the
 * matching machine need not be asked; it gives up at a limit, but then too it finds nothing.
 */
import type { Bytes } from "../../bytes.js";
import { type CharSet, disjoint } from "./char-set.js";
import { AT_END, type Followers, followersOf, setOf } from "./followers.js";
import { Translator, Untranslatable } from "./regexp-translator.js";
import { setSource } from "./set-source.js";
import { type GroupNode, isChar, type Node, type Parsed } from "./syntax.js";

/** What a match holds, side by side. */
interface Run {
  readonly source: string;
  /** The least number of bytes that it takes. */
  readonly least: number;
  /** Most that it takes from one start, however long the subject; repeats that are gone through once are not counted. */
  readonly steps: number;
}

/** A shorter run is in nearly every subject. */
const SHORTEST = 2;
/** A run of so many bytes is taken without looking for a longer one. */
const LONG_ENOUGH = 4;
/** More runs of one pattern tell little more. */
const MOST_RUNS = 3;
/** Steps that a run may take from one start. */
const MOST_STEPS = 1_000;
const LONG_SUBJECT = 65_536;
/** Bytes of the set of what comes next: a larger one is nearly always met. */
const LARGEST_SET = 32;

/** Tells subjects that cannot match; null where nothing is known. */
export function compileWider({ root }: Parsed): ((subject: Bytes) => boolean) | null {
  const regexps = runsOf(root, AT_END)
    .toSorted((a, b) => b.least - a.least)
    .slice(0, MOST_RUNS)
    .map(({ source }) => new RegExp(source));
  if (regexps.length === 0) return null;
  return (subject) => {
    for (const regexp of regexps) if (!regexp.test(subject)) return true;
    return false;
  };
}

/** Finds the next place at which a match may start, from `lastIndex` on; null where there are too many. */
export function compileStarts({ root }: Parsed): RegExp | null {
  const { source, least } = prefixOf(root, AT_END);
  return least < SHORTEST ? null : new RegExp(source, "g");
}

const NOTHING: Run = { source: "", least: 0, steps: 1 };
/** A longer beginning is not written again for each branch. */
const LONGEST_BEGINNING = 300;

/** Every match of the group holds each of these runs. @param before what stands in front of the group */
function runsOf({ branches }: GroupNode, behind: Followers, before = NOTHING): readonly Run[] {
  const start = before.source.length > LONGEST_BEGINNING ? NOTHING : before;
  const all = branches.map((branch) => new Sequence(branch, behind, start).runs);
  const [only, another] = all;
  if (another === undefined) return only!;
  if (!all.every(({ length }) => length > 0)) return [];
  const any = anyOf(all.map(bestOf));
  return any.steps <= MOST_STEPS ? [any] : [];
}

/** The first that is long enough: what comes later is often said in many subjects, like SELECT behind UNION. */
function bestOf(runs: readonly Run[]): Run {
  return runs.find(({ least }) => least >= LONG_ENOUGH) ?? runs.toSorted((a, b) => b.least - a.least)[0]!;
}

/** What every match of the group begins with. */
function prefixOf({ branches }: GroupNode, behind: Followers): Run {
  return anyOf(branches.map((branch) => new Sequence(branch, behind, NOTHING, true).prefix));
}

function anyOf(runs: readonly Run[]): Run {
  return {
    source: `(?:${runs.map(({ source }) => source).join("|")})`,
    least: Math.min(...runs.map((run) => run.least)),
    steps: runs.reduce((sum, run) => sum + run.steps, 0),
  };
}

/** With the items of groups that have one branch. */
function flattened(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => (isPlain(node) && node.branches.length === 1 ? flattened(node.branches[0]!) : [node]));
}

/** The items of one branch, in runs that end where an item is too costly. */
class Sequence {
  readonly runs: Run[] = [];
  /** The first of them, however short. */
  readonly prefix: Run;
  #run: Run;
  /** The sets of the run's single characters, as long as it can be gone through in one way only; else null. */
  #chars: CharSet[] | null;

  /** @param prefixOnly nothing is asked of it but its prefix */
  constructor(branch: readonly Node[], behind: Followers, start = NOTHING, prefixOnly = false) {
    this.#run = start;
    this.#chars = start === NOTHING ? [] : null;
    let prefix: Run | undefined;
    const nodes = flattened(branch);
    for (const [index, node] of nodes.entries()) {
      const before = this.#run;
      if (this.#add(node, followersOf(nodes, behind, index + 1))) continue;
      prefix ??= this.#run;
      if (prefixOnly) break;
      this.#end();
      const group = groupOf(node);
      if (group !== null) this.runs.push(...runsOf(group, AT_END, before));
    }
    this.prefix = prefix ?? this.#run;
    this.#end();
  }

  /** @returns false where only the beginning of the node could be taken */
  #add(node: Node, behind: Followers): boolean {
    const cheap = translate(node, behind);
    if (cheap !== null && this.#take(this.#isSteady(node, behind) ? { ...cheap, steps: 1 } : cheap)) {
      if (isChar(node)) this.#chars?.push(setOf(node));
      else if (cheap.ways > 1) this.#chars = null;
      return true;
    }
    const group = groupOf(node);
    if (group !== null) this.#take(prefixOf(group, AT_END));
    else if (cheap !== null && cheap.least > 0) this.#takeFirst(followersOf([node], behind));
    return false;
  }

  /**
   * A repeat that ends where what follows begins is gone through once from each start, if there is one way to it; and
   * where something in front of it is none of its characters, no start lies inside of it.
   */
  #isSteady(node: Node, behind: Followers): boolean {
    if (node.type !== "repeat" || !isChar(node.item)) return false;
    const set = setOf(node.item);
    return disjoint(set, behind.set) && this.#chars?.some((char) => disjoint(char, set)) === true;
  }

  /** False where it would cost too much. */
  #take({ source, least, steps }: Run): boolean {
    const run = this.#run;
    if (run.steps * steps > MOST_STEPS) return false;
    this.#run = { source: run.source + source, least: run.least + least, steps: run.steps * steps };
    return true;
  }

  #takeFirst({ set }: Followers): void {
    const size = set.reduce((sum, member) => sum + member, 0);
    if (size <= LARGEST_SET) this.#take({ source: setSource(set), least: 1, steps: 1 });
  }

  #end(): void {
    if (this.#run.least >= SHORTEST) this.runs.push(this.#run);
    this.#run = NOTHING;
    this.#chars = [];
  }
}

function translate(node: Node, behind: Followers): (Run & { readonly ways: number }) | null {
  try {
    const { source, least, cost } = new Translator("wider").sequence([node], behind);
    return { source, least, steps: Math.max(1, cost.work(LONG_SUBJECT)), ways: cost.ways(LONG_SUBJECT) };
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/** The group that matches at this place at least once. */
function groupOf(node: Node): GroupNode | null {
  if (isPlain(node)) return node;
  return node.type === "repeat" && node.min > 0 ? groupOf(node.item) : null;
}

/** It does nothing but hold items together. */
function isPlain(node: Node): node is GroupNode {
  return node.type === "group" && (node.kind === "plain" || node.kind === "capture" || node.kind === "atomic");
}
