/** Whether texts occur a few times only in a subject. Many patterns of one decoder ask the same of one log. */
import type { Bytes } from "../../bytes.js";

/** They may occur so often, all together: that bounds the ways of a repeat in front of them. */
export const MOST_RARE = 2;

export type OccurRarely = (subject: Bytes) => boolean;

/** By the texts; with more lists than this, all are forgotten. */
const known = new Map<string, OccurRarely>();
const REMEMBERED_LISTS = 1_000;

export function rarityOf(texts: readonly Bytes[]): OccurRarely {
  const key = texts.join("\0");
  let occurRarely = known.get(key);
  if (occurRarely === undefined) {
    occurRarely = remembered((subject) => areRare(texts, subject));
    if (known.size >= REMEMBERED_LISTS) known.clear();
    known.set(key, occurRarely);
  }
  return occurRarely;
}

/** The answer about the subject that was asked about last. */
function remembered(occurRarely: OccurRarely): OccurRarely {
  let asked: Bytes | null = null;
  let answer = false;
  return (subject) => {
    if (subject !== asked) {
      answer = occurRarely(subject);
      asked = subject;
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
