import fc from "fast-check";
import { expect, test } from "vitest";
import { EngineEvent } from "../../src/engine/event.js";
import type { Processed } from "../../src/engine/session.js";
import { type Outcome, Page } from "../../src/replay/page.js";

/** Prints these lines, one for each event that is added. */
function pageOf(...lines: (string | null)[]): Page {
  return new Page({ print: () => lines.shift() ?? null, countAt: () => -1 });
}

function textOf({ pieces }: Outcome): string {
  return Buffer.concat(pieces).toString("utf8");
}

test("a page is its lines in UTF-8, and what was taken is not on the next", () => {
  const page = pageOf("one", "zwei: ä, €, 😀", null, "four");
  for (let event = 0; event < 3; event++) page.add(null);
  expect(textOf(page.take())).toBe("one\nzwei: ä, €, 😀\n");
  page.clear();
  page.add(null);
  expect(textOf(page.take())).toBe("four\n");
});

test("a page grows with what is written, whatever a character takes", () => {
  const lines = ["a".repeat(1_000_000), "€".repeat(20_000), "b"];
  const page = pageOf(...lines);
  for (let event = 0; event < 3; event++) page.add(null);
  expect(textOf(page.take()) === `${lines.join("\n")}\n`).toBe(true);
});

test("a page that prints nothing counts events, when they are settled", () => {
  const page = new Page(null);
  for (let event = 0; event < 2; event++) page.guess(null);
  page.guess(undefined);
  for (let event = 0; event < 2; event++) page.settle(0);
  page.settle(eventOf("", 3));
  page.add(null);
  expect(page.take()).toMatchObject({ counts: { lines: 4, alerts: 0 } });
  page.clear();
  const alert = eventOf("", 1);
  alert.event.rule = { id: 5, level: 7 } as never;
  page.guess({ ...alert, alert: true });
  page.settle(1);
  const outcome = page.take();
  expect([textOf(outcome), outcome.counts.lines, outcome.counts.byRule.get("5")?.count]).toEqual(["", 1, 1]);
});

test("a page uses its memory again, also that of what is said anew", () => {
  const page = new Page(PRINTER);
  const long = eventOf("a".repeat(1_000_000), 1);
  const before = process.memoryUsage().arrayBuffers;
  for (let block = 0; block < 40; block++) {
    page.guess(long);
    page.settle(long);
    page.take();
    page.clear();
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
});

/** Of which is printed the text, with the count after the first of its colons. */
function eventOf(text: string, firedTimes: number): Processed {
  const predecoded = { timestamp: null, hostname: "h", programName: null, log: text, location: "l", agentId: "000" };
  const event = new EngineEvent(text, predecoded as never, 0);
  event.firedTimes = firedTimes;
  return { event, type: 0, description: null, alert: false, hostname: "h" };
}

const PRINTER = {
  print: (processed: Processed | null): string | null => {
    if (processed === null) return "refused";
    const { fullLog, firedTimes } = processed.event;
    return fullLog === "" ? null : fullLog.replace(":", `:${firedTimes}`);
  },
  countAt: (line: string) => (line.includes(":") ? line.indexOf(":") + 1 : -1),
};

const count = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.constantFrom(999, 1000, 999_999_999, 1_000_000_000));
const text = fc.constantFrom("", "none", "a:b", ":", "ä€😀:ß", `${"long".repeat(300)}:`);
const guess = fc.oneof(
  { weight: 8, arbitrary: fc.record({ text, guessed: count, settled: count, anew: fc.option(text) }) },
  { weight: 1, arbitrary: fc.constantFrom("refused" as const, "whole" as const) },
);

test("what is guessed and settled reads as if it had been printed when it was decided", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(guess), fc.array(text))), (blocks) => {
      const page = new Page(PRINTER);
      for (const [guesses, rest] of blocks) {
        const expected: (string | null)[] = [];
        for (const each of guesses)
          page.guess(each === "refused" ? null : each === "whole" ? undefined : eventOf(each.text, each.guessed));
        for (const each of guesses) {
          const isAsGuessed = each === "refused" || (each !== "whole" && each.anew === null);
          const decided = typeof each === "string" ? eventOf("w:", 7) : eventOf(each.anew ?? each.text, each.settled);
          page.settle(isAsGuessed ? (each === "refused" ? 0 : each.settled) : decided);
          expected.push(PRINTER.print(each === "refused" ? null : decided));
        }
        for (const [at, each] of rest.entries()) {
          page.add(eventOf(each, at));
          expected.push(PRINTER.print(eventOf(each, at)));
        }
        const lines = expected.filter((line) => line !== null).map((line) => `${line}\n`);
        expect(textOf(page.take())).toBe(lines.join(""));
        page.clear();
      }
    }),
    { numRuns: 500 },
  );
});
