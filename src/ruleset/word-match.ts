import type { Bytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";

/**
 * The real engine's oldest matcher (OS_WordMatch), which is left to `if_group`: alternatives between `|`, a leading
 * `^`, otherwise a substring, without regard to case. It differs from osmatch: no `!`, no `$`, and of empty
 * alternatives only the last one matches everything.
 * @returns a test of texts in lower case
 */
export function wordMatcher(pattern: Bytes): (text: Bytes) => boolean {
  if (pattern === "") return () => false;
  const words = asciiLower(pattern).split("|");
  return (text) =>
    words.some((word, index) => {
      if (word === "") return index === words.length - 1;
      return word.startsWith("^") ? text.startsWith(word.slice(1)) : text.includes(word);
    });
}
