import { describe, expect, it } from "vitest";
import { compileOsRegex } from "../../../src/engine/regex/osregex.js";

/** End offset and groups, or null. */
function run(pattern: string, subject: string, captures = true) {
  const expression = compileOsRegex(pattern, { captures });
  const result = expression.match(subject);
  expect(expression.test(subject)).toBe(result !== null);
  return result && [result.end, ...result.groups];
}

describe("osregex", () => {
  it("ignores the case of ASCII letters only", () => {
    expect(run("Error", "an ERROR here")).toEqual([7]);
    expect(run("[^a-z]", "x[^A-Z]y")).toEqual([6]);
  });

  it("never matches a literal byte above 127, while classes do", () => {
    expect(run("\xe9", "\xe9")).toBeNull();
    expect(run("a\\.b", "A\xe9B")).toEqual([2]);
    expect(run("\\W", "\xe9")).toEqual([0]);
  });

  it("forgets where groups were in the subject before", () => {
    const expression = compileOsRegex("x(\\d*)");
    expect(expression.match("x12")?.groups).toEqual(["12"]);
    expect(expression.match("x")?.groups).toEqual([]);
  });

  it("knows its own classes", () => {
    expect(run("^\\w+$", "user-1@host_x")).not.toBeNull();
    expect(run("^\\s$", "\t")).toBeNull();
    expect(run("^\\t$", "\t")).toEqual([0]);
    expect(run("^\\p$", "^")).toBeNull();
    expect(run("^\\p\\p\\p$", "}=.")).toEqual([2]);
    expect(run("^\\.$", "\n")).toEqual([0]);
    expect(run("\\(\\)\\\\\\$\\|\\<", "()\\$|<")).toEqual([5]);
  });

  it("repeats classes, not literals", () => {
    expect(run("a+b", "aab")).toBeNull();
    expect(run("a+b", "a+b")).toEqual([2]);
    expect(run("\\d+b", "12b")).toEqual([2]);
  });

  it("ends where its last step happened to be", () => {
    expect(run("\\w+", "foo")).toEqual([0]);
    expect(run("\\w+", "foo bar")).toEqual([3]);
    expect(run("\\d*x", "x")).toEqual([0]);
    expect(run("\\d*", " ")).toEqual([-1]);
  });

  it("hands over at the first byte that fits what follows", () => {
    expect(run("(\\d+)\\.(\\d+)", "abc 12.34 x")).toEqual([5, "1", ""]);
    expect(run("user (\\S+) from (\\S+)$", "user bob from 10.0.0.1")).toEqual([14, "bob", "10.0.0.1"]);
    expect(run('=(\\.+)"', '="a" x="b"')).toEqual([3, '"a']);
  });

  it("takes the groups of the alternative that matches", () => {
    expect(run("a(\\d)|b(\\d)", "b7")).toEqual([1, "7"]);
    expect(run("(\\d+)(\\w+)", "12ab")).toBeNull();
  });

  it("looks for a byte first that all alternatives need", () => {
    expect(run("\\d+%|\\w+%x", "1 a")).toBeNull();
    expect(run("\\d+%|\\w+%x", "1 A%X")).toEqual([4]);
    expect(run("\\d+%|\\w+#", "a#")).toEqual([1]);
  });

  it("takes a literal at the beginning in any case", () => {
    expect(run("^abc", "ABCd")).toEqual([2]);
    expect(run("^abc", "AB")).toBeNull();
    expect(run("^abc", "xabc")).toBeNull();
    expect(run("^abc$", "Abc")).toEqual([2]);
    expect(run("^abc$", "Abcd")).toBeNull();
  });

  it("anchors alternatives one by one", () => {
    expect(run("^b|c$", "abc")).toEqual([2]);
    expect(run("^b|c$", "abcd")).toBeNull();
    expect(run("^$", "")).toEqual([0]);
    expect(run("$", "x")).toBeNull();
  });

  it("may match otherwise without captures", () => {
    expect(run("\\d+(\\s*)$", "9447 9447", false)).not.toBeNull();
    expect(run("\\d+(\\s*)$", "9447 9447", true)).toBeNull();
  });

  it.each(["\\n", "\\x41", "\\", "a\\", "(", ")", "((a))", "(a|b)"])("refuses %j", (pattern) => {
    expect(() => compileOsRegex(pattern)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it("takes 20,480 bytes and no more", () => {
    expect(run("a".repeat(20_480), "b")).toBeNull();
    expect(() => compileOsRegex("a".repeat(20_481))).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
