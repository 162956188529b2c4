import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expression } from "../../../src/engine/regex/expression.js";
import { compileUnicode } from "../../../src/engine/regex/pcre2/unicode.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";
import { pattern, subject } from "./patterns.js";

/** End offset and groups, or null. */
function run(pattern: string, subject: string) {
  const expression = compilePcre2(pattern);
  const result = expression.match(subject);
  expect(expression.test(subject)).toBe(result !== null);
  return result && [result.end, ...result.groups];
}

describe("pcre2", () => {
  it.each<[string, string, (number | string)[] | null]>([
    // Bytes, ASCII case only, $ before a final newline, . without newline.
    ["(?i)\xe9", "\xc9", null],
    ["(?i)[a-c]+", "ABC", [2]],
    ["\\w+", "\xe9a", [1]],
    ["^\\s$", "\v", [0]],
    ["a$", "a\n", [0]],
    ["a\\z", "a\n", null],
    ["a.b", "a\nb", null],
    ["(?s)a.b", "a\nb", [2]],
    ["(?m)^b$", "a\nb\nc", [2]],
    ["\\h\\H\\v\\V", "\xa0a\x85b", [3]],
    ["^\\R$", "\r\n", [1]],
    ["\\N+", "ab\nc", [1]],
    ["[[:^alpha:][:digit:]]+", "ab12-", [4]],
    ["\\Q.*\\E+", "a.**", [3]],
    ["\\x{41}\\o{102}\\103\\cA", "ABC\x01", [3]],
    ["(?x) a b # c\n c", "abc", [2]],
    ["a(?#comment)b", "ab", [1]],
    // Groups: unset ones in the middle are empty, at the end absent; captures outlive iterations.
    ["(a)|(b)|(c)", "b", [0, "", "b"]],
    ["(?:(a)|b)*", "ab", [1, "a"]],
    ["(?|(a)|(b))(c)", "bc", [1, "b", "c"]],
    ["(?<x>a)(?P<y>b)(?'z'c)\\k<x>\\k{y}(?P=z)", "abcabc", [5, "a", "b", "c"]],
    ["(a)?\\1b", "b", null],
    ["(?i)(a)\\1", "aA", [1, "a"]],
    ["(?n)(a)(?<b>b)", "ab", [1, "b"]],
    ["a\\Kb(c)?", "ab", [1]],
    // What RegExp cannot say.
    ["(?>a+)ab", "aaab", null],
    ["a++b", "aab", [2]],
    ["(a)?(?(1)b|c)", "c", [0]],
    ["(\\((?:[^()]|(?1))*\\))", "x(a(b)c)", [7, "(a(b)c)"]],
    ["^(?:(?=.*\\d)).{3}$", "ab1", [2]],
    ["(?<=ab|c)d", "cd", [1]],
    ["(a)b(?<=\\1b)c", "abc", [2, "a"]],
    ["(?<!a)b", "ab", null],
    ["\\Ga", "ba", null],
    ["a(*SKIP)b|.", "ac", [1]],
    ["a+(*COMMIT)b|ac", "aac", null],
    ["a(*ACCEPT)b(c)", "a", [0]],
    ["(?U)a+", "aaa", [0]],
    ["(?^i:A)|b", "B", null],
    ["(?(R)a|b)", "b", [0]],
    ["(?(DEFINE)(?<d>\\d+))x(?&d)", "x42", [2]],
    ["", "abc", [-1]],
    ["[]a]+", "]a", [1]],
    ["a{,2}", "a{,2}", [4]],
    ["\\p{Lu}\\P{L}", "A1", [1]],
    ["\\X\\X", "\r\na", [2]],
    // Of the bytes only these are pictographs, which PCRE2 does not part.
    ["\\X", "\xa9\xae\xaea", [2]],
    ["\\X\\X", "\xa9\xa9", null],
    ["(\\X+)\\xa9", "a\xa9\xa9", [1, "a"]],
    ["(\\X+)\\xa9a", "\xe9\xa9\xa9a", null],
    ["(\\X+)a", "\xa9\xa9a", [2, "\xa9\xa9"]],
    ["\\X*?b", "\xa9\xa9b", [2]],
    // Properties, of bytes.
    ["^\\p{Script=Latin}+", "a\xaa\xba\xd6\xb5", [3]],
    ["\\p{^ pattern_White-Space }+", " \x85a ", [2]],
    ["[\\p{bc:EN}\\p{Greek}]+", "a1\xb2\xb5", [2]],
    ["\\p{ExtPict}\\P{Han}", "\xa9\xb7", [1]],
    // A possessive repeat behind a call of the whole pattern.
    ["1(?0)()*+|", "1", [0, ""]],
    ["a\\g<0>(b?)++|", "ab", [1, ""]],
    // Taken for apart from each other, though they are not.
    ["\\S*\\h", "\xa0", null],
    ["\\h*\\S", "\xa0", null],
    ["\\S*\\v", "\x85", null],
    ["\\S+\\h", "\xe0 ", [1]],
  ])("%j on %j", (pattern, subject, expected) => {
    expect(run(pattern, subject)).toEqual(expected);
  });

  it.each([
    "(",
    ")",
    "a**",
    "+a",
    "[a",
    "[z-a]",
    "[[:foo:]]",
    "[:alpha:]",
    "\\",
    "\\k",
    "\\8",
    "\\y",
    "(?<a>x)(?<a>y)",
    "(?<=a+)b",
    "(?P<",
    "(?'1a'x)",
    "(?z)",
    "(?i",
    "(?1)",
    "\\2(a)",
    "(?(1)a|b|c)()",
    "x{2,1}",
    "x{65536}",
    "\\o{8}",
    "\\x{100}",
    "(?#a",
    "(*NOSUCH)",
    "(*MARK)",
    "[\\d-z]",
    "(?=a\\K)",
    "\\N{U+41}",
    "(?(<n>)a)",
    "((?:ab){7000})",
    "(".repeat(251) + ")".repeat(251),
    "(*UTF)(?i){0,2}",
    "\\p{NoSuchScript}",
    "\\Public",
    "\\p{IsGreek}",
    "\\p{sc:L}",
    "\\p{bc:Latin}",
    "\\p{gc=L}",
    "\\p{}",
    "(*UTF)\\x{d800}",
    "(*UTF)\\N[\\d-a]",
    "(*UTF)\xc3\xa9[[:alpha:]-z]",
    "(*UTF)a|[\\x{110000}]",
    "(*UTF){1,3}\xc3\xa9",
    "(*UTF)\xc3\xa9|{2}",
    "(*UCP)a(",
  ])("refuses %j", (pattern) => {
    expect(() => compilePcre2(pattern)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it.each(["(*CRLF)a", "(*sr:a)", "(*UTF)(a)+", "(*UTF)(?>a)", "(*UTF)(?:(?=a)\\w)+", "(*UCP)(?:\\ba)+"])(
    "does not evaluate %j",
    (pattern) => {
      expect(() => compilePcre2(pattern)).toThrow(expect.objectContaining({ code: "unsupported" }));
    },
  );

  it.each<[string, string, (number | string)[] | null]>([
    ["(*UTF)\xc3\xa9+", "a\xc3\xa9\xc3\xa9", [4]],
    ["(*UTF)(.)\\z", "a\xe2\x82\xac", [3, "\xe2\x82\xac"]],
    ["(*UTF)\\N{U+20AC}|\\x{e9}", "\xc3\xa9", [1]],
    ["(*UTF)(*UCP)^\\w+$", "\xc3\xa9a", [2]],
    ["(*UTF)\\w", "\xc3\xa9", null],
    ["(*UTF)a", "a\xff", null],
    ["(*UTF)\\x{100}|b", "b", [0]],
    ["(*UTF)[\\400]\\401", "\xc4\x80\xc4\x81", [3]],
    ["(*UTF)\xc3\xa9[\\d-][\\d-]", "\xc3\xa9-1", [3]],
    ["(*UTF){a}\xc3\xa9{", "{a}\xc3\xa9{", [5]],
    ["(*UCP)\\w+", "-\xe9-", [1]],
  ])("%j on %j, by characters", (pattern, subject, expected) => {
    expect(run(pattern, subject)).toEqual(expected);
  });

  it("gives up on ASCII in UTF mode too", () => {
    const expression = compilePcre2("(*UTF)^a*a*a*a*a*a*a*b");
    expect(expression.test(`${"a".repeat(80)}!b`)).toBe(false);
    expect(expression.effort?.giveUps).toBe(1);
    expect(expression.match("aab")).toEqual({ end: 2, groups: [] });
    expect(expression.test("\xc3\xa9")).toBe(false);
  });

  it("means the same on ASCII with UTF and UCP as without", () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern, subject, fc.constantFrom("(*UTF)", "(*UCP)", "(*UTF)(*UCP)"), (source, text, modes) => {
        if (/[^\x00-\x7f]/.test(source + text)) return;
        let unicode: Expression | null;
        let ofBytes: Expression;
        try {
          unicode = compileUnicode(modes + source);
          ofBytes = compilePcre2(source);
        } catch {
          return;
        }
        compared++;
        expect(ofBytes.match(text)).toEqual(unicode!.match(text));
      }),
      { numRuns: 5_000 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it("gives up at the limit, as no match", () => {
    expect(run("(*LIMIT_MATCH=1000)(?:a|a)*b|c", `${"a".repeat(30)}bc`)).not.toBeNull();
    expect(run("(*LIMIT_MATCH=1000)(?:a|a)*[b-c]!|c", `${"a".repeat(30)}bc`)).toBeNull();
    expect(run("(?:\\D+|\\d+)*[!?]x", `${"abc1".repeat(20)}!x`)).toEqual([81]);
    expect(run("(?:\\D+|\\d+)*[!?]x", "abc1".repeat(20))).toBeNull();
  });

  it("gives up where memory is limited", () => {
    const deepest = (limit: number, groups: number) => {
      const expression = compilePcre2(`(*LIMIT_HEAP=${limit})^${"(x)?".repeat(groups)}(?:a|b)*$`);
      let length = 0;
      while (expression.test("a".repeat(length))) length++;
      return length - 1;
    };
    expect(run("(*LIMIT_HEAP=0)a", "a")).toBeNull();
    expect(deepest(2, 0)).toBe(5);
    expect(deepest(21, 1)).toBe(72);
    expect(deepest(30, 3)).toBe(85);
    expect(deepest(10, 70)).toBe(2);
    expect(deepest(161, 70)).toBe(64);
  });

  it("does not nest on the call stack", () => {
    expect(run("^(?:a|(b))*$", "ab".repeat(50_000))).toEqual([99_999, "b"]);
  });

  it("agrees with RegExp where both say the same", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "a*", "b+", "a?", "b*?", "c{1,2}", "\\b", "1");
    const branch = fc.array(atom, { maxLength: 4 }).map((atoms) => atoms.join(""));
    const pattern = fc
      .array(
        fc.oneof(
          branch,
          fc.tuple(branch, branch, fc.constantFrom("", "?", "*")).map(([x, y, q]) => `(?:a${x}|b${y})${q}`),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join(""));
    const subject = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", " "), maxLength: 10 });
    fc.assert(
      fc.property(pattern, subject, (source, text) => {
        const found = new RegExp(source).exec(text);
        expect(run(source, text)?.[0] ?? null).toBe(found && found.index + found[0].length - 1);
      }),
      { numRuns: 2000 },
    );
  });
});
