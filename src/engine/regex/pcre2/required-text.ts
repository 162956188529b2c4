/** Texts of which every match holds one; where a subject lacks them all, the pattern need not be tried. */
import type { Bytes } from "../../bytes.js";
import { asciiLower } from "../ascii.js";
import type { CharNode, GroupNode, Node } from "./syntax.js";

export interface RequiredText {
  /** As they are written, or lower-cased where case does not count. */
  readonly texts: readonly Bytes[];
  readonly holds: (subject: Bytes) => boolean;
}

/** Side by side in a match. */
type Run = readonly (CharNode & { type: "char" })[];

/** More alternatives than this tell little, and cost. */
const MOST_RUNS = 40;

/** What every match holds; null when nothing is found. */
export function requiredText(root: GroupNode): RequiredText | null {
  const runs = ofGroup(root);
  if (runs === null) return null;
  const caseless = runs.some((run) => run.some((char) => char.caseless));
  const texts = [...new Set(runs.map((run) => textOf(run)).map((text) => (caseless ? asciiLower(text) : text)))];
  const [only, another] = texts;
  const within = (subject: Bytes) => (caseless ? asciiLower(subject) : subject);
  if (another === undefined) return { texts, holds: (subject) => within(subject).includes(only!) };
  const any = new RegExp(texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"));
  return { texts, holds: (subject) => any.test(within(subject)) };
}

function textOf(run: Run): Bytes {
  return String.fromCharCode(...run.map(({ byte }) => byte));
}

/** Of several branches one of each. */
function ofGroup({ branches }: GroupNode): readonly Run[] | null {
  const each = branches.map((branch) => ofSequence(branch));
  if (each.some((runs) => runs === null)) return null;
  const all = (each as (readonly Run[])[]).flat();
  return all.length > MOST_RUNS ? null : all;
}

/** The best of what the items of a sequence ask for: that whose shortest text is longest, then that with fewest. */
function ofSequence(nodes: readonly Node[]): readonly Run[] | null {
  const found: (readonly Run[])[] = [];
  let run: (CharNode & { type: "char" })[] = [];
  const end = () => {
    if (run.length > 0) found.push([run]);
    run = [];
  };
  const add = (node: Node): void => {
    switch (node.type) {
      case "char":
        run.push(node);
        return;
      case "group": {
        const single = node.branches.length === 1 && joins(node);
        if (single) {
          for (const inner of node.branches[0]!) add(inner);
          return;
        }
        end();
        const runs = joins(node) || node.kind === "lookahead" ? ofGroup(node) : null;
        if (runs !== null) found.push(runs);
        return;
      }
      case "repeat":
        if (node.min > 0) add(node.item);
        // What comes first in the next round, or in none, is not known; but a character is followed by itself or the next.
        if (node.min === 1 && node.max === 1) return;
        end();
        if (node.min > 0 && node.item.type === "char") run.push(node.item);
        return;
      case "anchor":
      case "keep":
      case "callout":
      case "verb":
        return;
      default:
        end();
    }
  };
  for (const node of nodes) add(node);
  end();
  return found.reduce<readonly Run[] | null>(
    (best, runs) => (best === null || isBetter(runs, best) ? runs : best),
    null,
  );
}

/** What it matches stands side by side with what is around it. */
function joins({ kind }: GroupNode): boolean {
  return kind === "plain" || kind === "capture" || kind === "atomic";
}

function isBetter(runs: readonly Run[], than: readonly Run[]): boolean {
  const [a, b] = [shortest(runs), shortest(than)];
  return a !== b ? a > b : runs.length < than.length;
}

function shortest(runs: readonly Run[]): number {
  return Math.min(...runs.map((run) => run.length));
}
