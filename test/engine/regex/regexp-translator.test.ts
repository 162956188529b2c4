import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";
import { translate, translateWords } from "../../../src/engine/regex/pcre2/translated.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";
import { pattern, subject } from "./patterns.js";

/** What the machine and the translation make of a subject; null where there is no translation. */
function both(pattern: string, subject: string): { machine: unknown; translated: unknown } | null {
  let program: ReturnType<typeof compileProgram>;
  try {
    program = compileProgram(pattern);
  } catch {
    return null;
  }
  const quick = translateWords(program) ?? translate(program);
  const translated = quick?.match(subject);
  if (!quick || translated === undefined) return null;
  const machine = new Machine(program);
  let found = null;
  if (search(program, machine, subject)) {
    const groups: string[] = [];
    for (let slot = 2; slot <= machine.highest * 2; slot += 2)
      groups.push(machine.captures[slot]! < 0 ? "" : subject.slice(machine.captures[slot], machine.captures[slot + 1]));
    found = { end: machine.captures[1]! - 1, groups };
  }
  expect(quick.test(subject)).toBe(translated !== null);
  return { machine: found, translated };
}

test("a translation finds the same match with the same groups as the matching machine", () => {
  let translated = 0;
  fc.assert(
    fc.property(pattern, subject, (source, text) => {
      const found = both(source, text);
      if (found === null) return;
      translated++;
      expect(found.translated).toEqual(found.machine);
    }),
    { numRuns: 20_000 },
  );
  expect(translated).toBeGreaterThan(4_000);
});

describe("what gives nothing back", () => {
  const sourceOf = (pattern: string) => [...compileProgram(pattern).translations()][0]!.source;

  test("needs no look ahead where nothing can fail behind it", () => {
    expect(sourceOf("ab*+")).not.toContain("(?=");
    expect(sourceOf("x(?:[^b]{1,3}+|bb)*+")).not.toContain("(?=");
    expect(sourceOf("x(?>(?:a++|b)*)")).not.toContain("(?=");
    expect(sourceOf("x(?>a|ab)")).not.toContain("(?=");
  });

  test("needs none either where it ends at what follows", () => {
    expect(sourceOf("(?:[ab]|c.)*+d")).not.toContain("(?=");
  });

  test("needs one where it could give back, and where more rounds must come", () => {
    expect(sourceOf("(?:a|b)*+a")).toContain("(?=");
    expect(sourceOf("(?:a++|b){3}")).toContain("(?=");
    expect(sourceOf("(?>a|ab)c")).toContain("(?=");
  });

  test.each([
    ["(?:a++|b){3}", "aaaa"],
    ["(?:a++|b){3}", "abaa"],
    ["(?:a++|b){2}", "aa"],
    ["(?:ab?)*+bc", "ababc"],
    // The first try of a lazy repeat is as final.
    ["(?:ab*?)++c", "abc"],
    ["(?:ab??)++\\z", "ab"],
    ["x(?:ab+?)*+c", "xabbc"],
    ["(?>a|ab)c", "abc"],
    ["(?:a{1,2}+|ab)*+b", "aaabab"],
    // What was written for a try that came to nothing must not count among the groups.
    ['"((?:[^"\\\\]{1,3}+|\\\\.)*+)"(?:(a++)(ab)?|(b*+)c)', '"abcdef\\\\x"aaab'],
    ['"((?:[^"\\\\]{1,3}+|\\\\.)*+)"(?:(a++)(ab)?|(b*+)c)', '"abcdef\\\\x"bbc'],
    ["((?>(?:a|ab)*+)b)(c++)(?>d|de)e", "aabcccdee"],
    ["(a)?+\\Z", ""],
    ["a(b){0}+c", "xac"],
    // These PCRE2 takes for apart from each other.
    ["\\S*\\h", "a\xe0 "],
    ["(?:\\S+|b)(?:a|\\h)", "b\xe0 "],
  ])("%s on %s", (pattern, text) => {
    const found = both(pattern, text)!;
    expect(found.translated).toEqual(found.machine);
  });
});

test("a text that every match begins with leaves few places to try: the subject may be longer", () => {
  const longest = (source: string) => [...compileProgram(source).translations()][0]!.longest;
  expect(longest("abcdefgh.*?x")).toBeGreaterThan(longest("[ab]bcdefgh.*?x"));
  // At every byte another may begin.
  expect(longest("aaaaaaaa.*?x")).toBe(longest("[ab]aaaaaaa.*?x"));
});

describe("what JavaScript means otherwise is left to the machine", () => {
  test.each([
    "(a|b)*",
    "(?:a*)*",
    "(a)?\\1",
    "a\\K",
    "(?R)?a",
    "()(?(1)a|b)",
    "(*SKIP)a",

    // PCRE2 takes the first repeat for possessive.
    "a?(?>b)?+a",
    "a?(?>|b+?)c",
    "(?:xa?)(?:b|c){0,2}+a",
    "(?<=(?>ab|cd)e)f",
    "(?<!(a)b)c",
    "\\X",
    "(?i:\\xe9(a)\\1)",
    // The first branch can be left out for no subject: a group of RegExp's is in it.
    "aa(?:(?:1|1)+a++a)|()",
    // PCRE2 takes an `a` for what every match starts with.
    "(?=(a|a){0})",
    // The `a` that every match starts with PCRE2 has seen ahead only, and looks for one more behind it.
    "(?=a)b?a",
    "(?i)(?=a)b*A",
    // V8's machine code misses matches of what is repeated and begins with a look ahead.
    "(?:(?=b)b)*Zc",
    "((?=b)b){1}Zc",
    "(?:x?(?=b)b)+Zc",
    "(?:(?>(?=b)b))?Zc",
    "(?:$b)?Zc",
  ])("%s", (source) => {
    expect([...compileProgram(source).translations()]).toEqual([]);
  });
});

describe("a look ahead in what is repeated", () => {
  const compiled = (pattern: string) => [compilePcre2(pattern, { ruledOut: 0, translated: 0 }), compilePcre2(pattern)];

  test.each([
    ["(?:(?=b)(?>b|bc)){1}Zc", "xbZc"],
    ["((?=b)b){1}Zc", "xbZc"],
    ["((?=b)b)?Zc", "bZc"],
    ["(?:(?=b)b)+Zc", "xbbZc"],
    ["(?:(?=(?:b|c))b+)*Zcb", "bbZcb"],
    ["(?:a(?=b)b)+Zc", "xabZc"],
  ])("%s finds the same again and again", (pattern, subject) => {
    const [quick, machine] = compiled(pattern);
    // RegExp is compiled to machine code at its second use.
    for (let time = 0; time < 6; time++) {
      expect(quick!.match(subject)).toEqual(machine!.match(subject));
      expect(quick!.test(subject)).toBe(true);
    }
  });

  test("is translated where a byte comes before it", () => {
    expect([...compileProgram("(?:a(?=b)b)*Zc").translations()]).toHaveLength(1);
    expect([...compileProgram("(?:(?:a|bc)(?=b|$))*Zc").translations()]).toHaveLength(1);
    expect([...compileProgram("(?:(?:a|b?)(?=b)b)*Zc").translations()]).toHaveLength(0);
    // What is looked at only is not before it.
    expect([...compileProgram("(?:x?(?<=a(?=.)Z)b)*Zc").translations()]).toHaveLength(0);
    expect([...compileProgram("(?:(?!a(?=b))b)*Zc").translations()]).toHaveLength(0);
    expect([...compileProgram("(?<=(?:a(?=.)){2})Zc").translations()]).toHaveLength(0);
    expect([...compileProgram("(?:x(?!a(?=b))b)*Zc").translations()]).toHaveLength(1);
    // Without a repeat it is no matter.
    expect([...compileProgram("(?:(?=b)bc|x)Zc").translations()]).toHaveLength(1);
  });

  test("is left out of wider patterns, which must not miss anything", () => {
    const cannotMatch = compileProgram("(?:(?=b)b)+Zc").wider()!;
    for (let time = 0; time < 6; time++) expect(cannotMatch("xbbZc")).toBe(false);
    expect(cannotMatch("xbb")).toBe(true);
    expect(compileProgram("(?:(?=b)bc|xx){1,2}Z").starts()!.source).not.toContain("(?=");
    expect(compileProgram("(?:a(?=b)bc|xx){1,2}Z").starts()!.source).toContain("(?=");
  });
});

test("a repeat that PCRE2 takes for apart from what follows is left to the machine where it is not", () => {
  for (const [source, subject] of [
    ["\\S*\\h", "\xa0"],
    ["\\h*\\S", "\xa0"],
    ["x\\S+?(?:y|\\v)", "xa\x85"],
  ] as const) {
    const translated = translate(compileProgram(source))!;
    expect(translated.match(subject)).toBeUndefined();
    expect(translated.match("x")).not.toBeUndefined();
  }
});

describe("how long a subject may be", () => {
  test.each([
    ["^abc[^,]*,", 65_536, 65_536],
    ["a.*b", 5_000, 40_000],
    [".*?a.*?b.*?c.*?d", 0, 200],
    ["(?:a+)+b", 0, 16],
    ["(?:\\w+ ?)+$", 0, 64],
  ])("%s", (source, least, most) => {
    const longest = [...compileProgram(source).translations()][0]?.longest ?? 0;
    expect(longest).toBeGreaterThanOrEqual(least);
    expect(longest).toBeLessThanOrEqual(most);
  });
});

test("a branch that can match where two others can, which cannot both, counts with the two", () => {
  const longest = (source: string) => [...compileProgram(source).translations()][0]!.longest;
  const chain = longest("^(?:a[^x]*|[ab][^x]*|b[^x]*)[^y]*y");
  expect(chain).toBe(longest("^(?:a[^x]*|a[^x]*|a[^x]*)[^y]*y"));
  expect(chain).toBeLessThan(longest("^(?:a[^x]*|a[^x]*|b[^x]*)[^y]*y"));
});

describe("where what stands behind a repeat is rare", () => {
  const program = compileProgram("^pid=\\d+ user=.{0,63}? db=.{0,63}? host=[^ ]* app=.{0,63} code=(\\w{5}) ");
  const line = `pid=1 user=${"u".repeat(20)} db=${"d".repeat(20)} host=h app=${"a".repeat(20)} code=00000 ${"x".repeat(20_000)}`;

  test("a long subject is for the translation too, and the machine does not give up on it", () => {
    const [exact, rare] = [...program.translations()];
    expect(exact!.longest).toBeLessThan(1_000);
    expect(rare!.longest).toBeGreaterThan(line.length);
    expect(translate(program)!.match(line)).toEqual({ end: line.indexOf(" xx"), groups: ["00000"] });
    const machine = new Machine(program);
    expect(search(program, machine, line)).toBe(true);
    expect(machine.giveUps).toBe(0);
  });

  test("but not where it comes again and again", () => {
    expect(translate(program)!.match(line.replace(" db=", " db= db= db="))).toBeUndefined();
    expect(translate(program)!.test(line.replace(" db=", " db= db= db="))).toBeUndefined();
  });
});
