import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../../src/engine/bytes.js";
import type { Ruleset } from "../../../src/engine/model.js";
import { Replica } from "../../../src/engine/replicas/replica.js";
import { createSession } from "../../../src/engine/session.js";
import { EventClock } from "../../../src/replay/event-time.js";
import { readGenerated } from "../../../src/replay/generated.js";
import { Page } from "../../../src/replay/page.js";
import { printerFor } from "../../../src/replay/printer.js";
import { loadRuleset, type RulesetInput } from "../../../src/ruleset/load.js";
import { decodeGolden } from "../../golden/golden-file.js";
import { ownRuleset, stockRuleset } from "../../golden/stock.js";
import { rulesetOf } from "../rulesets.js";

interface Event {
  readonly message: string;
  readonly location: string;
  readonly time: number;
}

const PRINTER = printerFor("decisions", "manager")!;

/** What one session says of the events, one after the other. */
function oneSession(ruleset: Ruleset, events: readonly Event[]): string[] {
  const session = createSession(ruleset);
  return events.map(({ message, location, time }) => PRINTER.print(session.run(message, location, time))!);
}

/**
 * The same of copies that take turns: as many batches are guessed at in advance as there are copies, of each as much as
 * `parts` say before its turn comes.
 */
function copies(
  ruleset: Ruleset,
  events: readonly Event[],
  count: number,
  sizes: readonly number[],
  parts: readonly number[] = [1],
): string[] {
  const batches: Event[][] = [];
  let from = 0;
  for (let each = 0; from < events.length; each++) {
    const location = events[from]!.location;
    let to = from + 1;
    while (to < events.length && to < from + sizes[each % sizes.length]! && events[to]!.location === location) to++;
    batches.push(events.slice(from, to));
    from = to;
  }
  const replicas = Array.from({ length: count }, () => new Replica(ruleset, events[0]!.time));
  const guess = (index: number) => {
    const replica = replicas[index % count]!;
    const batch = batches[index] ?? [];
    const page = new Page(PRINTER);
    const unsettled = batch
      .slice(0, Math.ceil(batch.length * parts[index % parts.length]!))
      .map(({ message, location, time }) => {
        const event = replica.guess(message, location, time);
        // Printed ahead: nothing that is decided later must show.
        page.guess(event.guessed);
        return event.unsettled;
      });
    return { page, unsettled };
  };
  const guessed = Array.from({ length: count }, (_, index) => guess(index));
  return batches.flatMap((batch, index) => {
    const { location } = batch[0]!;
    const replica = replicas[index % count]!;
    const { page, unsettled } = guessed.shift()!;
    for (const event of unsettled) page.settle(replica.settle(event, location));
    for (const { message, time } of batch.slice(unsettled.length)) page.add(replica.decide(message, location, time));
    const decisions = Buffer.concat(page.take().pieces).toString().trimEnd().split("\n");
    const effects = structuredClone(replica.takeEffects());
    guessed.push(guess(index + count));
    for (const other of replicas) if (other !== replica) other.apply(effects, location);
    return decisions;
  });
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const count = fc.integer({ min: 1, max: 3 });
const parts = fc.array(fc.constantFrom(0, 0.3, 0.7, 1), { minLength: 1, maxLength: 5 });

function agree(ruleset: Ruleset, events: readonly Event[], runs: number): void {
  if (events.length === 0) return;
  const expected = oneSession(ruleset, events);
  fc.assert(
    fc.property(count, sizes, parts, (copyCount, batchSizes, partsAhead) => {
      expect(copies(ruleset, events, copyCount, batchSizes, partsAhead)).toEqual(expected);
    }),
    { numRuns: runs },
  );
}

const RULES = `
<group name="t,">
  <rule id="1" level="0" noalert="1"><description>root</description></rule>
  <rule id="101" level="0"><decoded_as>t</decoded_as><description>all</description></rule>
  <rule id="102" level="3"><if_sid>101</if_sid><action>a</action><description>a</description></rule>
  <rule id="103" level="4" ignore="20"><if_sid>101</if_sid><action>b</action><description>b</description><group>g,</group></rule>
  <rule id="104" level="5"><if_sid>101</if_sid><action>c</action><description>c</description><group>g,</group></rule>
  <rule id="105" level="6"><if_sid>101</if_sid><action>d</action><check_diff /><description>d</description></rule>
  <rule id="106" level="7"><if_sid>101</if_sid><action>e</action><if_fts /><description>e</description></rule>
  <rule id="107" level="8" frequency="2" timeframe="30"><if_matched_sid>102</if_matched_sid><same_srcip /><description>7</description></rule>
  <rule id="108" level="9" frequency="3" timeframe="60"><if_matched_group>g</if_matched_group><different_srcuser /><description>8</description></rule>
  <rule id="109" level="10" frequency="2" timeframe="100"><if_matched_sid>107</if_matched_sid><same_field>x.y</same_field><description>9</description></rule>
  <rule id="110" level="11" frequency="4" timeframe="30"><if_sid>101</if_sid><if_matched_regex>x=1</if_matched_regex><global_frequency /><description>10</description></rule>
  <rule id="111" level="12"><if_sid>108</if_sid><if_fts /><description>11</description></rule>
  <rule id="112" level="13"><if_sid>107</if_sid><check_diff /><description>12</description></rule>
  <rule id="113" level="5" noalert="1" frequency="2" timeframe="30"><if_matched_sid>102</if_matched_sid><same_srcuser /><description>13</description></rule>
  <rule id="114" level="3"><match>other</match><description>14</description></rule>
</group>`;
const DECODERS = `
<decoder name="t"><prematch type="pcre2">^T</prematch><regex type="pcre2">x=(\\S) a=(\\S+) i=(\\S+) u=(\\S*)</regex><order>x.y, action, srcip, srcuser</order><fts>name, srcuser, x.y</fts></decoder>
<decoder name="acc"><prematch type="pcre2">^A</prematch><regex type="pcre2">id=(\\S+)(?: i=(\\S+))?(?: u=(\\S+))?</regex><order>id, srcip, srcuser</order><accumulate /></decoder>
<decoder name="takes"><prematch type="pcre2">^L</prematch><regex type="pcre2">^L</regex><order>url</order></decoder>
<decoder name="leaves"><prematch type="pcre2">^M(.)</prematch></decoder>
<decoder name="z"><prematch>^ZZZ</prematch></decoder>
<decoder name="p"><program_name>^p$</program_name></decoder>`;

const of = (values: readonly string[]) => fc.constantFrom(...values);
const message = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(of([..."abcde"]), of(["1.1.1.1", "2.2.2.2"]), of(["", "u", "v", "w"]), of(["1", "2"])),
  },
  { weight: 2, arbitrary: of(["A id=1 i=9.9.9.9", "A id=1", "A id=1 u=me", "A id=2", "La", "Ma", "Mb", "other"]) },
);
const stream = fc.array(
  fc.record({ message, step: fc.integer({ min: 0, max: 12 }), location: of(["l", "[001] (x) 1.2.3.4->l", "[2"]) }),
  { minLength: 1, maxLength: 120 },
);

interface Step {
  readonly message: string | readonly [string, string, string, string];
  /** Seconds since the event before. */
  readonly step: number;
  readonly location: string;
}

function eventsOf(steps: readonly Step[]): Event[] {
  let time = 1_700_000_000;
  return steps.map(({ message: parts, step, location }) => {
    time += step;
    const text = typeof parts === "string" ? parts : `T x=${parts[3]} a=${parts[0]} i=${parts[1]} u=${parts[2]}`;
    return { message: text, location: location.startsWith("[2") && step > 0 ? "l" : location, time };
  });
}

const CONDITIONS = [
  "",
  "<match>x=1</match>",
  "<action>a</action>",
  "<action>b</action>",
  "<action>c</action>",
  "<if_fts />",
  "<check_diff />",
];
const COMPARISONS = ["<same_srcip />", "<same_srcuser />", "<different_srcuser />", "<same_field>x.y</same_field>", ""];
const COMPOSITES = [
  (earlier: number) => `<if_matched_sid>${earlier}</if_matched_sid>`,
  () => "<if_matched_group>g</if_matched_group>",
  (earlier: number) => `<if_sid>${earlier}</if_sid><if_matched_regex>x=1</if_matched_regex>`,
];

/** A rule below an earlier one, or that counts an earlier one's events. */
const rule = fc.record({
  earlier: fc.nat(),
  level: of(["0", "1", "5", "9", "9", "12"]),
  attribute: of(["", "", "", ' noalert="1"', ' ignore="15"']),
  condition: fc.nat(CONDITIONS.length - 1),
  composite: fc.option(
    fc.record({ source: fc.nat(COMPOSITES.length - 1), comparison: of(COMPARISONS), frequency: of(["2", "3"]) }),
  ),
  group: of(["g,", "h,"]),
});
type RandomRule = typeof rule extends fc.Arbitrary<infer T> ? T : never;

function randomRules(rules: readonly RandomRule[]): string {
  const written = rules.map(({ earlier, level, attribute, condition, composite, group }, at) => {
    const below = at === 0 ? 101 : 200 + (earlier % at);
    const times = composite === null ? "" : ` frequency="${composite.frequency}" timeframe="40"`;
    const source = composite === null ? `<if_sid>${below}</if_sid>` : COMPOSITES[composite.source]!(below);
    const body = `${source}${CONDITIONS[condition]}${composite?.comparison ?? ""}<description>r</description>`;
    return `<rule id="${200 + at}" level="${level}"${attribute}${times}>${body}<group>${group}</group></rule>`;
  });
  return `<group name="t,"><rule id="1" level="0" noalert="1"><description>root</description></rule>
    <rule id="101" level="0"><decoded_as>t</decoded_as><description>all</description></rule>${written.join("")}</group>`;
}

describe("copies of a session that share the work", () => {
  test("decide as one does, whatever the rules remember", () => {
    const { ruleset, diagnostics } = loadRuleset({
      decoders: [{ name: "d.xml", text: DECODERS }],
      rules: [{ name: "r.xml", text: RULES }],
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    const seen = new Set<string>();
    fc.assert(
      fc.property(stream, count, sizes, parts, (steps, copyCount, batchSizes, partsAhead) => {
        const events = eventsOf(steps);
        const expected = oneSession(ruleset!, events);
        for (const decision of expected) seen.add(JSON.parse(decision)?.rule?.id);
        expect(copies(ruleset!, events, copyCount, batchSizes, partsAhead)).toEqual(expected);
      }),
      // The rarest rule fires in one stream of 250: so many that it is not missed.
      { numRuns: 2_500 },
    );
    // A ruleset whose rules never fire would prove nothing.
    expect([...seen].filter(Boolean).sort((a, b) => Number(a) - Number(b))).toEqual(
      "101,102,103,104,105,106,107,108,109,110,111,112,114".split(","),
    );
  });

  test("decide as one does under any rules", () => {
    let remembering = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 2, maxLength: 12 }),
        stream,
        count,
        sizes,
        parts,
        (rules, steps, copyCount, batchSizes, partsAhead) => {
          const { ruleset } = loadRuleset({
            decoders: [{ name: "d.xml", text: DECODERS }],
            rules: [{ name: "r.xml", text: randomRules(rules) }],
          });
          fc.pre(ruleset !== null);
          const events = eventsOf(steps);
          const expected = oneSession(ruleset, events);
          if (expected.some((line) => line.includes('"previous_events"'))) remembering++;
          expect(copies(ruleset, events, copyCount, batchSizes, partsAhead)).toEqual(expected);
        },
      ),
      { numRuns: 3_000 },
    );
    // Streams in which nothing depends on earlier events would prove nothing.
    expect(remembering).toBeGreaterThan(100);
  }, 120_000);

  test("leave captures for the next event where regexes that are asked as one capture nothing", () => {
    const { ruleset } = loadRuleset({
      decoders: [{ name: "d.xml", text: DECODERS }],
      rules: [{ name: "r.xml", text: RULES }],
    });
    const messages = [
      ...Array<string>(1_200).fill("T nothing"),
      "Ma",
      "T nothing",
      "La",
      "Mb",
      "T x=1 a=f i=1 u=",
      "La",
    ];
    const events = messages.map((message): Event => ({ message, location: "l", time: 1_700_000_000 }));
    const expected = oneSession(ruleset!, events);
    const urls = [expected[1_202]!, expected[1_205]!].map((decision) => JSON.parse(decision).fields.url);
    expect(urls).toEqual(["a", undefined]);
    for (const size of [1, 2, 100])
      for (const part of [0, 0.5, 1]) expect(copies(ruleset!, events, 2, [size], [part])).toEqual(expected);
  });

  test("search earlier logs as they were cut, where the message goes on behind them", () => {
    const ruleset = rulesetOf({
      rules: `
        <rule id="100" level="3"><if_sid>1</if_sid><match>x=</match><description>x</description></rule>
        <rule id="200" level="9" frequency="2" timeframe="60">
          <if_sid>100</if_sid><if_matched_regex>^x=1$</if_matched_regex><description>again</description></rule>`,
    });
    const message = "[Time 2026.11.02 14:02:11 UTC] [Message x=1] [Host h]";
    const events = Array.from({ length: 5 }, (): Event => ({ message, location: "l", time: 1_700_000_000 }));
    const expected = oneSession(ruleset, events);
    expect(JSON.parse(expected[1]!)).toMatchObject({ predecoder: { log: "x=1" }, rule: { id: "200" } });
    for (const size of [1, 2]) expect(copies(ruleset, events, 2, [size])).toEqual(expected);
  });

  test.each([["counted"], ["whole"]])(
    "forget at the same event as one does: %s",
    (kind) => {
      const ruleset = rulesetOf({
        rules: `
        <rule id="100" level="3"><if_sid>1</if_sid><match>counted</match><description>counted</description></rule>
        <rule id="101" level="3"><if_sid>1</if_sid><match>passed</match><description>passed</description></rule>
        <rule id="102" level="0"><if_sid>1</if_sid><match>silent</match><description>silent</description></rule>
        <rule id="103" level="3"><if_sid>1</if_sid><match>whole</match><check_diff /><description>whole</description></rule>
        <rule id="200" level="9" frequency="4" timeframe="9999">
          <if_matched_sid>100</if_matched_sid><match>counted</match><description>again</description></rule>
        <rule id="201" level="9" frequency="4" timeframe="9999">
          <if_matched_sid>103</if_matched_sid><match>whole</match><description>again</description></rule>`,
      });
      const start = 1_700_000_000;
      const times = (count: number, message: string, time: number) =>
        Array.from({ length: count }, (): Event => ({ message, location: "l", time }));
      /** Three that count, behind others of which most are old, and so many events later the fourth. */
      const stream = (total: number): Event[] => {
        const events = [
          // The first one is no change.
          ...times(1, kind === "whole" ? "whole 0" : "silent", start),
          ...times(603, "passed", start),
          ...times(10, "passed", start + 100),
          ...[1, 2, 3].flatMap((number) => times(1, `${kind} ${number}`, start + 100)),
        ];
        for (let each = events.length; each < total; each++) {
          const message = each % 50 === 0 ? "silent" : "passed";
          events.push({ message, location: "l", time: start + 100 });
        }
        return [...events, ...times(2, `${kind} 4`, start + 100)];
      };
      const found = new Set<string>();
      // When the memory is full the first time, when it forgets single ones again, and far behind that.
      for (const total of [700, 8_300, 8_400, ...Array.from({ length: 40 }, (_, each) => 8_950 + each), 20_000]) {
        const events = stream(total);
        const expected = oneSession(ruleset, events);
        found.add(JSON.parse(expected.at(-2)!).rule.id);
        // Of the last two all that is known has been told by another copy; or by two in turn.
        for (const batch of [total, 701]) expect(copies(ruleset, events, 2, [batch], [1, 0])).toEqual(expected);
      }
      expect(found).toEqual(new Set(kind === "counted" ? ["100", "200"] : ["103", "201"]));
    },
    120_000,
  );

  test("leave open what comes of an event whose check held when it was asked last", () => {
    const ruleset = rulesetOf({
      rules: `
        <rule id="100" level="3"><if_sid>1</if_sid><match>x</match><description>x</description></rule>
        <rule id="200" level="9" frequency="2" timeframe="60">
          <if_matched_sid>100</if_matched_sid><description>again</description></rule>`,
    });
    const START = 1_700_000_000;
    const replica = new Replica(ruleset, START);
    const steps = [0, 1, 2, 100, 200, 201].map((second) => {
      const { event, guessed, unsettled } = replica.guess("x", "l", START + second);
      expect(event).toMatchObject({ log: "x", time: START + second });
      const guess = guessed?.event.rule?.id ?? "open";
      const settled = replica.settle(unsettled, "l");
      return [guess, typeof settled === "number" ? "so it is" : settled.event.rule?.id];
    });
    expect(steps).toEqual([
      [100, "so it is"],
      [100, 200],
      ["open", 200],
      ["open", 100],
      [100, "so it is"],
      [100, 200],
    ]);
  });

  test("decide the project's own fixtures as one does", async () => {
    const { ruleset } = await readGenerated("generated");
    const clock = new EventClock();
    const events = readdirSync("fixtures").flatMap((useCase) => {
      const file = join("fixtures", useCase, "jsonlog.log");
      if (!existsSync(file)) return [];
      const lines = toBytes(readFileSync(file)).split("\n");
      return lines.map((line): Event => ({ message: line, location: "pg", time: clock.at(line) }));
    });
    expect(events.length).toBeGreaterThan(1000);
    agree(ruleset, events, 4);
  }, 120_000);

  test("decide many events as one does, while the oldest are forgotten", async () => {
    const { ruleset } = await readGenerated("generated");
    const lines = toBytes(readFileSync("fixtures/drop-table/jsonlog.log")).split("\n");
    const events = Array.from({ length: 24_000 }, (_, index): Event => {
      return { message: lines[index % lines.length]!, location: "pg", time: 1_700_000_000 + (index >> 7) };
    });
    const expected = oneSession(ruleset, events);
    expect(copies(ruleset, events, 2, [501, 77, 3000])).toEqual(expected);
  }, 120_000);
});

const GOLDEN = join("..", "shared", "golden");
const STOCK = join("..", "shared", "wazuh-4.14.7");

describe.skipIf(!existsSync(GOLDEN))("on recorded rulesets with state", () => {
  test("copies decide as one session does", () => {
    let compared = 0;
    const files = readdirSync(join(GOLDEN, "scenarios")).filter((name) => name.endsWith(".json"));
    for (const file of files) {
      const scenario = decodeGolden(JSON.parse(readFileSync(join(GOLDEN, "scenarios", file), "utf8"))) as {
        stock: boolean;
        ok: boolean;
        decoders: Record<string, string>;
        rules: Record<string, string>;
        lists: Record<string, string>;
        events: { event: string; location: string; at: number }[];
      };
      if (!scenario.ok || scenario.stock) continue;
      const raw = (all: Record<string, string>) =>
        Object.fromEntries(Object.entries(all).map(([name, text]) => [name, Buffer.from(text, "latin1")]));
      const input: RulesetInput = ownRuleset({
        decoders: raw(scenario.decoders),
        rules: raw(scenario.rules),
        lists: raw(scenario.lists),
      });
      const { ruleset } = loadRuleset(input);
      if (!ruleset) continue;
      const events = scenario.events.map(({ event, location, at }) => ({ message: event, location, time: at }));
      agree(ruleset, events, 3);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  }, 300_000);

  test("copies decide the lines of the stock test suite as one session does", () => {
    const { ruleset } = loadRuleset(stockRuleset(STOCK, { decoders: {}, rules: {}, lists: {} }));
    const lines = toBytes(readFileSync(join("..", "shared", "bench", "lines.txt"))).split("\n");
    const events = [...lines, ...lines].map((line, index): Event => {
      return { message: line, location: "stdin", time: 1_700_000_000 + (index >> 4) };
    });
    agree(ruleset!, events, 3);
  }, 300_000);
});
