import { describe, expect, it } from "vitest";
import { compileBytes } from "../../../src/engine/regex/compile.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";

describe("patterns that only name words", () => {
  it.each([
    ["^SET$", "SET", 2],
    ["^SET$", "SET\n", 2],
    ["^SET$", "SET\n\n", null],
    ["^SET$", "set", null],
    ["^SET$", "RESET", null],
    ["(?i)^set$", "SeT", 2],
    ["^(?:GRANT|REVOKE) ROLE$", "REVOKE ROLE", 10],
    ["^(?:GRANT|REVOKE) ROLE$", "REVOKE", null],
    ["^(?:a|ab)", "abc", 0],
    ["^(?:ab|a)", "abc", 1],
    ["^(?:a|ab)c", "abc", 2],
  ])("%s on %j", (pattern, subject, end) => {
    expect(compileProgram(pattern).words).not.toBeNull();
    const expression = compileBytes("pcre2", pattern);
    expect(expression.match(subject)).toEqual(end === null ? null : { end, groups: [] });
    expect(expression.test(subject)).toBe(end !== null);
  });

  it.each(["SET$", "^(SET)$", "^SE?T$", "^SET|GET$", "^$", "^a\\nb$", "^(?i:a)b$", "(*NOTEMPTY)^a$", "^[ab]$"])(
    "%s is none",
    (pattern) => {
      expect(compileProgram(pattern).words).toBeNull();
    },
  );
});

it("what begins with a text is found at any of its places", () => {
  const expression = compileBytes("pcre2", ',"key":"(\\d+)"');
  expect(expression.match('{"a":1,"key":"x","key":"12"}')).toEqual({ end: 26, groups: ["12"] });
  expect(expression.test('{"a":1,"key":"x","key":"y"}')).toBe(false);
});
