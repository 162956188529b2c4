import { expect, test } from "vitest";
import { asciiLower, rememberAscii } from "../../../src/engine/regex/ascii.js";

test.each([
  ["ERROR", "error"],
  ["already", "already"],
  ["\xc0B\xde", "\xc0b\xde"],
  ["B\xe9", "b\xe9"],
])("%j in lower case is %j", (text, lower) => {
  expect(asciiLower(text)).toBe(lower);
});

test("what is known to be ASCII of one text is not taken for another's", () => {
  rememberAscii("ABC");
  expect([asciiLower("ABC"), asciiLower("\xc0BC")]).toEqual(["abc", "\xc0bc"]);
});
