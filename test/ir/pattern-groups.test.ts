import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captureGroups, groupOrder } from "../../src/ir/pattern-groups.js";

describe("capture groups of a pattern", () => {
  test.each([
    ["(?<a>x)(y)(?:z)(?'b'w)(?P<c>v)", ["a", null, "b", "c"], "(x)(y)(?:z)(w)(v)"],
    ["(?=(?<a>x))(?!y)(?>z)(?#(no))\\((?i)", ["a"], "(?=(x))(?!y)(?>z)(?#(no))\\((?i)"],
    ["[(?<a>](?<b>x)[]()](?<c>y)[[:alpha:](]", ["b", "c"], "[(?<a>](x)[]()](y)[[:alpha:](]"],
    ["\\Q(?<no>\\E(?<a>x)", ["a"], "\\Q(?<no>\\E(x)"],
    ["(?|q(?<a>x)|(?<a>y)(?<b>z))(?<c>w)", ["a", "b", "c"], "(?|q(x)|(y)(z))(w)"],
    ["(?<a>x)\\k<a>\\k'a'\\k{a}\\g{a}(?P=a)1", ["a"], "(x)\\g{1}\\g{1}\\g{1}\\g{1}\\g{1}1"],
    ["(?&b)\\g<b>(?P>b)(?<a>x)(?<b>y)", ["a", "b"], "(?2)(?2)(?2)(x)(y)"],
    ["(?<a>x)?(?(<a>)y|z)(?(1)p|q)(?<b>w)", ["a", "b"], "(x)?(?(1)y|z)(?(1)p|q)(w)"],
    ["\\\\k<a>(?<a>x)\\k<none>", ["a"], "\\\\k<a>(x)\\k<none>"],
  ])("%s", (source, order, unnamed) => {
    expect(groupOrder(source)).toEqual(order);
    expect(captureGroups(source).unnamed).toBe(unnamed);
  });

  test("taking names out changes nothing that matches", () => {
    const piece = fc.constantFrom("a", "(?<n%>b+)", "(?:c)", "(d)", "[ef(]", "\\(", "(?=g)?", "h*");
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.stringMatching(/^[a-h(]{0,12}$/),
        (pieces, subject) => {
          const source = pieces.map((each, index) => each.replace("%", String(index))).join("");
          const named = new RegExp(source).exec(subject);
          const bare = new RegExp(captureGroups(source).unnamed).exec(subject);
          expect(bare && [...bare]).toEqual(named && [...named]);
        },
      ),
    );
  });
});
