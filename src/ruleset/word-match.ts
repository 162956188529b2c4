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
  const tests = words.map((word, index) => {
    if (word === "") return () => index === words.length - 1;
    const start = word.slice(1);
    return word.startsWith("^") ? (text: Bytes) => text.startsWith(start) : (text: Bytes) => text.includes(word);
  });
  return tests.length === 1 ? tests[0]! : (text) => tests.some((test) => test(text));
}
