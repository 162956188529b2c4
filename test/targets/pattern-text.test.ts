import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileBytes } from "../../src/engine/regex/compile.js";
import { osmatch, osregex, pcre2 } from "../../src/index.js";
import { patternText } from "../../src/targets/wazuh/pattern-text.js";

describe("patterns as the manager gets them", () => {
  test("names are taken out, < and & become escapes", () => {
    expect(patternText(pcre2("^(?<a>x)<b>&\\<")).text).toBe("^(x)\\x3cb>\\x26\\x3c");
  });

  test.each([
    ["\\\\<x", "\\\\\\x3cx"],
    ["\\Qa<b.\\E+", "a\\x3cb\\.+"],
    ["\\Qa.b\\E<", "\\Qa.b\\E\\x3c"],
    ["[\\\\<&]", "[\\\\\\x3c\\x26]"],
    ["[\\Q<]\\E]", "[\\x3c\\]]"],
    ["(?<a>x)\\k<a>(?P=a)", "(x)\\g{1}\\g{1}"],
  ])("%s becomes %s", (source, text) => expect(patternText(pcre2(source)).text).toBe(text));

  test("escapes decide as the pattern does", () => {
    const piece = fc.constantFrom("<", "&", "\\", "\\\\", "\\<", "\\Q", "\\E", "a", "[", "]", "+", ".");
    const subject = fc.stringMatching(/^[<&\\aQE+.]{0,6}$/);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), subject, (pieces, text) => {
        const source = pieces.join("");
        let original: ReturnType<typeof compileBytes>;
        try {
          original = compileBytes("pcre2", source);
        } catch {
          return;
        }
        expect(compileBytes("pcre2", patternText(pcre2(source)).text).test(text)).toBe(original.test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("text that the manager's API would change is led by an empty group", () => {
    expect(patternText(pcre2("@'x'")).text).toBe("(?:)@'x'");
    expect(patternText(pcre2("@x")).text).toBe("@x");
  });

  test("what cannot be said is an error with a place", () => {
    expect(() => patternText(pcre2("(?<=x)y"))).toThrow(/needs "<"/);
    expect(() => patternText(osregex("\\w+"))).toThrow(/osregex/);
  });

  test("osmatch in PCRE2 decides as osmatch does", () => {
    const text = fc.stringMatching(/^[aB.^$|!()x-]{0,6}$/);
    fc.assert(
      fc.property(text, fc.stringMatching(/^[abABx.^$!()-]{0,6}$/), (source, subject) => {
        const original = compileBytes("osmatch", source);
        const { text: emitted, negate } = patternText(osmatch(source));
        expect(compileBytes("pcre2", emitted).test(subject) !== negate).toBe(original.test(subject));
      }),
      { numRuns: 3000 },
    );
  });
});
