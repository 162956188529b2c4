/** Whether texts occur a few times only in a subject. Many patterns of one decoder ask the same of one log. */
import type { Bytes } from "../../bytes.js";

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
    occurRarely = remembered((subject) => areRare(texts, subject));
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

function areRare(texts: readonly Bytes[], subject: Bytes): boolean {
  let times = 0;
  for (const text of texts) {
    for (let at = subject.indexOf(text); at >= 0; at = subject.indexOf(text, at + 1))
      if (++times > MOST_RARE) return false;
  }
  return true;
}
