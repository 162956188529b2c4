import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decoder, DecoderNode, Ruleset } from "../../../src/engine/model.js";
import { type Expression, NO_NEEDS } from "../../../src/engine/regex/expression.js";
import { createSession } from "../../../src/engine.js";
import { rulesetOf } from "../rulesets.js";

/** Most rule out most logs, by their beginning or by the texts that they need. */
const CAPTURING = ["(ab)c", "^xyz (ab)", "(\\w)yz", "^(\\w)", "(\\d)"];
const PLAIN = ["abc", "^abc", "xyz", "^xyz", "end", "^end", "c"];
const LOGS = ["abc", "xyz abc", "xyz", "end", "7", " "];
const PROGRAMS = ["abc", "xyz7", "end"];

/** A pcre2 without a group takes what is left of others' captures, which an osregex empties. */
const pattern = fc.oneof(
  fc.record({ type: fc.constant("osregex"), text: fc.constantFrom(...PLAIN, ...CAPTURING) }),
  fc.record({ type: fc.constant("pcre2"), text: fc.constantFrom(...CAPTURING) }),
  { arbitrary: fc.record({ type: fc.constant("pcre2"), text: fc.constantFrom(...PLAIN) }), weight: 3 },
);
const order = fc.constantFrom("id", "url, one", "one, two");
type Pattern = typeof pattern extends fc.Arbitrary<infer Kind> ? Kind : never;

function element(name: string, { type, text }: Pattern, offset = ""): string {
  return `<${name} type="${type}"${offset && ` offset="${offset}"`}>${text}</${name}>`;
}

function regex(offsets: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(pattern, fc.constantFrom("", ...offsets), order)
    .map(([regex, offset, order]) => `${element("regex", regex, offset)}<order>${order}</order>`);
}

/** Where a root's prematch ends is where what is `after_parent` begins. */
const rootParts = fc.oneof(
  pattern.map((each) => element("program_name", each)),
  { arbitrary: pattern.map((each) => element("prematch", each)), weight: 4 },
  fc.tuple(pattern, pattern).map(([one, other]) => element("program_name", one) + element("prematch", other)),
);
const prematch = fc
  .tuple(pattern, fc.constantFrom("", "after_parent"))
  .map(([each, offset]) => element("prematch", each, offset));

/** One child, and those chained to it by its name. */
const child = fc.oneof(
  fc.tuple(prematch, fc.constant("")).map((parts) => [parts.join("")]),
  fc.tuple(prematch, regex(["after_parent", "after_prematch"])).map((parts) => [parts.join("")]),
  fc
    .tuple(
      fc.option(prematch, { nil: "" }),
      regex(["after_parent"]),
      fc.array(regex(["after_parent", "after_regex"]), { minLength: 1, maxLength: 3 }),
    )
    .map(([prematch, first, others]) => [prematch + first, ...others]),
);

const decoders = fc
  .array(
    fc.oneof(
      fc.tuple(rootParts, fc.option(regex(["after_prematch"]), { nil: "" })).map((parts) => ({
        root: parts.join(""),
        children: [] as string[][],
      })),
      fc.record({ root: rootParts, children: fc.array(child, { minLength: 1, maxLength: 3 }) }),
    ),
    { minLength: 2, maxLength: 6 },
  )
  .map((all) => all.map(({ root, children }, at) => writeTree(`root${at}`, root, children)).join(""));

function writeTree(name: string, root: string, children: readonly (readonly string[])[]): string {
  const chains = children.map((chain, at) =>
    chain.map((parts) => `<decoder name="${name}-${at}"><parent>${name}</parent>${parts}</decoder>`).join(""),
  );
  return `<decoder name="${name}">${root}</decoder>${chains.join("")}`;
}

const log = fc
  .tuple(
    fc.option(fc.constantFrom(...PROGRAMS), { nil: null, freq: 3 }),
    fc.array(fc.constantFrom(...LOGS), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
  )
  .map(([program, text]) => (program === null ? text : `Nov 22 10:00:00 h ${program}: ${text}`));

/** The same ruleset, of whose patterns nothing can be told: every decoder is tried. */
function withoutNeeds(ruleset: Ruleset): Ruleset {
  const bare = (expression: Expression | null): Expression | null =>
    expression && {
      dialect: expression.dialect,
      pattern: expression.pattern,
      needs: NO_NEEDS,
      test: (subject) => expression.test(subject),
      match: (subject) => expression.match(subject),
    };
  const node = ({ decoder, children }: DecoderNode): DecoderNode => ({
    decoder: { ...decoder, prematch: bare(decoder.prematch), regex: bare(decoder.regex) } satisfies Decoder,
    children: children.map(node),
  });
  return {
    ...ruleset,
    decodersWithProgramName: ruleset.decodersWithProgramName.map(node),
    decodersWithoutProgramName: ruleset.decodersWithoutProgramName.map(node),
  };
}

test("decoders that are ruled out beforehand leave what they would have left, had they been tried", () => {
  let filled = 0;
  fc.assert(
    fc.property(decoders, fc.array(log, { minLength: 2, maxLength: 12 }), (text, logs) => {
      const ruleset = rulesetOf({ decoders: text });
      const [quick, thorough] = [createSession(ruleset), createSession(withoutNeeds(ruleset))];
      for (const event of logs) {
        const { decoder, fields } = quick.process({ event });
        const expected = thorough.process({ event });
        expect({ decoder, fields }).toEqual({ decoder: expected.decoder, fields: expected.fields });
        if (Object.keys(fields ?? {}).length > 0) filled++;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(filled).toBeGreaterThan(700);
});
