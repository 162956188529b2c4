/** Patterns that only name words, like `^(?:GRANT|REVOKE) ROLE$`: no matching is needed, a word is known or not. */
import type { Bytes } from "../../bytes.js";
import { asciiLower } from "../ascii.js";
import { otherCase } from "./char-set.js";
import type { CharNode, GroupNode, Node, Parsed } from "./syntax.js";

export interface PlainWords {
  /** Every word; in lower case when case does not count. */
  readonly words: readonly Bytes[];
  readonly caseless: boolean;
  /** A word is the whole subject, or all but the line feed at its end; else it is at the beginning. */
  readonly whole: boolean;
}

/** More words than this are left to RegExp. */
const MOST_WORDS = 64;

/** Null where a pattern is anything else. */
export function plainWords({ root, groupCount }: Parsed): PlainWords | null {
  const [branch, another] = root.branches;
  if (groupCount > 0 || another !== undefined || !isAnchor(branch![0], "^")) return null;
  const whole = isAnchor(branch!.at(-1), "$");
  const words = wordsOf(branch!.slice(1, whole ? -1 : undefined));
  if (words === null || words.length > MOST_WORDS || words.some(({ length }) => length === 0)) return null;
  const letters = words.flat().filter(({ byte }) => otherCase(byte) !== byte);
  const caseless = letters.length > 0 && letters[0]!.caseless;
  if (letters.some((char) => char.caseless !== caseless)) return null;
  const texts = words.map((word) => String.fromCharCode(...word.map(({ byte }) => byte)));
  // `$` holds in front of it too.
  if (texts.some((text) => text.includes("\n"))) return null;
  return { words: caseless ? texts.map(asciiLower) : texts, caseless, whole };
}

type Char = CharNode & { type: "char" };

function wordsOf(nodes: readonly Node[]): readonly (readonly Char[])[] | null {
  let words: (readonly Char[])[] = [[]];
  for (const node of nodes) {
    if (node.type === "char") words = words.map((word) => [...word, node]);
    else if (node.type === "group" && node.kind === "plain") {
      const choices = choicesOf(node);
      if (choices === null || words.length * choices.length > MOST_WORDS) return null;
      words = words.flatMap((word) => choices.map((choice) => [...word, ...choice]));
    } else return null;
  }
  return words;
}

function choicesOf({ branches }: GroupNode): readonly (readonly Char[])[] | null {
  const choices = branches.map(wordsOf);
  return choices.includes(null) ? null : (choices as (readonly Char[])[][]).flat();
}

function isAnchor(node: Node | undefined, anchor: "^" | "$"): boolean {
  return node?.type === "anchor" && node.anchor === anchor;
}

/** The text that every match begins with, case counted; empty when there is none. */
export function literalBeginning({ root: { branches } }: Parsed): Bytes {
  const [branch, another] = branches;
  if (another !== undefined) return "";
  const end = branch!.findIndex(
    (node) => node.type !== "char" || (node.caseless && otherCase(node.byte) !== node.byte),
  );
  const chars = (end < 0 ? branch! : branch!.slice(0, end)) as readonly Char[];
  return String.fromCharCode(...chars.map(({ byte }) => byte));
}

/** Offset behind the word that a subject matches, -1 for none. */
export function compileWords({ words, caseless, whole }: PlainWords): (subject: Bytes) => number {
  const within = caseless ? asciiLower : (subject: Bytes) => subject;
  if (!whole) {
    return (subject) => {
      const text = within(subject);
      for (const word of words) if (text.startsWith(word)) return word.length;
      return -1;
    };
  }
  const known = new Set(words);
  return (subject) => {
    const text = within(subject);
    if (known.has(text)) return text.length;
    return text.endsWith("\n") && known.has(text.slice(0, -1)) ? text.length - 1 : -1;
  };
}
