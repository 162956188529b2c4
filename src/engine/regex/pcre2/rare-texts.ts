/** Whether texts occur a few times only in a subject. Many patterns of one decoder ask the same of one log. */
import type { Bytes } from "../../bytes.js";
import { textSource } from "../regexp-source.js";

/** They may occur so often, all together: that bounds the ways of a repeat in front of them. */
export const MOST_RARE = 2;

export type OccurRarely = (subject: Bytes) => boolean;

/** By the texts; with more lists than this, all are forgotten. */
const known = new Map<string, OccurRarely>();
const REMEMBERED_LISTS = 1_000;

export function rarityOf(texts: readonly Bytes[]): OccurRarely {
  const key = JSON.stringify(texts);
  let occurRarely = known.get(key);
  if (occurRarely === undefined) {
    occurRarely = remembered(areRare(texts));
    if (known.size >= REMEMBERED_LISTS) known.clear();
    known.set(key, occurRarely);
  }
  return occurRarely;
}

/** The subject that was asked about last, and a number that it alone has: so that not every list keeps one alive. */
let subjectNow: Bytes | null = null;
let number = 0;

function numberOf(subject: Bytes): number {
  if (subject !== subjectNow) {
    subjectNow = subject;
    number++;
  }
  return number;
}

/** Answers once for the subject at hand. */
function remembered(occurRarely: OccurRarely): OccurRarely {
  let asked = 0;
  let answer = false;
  return (subject) => {
    const now = numberOf(subject);
    if (now !== asked) {
      answer = occurRarely(subject);
      asked = now;
    }
    return answer;
  };
}

function areRare(texts: readonly Bytes[]): OccurRarely {
  // Ten times as fast as to look for one text after the other.
  const any = new RegExp(beginningsOf(texts), "g");
  return (subject) => {
    any.lastIndex = 0;
    for (let times = 0; any.test(subject); times++) if (times === MOST_RARE) return false;
    return true;
  };
}

/** Where one of the texts begins. Only its first byte is matched: another may begin within it. */
function beginningsOf(texts: readonly Bytes[]): string {
  const rests = new Map<Bytes, string[]>();
  for (const text of texts) {
    const rest = rests.get(text[0]!) ?? [];
    rests.set(text[0]!, rest);
    rest.push(textSource(text.slice(1)));
  }
  return [...rests].map(([first, behind]) => `${textSource(first)}(?=${behind.join("|")})`).join("|");
}
