import { expect, test } from "vitest";
import { rarityOf } from "../../../src/engine/regex/pcre2/rare-texts.js";

test.each([
  [["ab"], "ab ab", true],
  [["ab"], "ab ab ab", false],
  [["ab", "cd"], "ab cd ab", false],
  [["ab", "cd"], "x", true],
  [["x", "y"], "xxxx", false],
  // One begins within another.
  [["aba"], "ababa-aba", false],
  [[" a: ", " b"], " a:  b b", false],
  // A place is one place, no matter how many of them begin there.
  [["ab", "abc"], "abc abc", true],
  [["a.c", "(*"], "abc abc abc", true],
  // One text with a NUL in it is not two texts.
  [["x\0y"], "xxxx", true],
])("%j are rare in %j: %s", (texts, subject, expected) => {
  const occurRarely = rarityOf(texts);
  expect([occurRarely(subject), occurRarely(""), occurRarely(subject)]).toEqual([expected, true, expected]);
});
