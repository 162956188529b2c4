import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JoinedFields } from "../../../src/engine/decoders/joined-fields.js";
import { noNames } from "../../../src/engine/field-names.js";
import type { Ruleset } from "../../../src/engine/model.js";
import { createSession } from "../../../src/engine.js";
import { rulesetOf } from "../rulesets.js";

/** After so many events of one kind their regexes are joined, if they can be. */
const OFTEN = 1_100;

let fills = 0;
beforeEach(() => {
  fills = 0;
  const { fill } = JoinedFields.prototype;
  vi.spyOn(JoinedFields.prototype, "fill").mockImplementation(function (this: JoinedFields, ...asked) {
    const filled = fill.apply(this, asked);
    if (filled !== null) fills++;
    return filled;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Link {
  readonly regex: string;
  readonly order: string;
  readonly type?: string;
  readonly offset?: string;
}

function chainOf(links: readonly Link[], prematch = "^APP"): Ruleset {
  const children = links.map(
    ({ regex, order, type = "pcre2", offset }) =>
      `<decoder name="c"><parent>app</parent>${offset === "after_prematch" ? '<prematch type="pcre2">A</prematch>' : ""}<regex type="${type}"${offset && offset !== "none" ? ` offset="${offset}"` : ""}>${regex}</regex><order>${order}</order></decoder>`,
  );
  return rulesetOf({
    decoders: `<decoder name="app"><prematch type="pcre2">${prematch}</prematch></decoder>${children.join("")}`,
  });
}

/** Decides each log often, and expects the first decision of it at last; returns how often regexes were asked as one. */
function expectSteady(ruleset: Ruleset, logs: readonly string[]): number {
  const session = createSession(ruleset);
  const decide = () => logs.map((event) => session.process({ event, at: 1 }));
  decide();
  const before = decide();
  for (let round = 2; round < OFTEN; round++) for (const event of logs) session.run(event, "stdin", 1, true);
  const filled = fills;
  expect(decide()).toEqual(before);
  return fills - filled;
}

const WORD: Link = { regex: "word=(\\w+)", order: "id" };
const PAIR: Link = { regex: "(\\w)-(\\w)?", order: "left, right" };

function behind(link: Link): Link {
  return { ...link, offset: "after_regex" };
}

describe("regexes that look at the whole log", () => {
  it("are asked as one when they are met often, with the same fields", () => {
    const ruleset = chainOf([
      WORD,
      PAIR,
      { regex: "from (?:(\\d+)|(\\w+))", order: "srcip, user.name" },
      { regex: "(?|in (\\d)|\\bto (\\d) (x)?)", order: "one, two" },
    ]);
    const logs = [
      "APP word=abc a-b from 12 in 5",
      "APP a- from me to 6",
      "APP word=abc",
      "APP from 1 to 7 x",
      "APP nothing",
    ];
    expect(expectSteady(ruleset, logs)).toBe(logs.length);
  });

  it("give what is captured, not what there is an order for, and an empty field in front of one that is set", () => {
    const ruleset = chainOf([
      { regex: "(a)?(b)?(c)", order: "one, two" },
      { regex: "(x)?(y)", order: "three, four, five" },
    ]);
    expect(expectSteady(ruleset, ["APP c y", "APP abc xy", "APP ac", "APP y"])).toBe(4);
    const { fields } = createSession(ruleset).process({ event: "APP c y" });
    expect(fields).toEqual({ one: "", two: "", three: "", four: "y" });
  });

  it("are asked one by one about a log that is too long to be sure of PCRE2's limit", () => {
    const ruleset = chainOf([WORD, { regex: "(a.*b.*c.*)x", order: "all" }]);
    const long = `APP word=abc a b c ${"-".repeat(200)}x`;
    expect(expectSteady(ruleset, ["APP word=abc a b c x"])).toBe(1);
    expect(expectSteady(ruleset, [long])).toBe(0);
  });

  it("are asked one by one where captures are left for the first", () => {
    const ruleset = chainOf([{ regex: "word", order: "id" }, PAIR], "^(APP)");
    expect(createSession(ruleset).process({ event: "APP word a-b" }).fields).toMatchObject({ id: "APP", left: "a" });
    expect(expectSteady(ruleset, ["APP word a-b"])).toBe(0);
  });
});

describe("regexes that go on behind the one before", () => {
  /** Long enough behind everything for each to be translated when they are joined. */
  const steady = (links: readonly Link[], ...logs: string[]) =>
    expectSteady(
      chainOf(links),
      logs.map((log) => `${log} ${"-".repeat(20)}`),
    );
  const fieldsOf = (links: readonly Link[], event: string) => createSession(chainOf(links)).process({ event }).fields;

  it("are asked as one when they are met often, with the same fields", () => {
    const links = [
      WORD,
      behind(PAIR),
      behind({ regex: "to (?=(\\w))", order: "to" }),
      behind({ ...WORD, order: "url" }),
    ];
    const logs = [
      "APP a-b word=abc a-c to x word=d",
      "APP word=abc word=d a-b to x",
      "APP word=abc to y a-b",
      "APP word=abc to z word=a-b",
      "APP word=abc word=d",
    ];
    expect(steady(links, ...logs)).toBe(logs.length);
    expect(fieldsOf(links, logs[0]!)).toEqual({ id: "abc", url: "d", left: "a", right: "c", to: "x" });
    expect(fieldsOf(links, logs[1]!)).toEqual({ id: "abc", left: "a", right: "b", to: "x" });
  });

  it("are so where the first asks where it is", () => {
    expect(steady([{ regex: "^APP (\\w+)", order: "id" }, behind(PAIR)], "APP abc a-b", "APP a-b c-d")).toBe(2);
  });

  it("begin behind the prematch where the first is ruled out, or goes on behind it too", () => {
    const links = [WORD, behind({ regex: "A(P*)", order: "one" }), behind({ regex: "(x)", order: "two" })];
    expect(steady(links, "APP AP x", "APP x", "APP xAPP")).toBe(3);
    expect(fieldsOf(links, "APP x AP")).toEqual({ one: "P" });
    const first = { ...links[1]!, offset: "after_prematch" };
    expect(steady([first, links[2]!], "APP AP x", "APP x", "APP xAPP")).toBe(3);
    expect(fieldsOf([first, links[2]!], "APP x AP x")).toEqual({ one: "P", two: "x" });
  });

  it("are asked one by one where the first does not match, and so does not tell where to go on", () => {
    const links = [WORD, behind({ regex: "A(P*)", order: "one" })];
    expect(fieldsOf(links, "APP word= AP")).toEqual({ one: "P" });
    expect(steady(links, "APP word= AP", "APP word=a AP")).toBe(1);
  });
});

describe("a chain is asked one by one", () => {
  it.each([
    ["with an osregex in it", [WORD, { ...PAIR, type: "osregex", regex: "(\\w)-(\\w)" }]],
    ["where one goes on behind the one before, and another does not", [WORD, behind(PAIR), WORD]],
    [
      "where the first goes on behind the prematch, and the others do not",
      [{ ...WORD, offset: "after_prematch" }, PAIR],
    ],
    ["where one begins behind the parent", [{ ...WORD, offset: "after_parent" }, behind(PAIR)]],
    ["where one that goes on asks where it is", [WORD, behind({ ...PAIR, regex: "^ (\\w)-(\\w)" })]],
    [
      "where the first goes on behind the prematch, and asks where it is",
      [{ regex: "^(P)", order: "id", offset: "after_prematch" }, behind(PAIR)],
    ],
    ["where one that goes on asks what stands in front of it", [WORD, behind({ ...PAIR, regex: "\\b(\\w)-(\\w)" })]],
    ["with a pattern that has no translation", [WORD, { regex: "(a(?R)?b)", order: "all" }]],
  ])("%s", (_name, links) => {
    expect(expectSteady(chainOf(links), ["APP word=abc a-b aabb"])).toBe(0);
  });

  it("where it may give more fields than an event can have", () => {
    const ruleset = chainOf([WORD, PAIR]);
    expect(expectSteady({ ...ruleset, orderSize: 3 }, ["APP word=abc a-b"])).toBe(1);
    expect(expectSteady({ ...ruleset, orderSize: 2 }, ["APP word=abc a-b"])).toBe(0);
  });
});

it("more regexes than a set has bits for are asked one by one", () => {
  const links = (count: number) =>
    Array.from({ length: count }, (_, at): Link => ({ regex: `key${at}=(\\w)`, order: `f${at}` }));
  const log = `APP ${Array.from({ length: 33 }, (_, at) => `key${at}=${at % 10}`).join(" ")}`;
  expect(expectSteady(chainOf(links(30)), [log])).toBe(1);
  expect(expectSteady(chainOf(links(33)), [log, "APP key0=a", "APP key32=b", "APP key1=c"])).toBe(0);
});

it("so are regexes whose groups can be set in too many ways", () => {
  const regex = "(a)(b)?(c)?(d)?(e)?(f)?(g)?(h)?";
  const links = (count: number) => Array.from({ length: count }, (): Link => ({ regex, order: "one, two" }));
  expect(expectSteady(chainOf(links(9)), ["APP abc"])).toBe(1);
  expect(expectSteady(chainOf(links(10)), ["APP abc"])).toBe(0);
});

it("of many different sets some are never joined", () => {
  const words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];
  const ruleset = chainOf(words.map((word) => ({ regex: `${word}=(\\w)`, order: word })));
  const logs = Array.from({ length: 2 ** words.length }, (_, set) =>
    ["APP", ...words.map((word, at) => `${(set & (1 << at)) === 0 ? "none" : word}=x`)].join(" "),
  );
  expect(expectSteady(ruleset, logs)).toBe(32);
});

it("regexes that have no translation yet are joined later", () => {
  const session = createSession(chainOf([{ regex: "x(\\w)", order: "one" }]));
  const events = (count: number) => {
    for (let at = 0; at < count; at++) session.run("APP xa", "stdin", 1, true);
    return fills;
  };
  // Six bytes a time: the matching machine has searched too little for the first thousand.
  expect(events(1_300)).toBe(0);
  expect(events(1_300)).toBeGreaterThan(500);
});

it("names that are forgotten are not kept by what was joined", () => {
  const ruleset = chainOf([WORD, PAIR]);
  const session = createSession(ruleset);
  const decide = () => session.process({ event: "APP word=abc a-b", at: 1 });
  const first = decide();
  for (let at = 0; at < OFTEN; at++) session.run("APP word=abc a-b", "stdin", 1, true);
  const none = noNames();
  const event = () => session.run("APP word=abc a-b", "stdin", 1, true)!.event;
  const before = event().names;
  for (let name = 0; noNames() === none; name++) none.with(`name${name}`);
  expect(decide()).toEqual(first);
  expect(event().names).not.toBe(before);
  expect(event().names).toBe(event().names);
});

const link = fc.record({
  regex: fc.constantFrom(
    ...["(a)(b)?", "(?:(a)|(b))c", "(?|(a)b|(b)c)(c)?", "x(.*)", "(\\w)\\1", "^APP (.)", "(c)$", "ab", "(?=(b))b(c)?"],
  ),
  order: fc.constantFrom("id", "one", "one, two", "url, one, srcuser", "one, one"),
});

/** Behind what is looked for, so that each is translated when they are joined. */
const REST = ` ${"-".repeat(12)}`;

const offset = (...offsets: string[]) => fc.constantFrom(...offsets);
const offsets = fc.oneof(
  fc.constant({ first: "none", others: "none" }),
  fc.record({ first: offset("none", "after_prematch"), others: fc.constant("after_regex") }),
);

it("whatever is chained, an event has the same fields the first time and the thousandth", () => {
  let joined = 0;
  fc.assert(
    fc.property(
      fc.array(link, { minLength: 1, maxLength: 4 }),
      offsets,
      fc.array(
        fc.string({ unit: fc.constantFrom(..."abcx "), maxLength: 8 }).map((text) => `APP ${text}${REST}`),
        { minLength: 1, maxLength: 4 },
      ),
      (links, { first, others }, logs) => {
        const chain = links.map((each, at) => ({ ...each, offset: at === 0 ? first : others }));
        joined += expectSteady(chainOf(chain), logs);
      },
    ),
    { numRuns: 120 },
  );
  expect(joined).toBeGreaterThan(100);
});
