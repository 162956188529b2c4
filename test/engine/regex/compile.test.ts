import { describe, expect, it } from "vitest";
import { compileExpression, ExpressionError } from "../../../src/engine/regex/compile.js";

describe("compileExpression", () => {
  it("counts in bytes and gives groups as text", () => {
    const subject = "é=ß!";
    expect(compileExpression("pcre2", "=(.*)!").match(subject)).toEqual({ end: 5, groups: ["ß"] });
    expect(compileExpression("pcre2", "=(.)").match(subject)).toEqual({ end: 3, groups: ["\ufffd"] });
    expect(compileExpression("osregex", "=(\\.+)!").match(subject)).toEqual({ end: 5, groups: ["ß"] });
  });

  it("takes patterns and subjects as bytes", () => {
    const pattern = Uint8Array.of(0x28, 0xe9, 0x29);
    expect(compileExpression("pcre2", pattern).match(Uint8Array.of(0x61, 0xe9))).toEqual({
      end: 1,
      groups: ["\ufffd"],
    });
  });

  it("ends strings at a NUL", () => {
    expect(compileExpression("osmatch", "b$").match("ab\0c")).not.toBeNull();
    expect(compileExpression("pcre2", "a\0(").match("a")).not.toBeNull();
  });

  it("has osregex match without captures on request", () => {
    expect(compileExpression("osregex", "(a)", { captures: false }).match("a")).toEqual({ end: 0, groups: [] });
  });

  it.each([
    ["osregex", "(("],
    ["pcre2", "(a"],
  ] as const)("refuses a bad %s", (type, pattern) => {
    expect(() => compileExpression(type, pattern)).toThrow(ExpressionError);
  });
});
