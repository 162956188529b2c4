/** Texts that every match holds; where a subject lacks them, the pattern need not be tried. */
import type { Bytes } from "../../bytes.js";
import { asciiLower } from "../ascii.js";
import { textSource } from "../regexp-source.js";
import type { CharNode, GroupNode, Node } from "./syntax.js";

export interface RequiredText {
  /** A match holds all texts of one of these lists, case of A–Z apart. In lower case. */
  readonly texts: readonly (readonly Bytes[])[];
  /** False where a subject cannot match. Cheaper than to look for all the texts. */
  readonly holds: (subject: Bytes) => boolean;
}

type Char = CharNode & { type: "char" };

/** Side by side in a match. */
type Run = readonly Char[];

/** One of these lists is found in every match. */
type Choice = readonly (readonly Run[])[];

/** More lists than this tell little, and cost. */
const MOST_LISTS = 40;
const MOST_RUNS = 4;
/** Of a run that goes on through alternatives. */
const MOST_VARIANTS = 8;

/** What every match holds; null when nothing is found. */
export function requiredText(root: GroupNode): RequiredText | null {
  const choice = ofGroup(root);
  if (choice === null) return null;
  const texts = choice.map((runs) => runs.map((run) => asciiLower(textOf(run))));
  const longest = choice.map((runs) => runs.reduce((best, run) => (run.length > best.length ? run : best)));
  return { texts, holds: compileHolds(longest) };
}

function compileHolds(runs: readonly Run[]): (subject: Bytes) => boolean {
  const caseless = runs.some((run) => run.some((char) => char.caseless));
  const texts = [...new Set(runs.map((run) => (caseless ? asciiLower(textOf(run)) : textOf(run))))];
  const [only, another] = texts;
  const within = (subject: Bytes) => (caseless ? asciiLower(subject) : subject);
  if (another === undefined) return (subject) => within(subject).includes(only!);
  const any = new RegExp(texts.map(textSource).join("|"));
  return (subject) => any.test(within(subject));
}

function textOf(run: Run): Bytes {
  return String.fromCharCode(...run.map(({ byte }) => byte));
}

/** Of several branches what one of them asks for. */
function ofGroup({ branches }: GroupNode): Choice | null {
  const lists: (readonly Run[])[] = [];
  for (const branch of branches) {
    const choice = new Sequence().read(branch);
    if (choice === null) return null;
    lists.push(...choice);
  }
  return lists.length > MOST_LISTS ? null : lists;
}

class Sequence {
  readonly #found: Choice[] = [];
  /** The run that is being read; several where it has come through alternatives. */
  #runs: Run[] = [[]];

  read(nodes: readonly Node[]): Choice | null {
    for (const node of nodes) this.#add(node);
    this.#end();
    return together(this.#found);
  }

  #add(node: Node): void {
    switch (node.type) {
      case "char":
        this.#runs = this.#runs.map((run) => [...run, node]);
        return;
      case "group":
        this.#group(node);
        return;
      case "repeat":
        if (node.min > 0) this.#add(node.item);
        // What comes first in the next round, or in none, is not known; but a character is followed by itself or the next.
        if (node.min === 1 && node.max === 1) return;
        this.#end();
        if (node.min > 0 && node.item.type === "char") this.#add(node.item);
        return;
      case "anchor":
      case "keep":
      case "verb":
        return;
      default:
        this.#end();
    }
  }

  #group(node: GroupNode): void {
    if (joins(node)) {
      const [only, another] = node.branches;
      if (another === undefined) {
        for (const inner of only!) this.#add(inner);
        return;
      }
      if (node.branches.every(isText) && this.#runs.length * node.branches.length <= MOST_VARIANTS) {
        const texts = node.branches as readonly Run[];
        this.#runs = this.#runs.flatMap((run) => texts.map((text) => [...run, ...text]));
        return;
      }
    }
    this.#end();
    const choice = joins(node) || node.kind === "lookahead" ? ofGroup(node) : null;
    if (choice !== null) this.#found.push(choice);
  }

  #end(): void {
    if (this.#runs.every((run) => run.length > 0)) this.#found.push(this.#runs.map((run) => [run]));
    this.#runs = [[]];
  }
}

/** What it matches stands side by side with what is around it. */
function joins({ kind }: GroupNode): boolean {
  return kind === "plain" || kind === "capture" || kind === "atomic";
}

function isText(branch: readonly Node[]): branch is Run {
  return branch.length > 0 && branch.every(({ type }) => type === "char");
}

/** A sequence asks for all that is found in it: as much of it as can be said in few lists, the best first. */
function together(found: readonly Choice[]): Choice | null {
  const [best, ...others] = found.toSorted((a, b) => quality(b) - quality(a) || a.length - b.length);
  if (best === undefined) return null;
  let all = best;
  for (const choice of others) {
    const size = Math.max(...all.map((runs) => runs.length)) + Math.max(...choice.map((runs) => runs.length));
    if (quality(choice) < 2 || size > MOST_RUNS || all.length * choice.length > MOST_LISTS) continue;
    all = all.flatMap((runs) => choice.map((more) => [...runs, ...more]));
  }
  return all;
}

/** The shorter its shortest list's longest text, the less it tells. */
function quality(choice: Choice): number {
  return Math.min(...choice.map((runs) => Math.max(...runs.map((run) => run.length))));
}
