import type { Bytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";

/**
 * The real engine's oldest matcher (OS_WordMatch), which is left to `if_group`: alternatives between `|`, a leading
 * `^`, otherwise a substring, without regard to case. It differs from osmatch: no `!`, no `$`, and of empty
 * alternatives only the last one matches everything. Answers are remembered: few groups stand on many rules.
 */
export function wordMatcher(pattern: Bytes): (text: Bytes) => boolean {
  if (pattern === "") return () => false;
  const words = asciiLower(pattern).split("|");
  const matches = (subject: Bytes): boolean =>
    words.some((word, index) => {
      if (word === "") return index === words.length - 1;
      return word.startsWith("^") ? subject.startsWith(word.slice(1)) : subject.includes(word);
    });
  const known = new Map<Bytes, boolean>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = matches(asciiLower(text));
      known.set(text, answer);
    }
    return answer;
  };
}
