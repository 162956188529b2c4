import { describe, expect, expectTypeOf, test } from "vitest";
import type { RuleSpec } from "../../src/authoring/rule.js";
import { branch, decoder, type FieldsOf, type NamedGroups, osmatch, pcre2, rule } from "../../src/index.js";

type Known = FieldsOf<typeof sample>;

const sample = decoder({
  name: "sample",
  description: "sample",
  prefix: "app.",
  entries: [{ prematch: pcre2("^app ") }],
  branches: [
    branch({ name: "sample-user", prematch: pcre2("^app u"), extract: [pcre2("user=(?<srcuser>\\S+) (?<verb>\\w+)")] }),
    branch({ name: "sample-rest", extract: [{ pattern: pcre2("(\\w+) (\\w+)"), order: ["first", "second"] }] }),
  ],
});

describe("field names are inferred from what a decoder captures", () => {
  test("named groups, with look-behinds left out", () => {
    expectTypeOf<NamedGroups<"(?<a>x)(?<=y)(?<!z)(?<b>w)">>().toEqualTypeOf<"a" | "b">();
    expectTypeOf<NamedGroups<"(x)(?:y)">>().toEqualTypeOf<never>();
    expectTypeOf<NamedGroups<string>>().toEqualTypeOf<string>();
  });

  test("all branches, static names bare and others with the prefix, names of an order too", () => {
    expectTypeOf<FieldsOf<typeof sample>>().toEqualTypeOf<"srcuser" | "app.verb" | "app.first" | "app.second">();
  });

  test("a rule that names a field none of its decoders sets does not compile", () => {
    const known = rule({
      key: "known",
      level: 3,
      on: sample,
      where: { "app.verb": pcre2("^drop$"), srcuser: osmatch("root") },
      description: "$(srcuser) did $(app.verb) on $(hostname)",
    });
    expectTypeOf<FieldsOf<typeof known>>().toEqualTypeOf<FieldsOf<typeof sample>>();

    // @ts-expect-error no group is called verbs
    rule({ key: "unknown", level: 3, on: sample, where: { "app.verbs": pcre2("x") }, description: "unknown" });
    // @ts-expect-error the prefix belongs to the name
    rule({ key: "bare", level: 3, on: sample, where: { verb: pcre2("x") }, description: "bare" });
    // @ts-expect-error the rule below it is known by its decoder's fields too
    rule({ key: "child", level: 3, on: known, where: { "app.third": pcre2("x") }, description: "child" });
    // @ts-expect-error a description names a field too
    rule({ key: "described", level: 3, on: [known], description: "by $(app.who)" });
    // @ts-expect-error and so does a correlation
    const counted = { of: known, times: 2, seconds: 9, same: ["app.x"] } satisfies RuleSpec<
      Known,
      typeof known,
      "c"
    >["correlate"];
    expect(counted.times).toBe(2);
    expect(known.conditions.map(({ field }) => field)).toEqual(["app.verb", "srcuser"]);
  });
});

describe("definitions", () => {
  test("are frozen plain data that knows where it was written", () => {
    const pattern = pcre2("^x$");
    expect(Object.isFrozen(pattern) && Object.isFrozen(sample) && Object.isFrozen(sample.branches)).toBe(true);
    expect(JSON.parse(JSON.stringify(sample))).toEqual(JSON.parse(JSON.stringify(sample)));
    expect(pattern.where.file).toMatch(/field-types\.test\.ts$/);
  });
});
