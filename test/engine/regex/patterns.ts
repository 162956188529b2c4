/** Patterns of PCRE2's syntax, not all of them valid, and subjects of the bytes that they name. */
import fc from "fast-check";

const atom = fc.constantFrom(
  ..."ab1 .".split(""),
  ...[
    "\\w",
    "\\D",
    "\\s",
    "\\S",
    "[ab]",
    "[^a]",
    "[a-z\\xe9]",
    "[^\\n]",
    "[[:alpha:]-]",
    "\\xe9",
    "\\/",
    "\\t",
    "/\\*.*?\\*/",
  ],
  ...["\\b", "\\B", "^", "$", "\\A", "\\z", "\\Z", "(?m:^)", "(?m:$)", "\\1", "(?i)", "(?s)", "(?-i)"],
);
const count = fc.constantFrom(
  ...["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?", "??", "++", "*+", "?+", "{1,3}+"],
);
const opening = fc.constantFrom("(", "(?:", "(?>", "(?=", "(?!", "(?i:", "(?<=", "(?<!", "(?<name>", "(?|");
const { sequence } = fc.letrec<{ sequence: string; item: string }>((tie) => ({
  sequence: fc.array(tie("item"), { maxLength: 5 }).map((items) => items.join("")),
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(atom, count).map((pair) => pair.join("")),
    fc
      .tuple(opening, tie("sequence"), fc.constantFrom("", "", "|", "|a", "|b\\w"), count)
      .map(([open, inside, more, counted]) => `${open}${inside}${more})${counted}`),
  ),
}));
export const subject = fc.string({ unit: fc.constantFrom(..."abAB1 -.*/\n\t\xe9\xc9"), maxLength: 16 });

export { sequence as pattern };
