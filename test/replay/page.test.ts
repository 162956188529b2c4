import { expect, test } from "vitest";
import { Page } from "../../src/replay/page.js";

/** Prints these lines, one for each event that is added. */
function pageOf(...lines: (string | null)[]): Page {
  return new Page(() => lines.shift() ?? null);
}

test("a page is its lines in UTF-8, and what was taken is not on the next", () => {
  const page = pageOf("one", "zwei: ä, €, 😀", null, "four");
  for (let event = 0; event < 3; event++) page.add(null);
  const first = page.take();
  expect(Buffer.from(first.text).toString("utf8")).toBe("one\nzwei: ä, €, 😀\n");
  expect(first.counts.lines).toBe(3);
  page.add(null);
  const second = page.take();
  expect(Buffer.from(second.text).toString("utf8")).toBe("four\n");
  expect(second.counts.lines).toBe(1);
});

test("a page grows with what is written, whatever a character takes", () => {
  const lines = ["a".repeat(1_000_000), "€".repeat(20_000), "b"];
  const page = pageOf(...lines);
  for (let event = 0; event < 3; event++) page.add(null);
  expect(Buffer.from(page.take().text).toString("utf8") === `${lines.join("\n")}\n`).toBe(true);
});

test("a page whose text is given away goes on in other memory", () => {
  const page = pageOf("one", "two", "three", "four");
  const memory = new ArrayBuffer(64);
  const taken = [null, memory].map((other) => {
    page.add(null);
    return page.takeAway(other);
  });
  page.add(null);
  const { text } = page.takeAway(null);
  expect(text.buffer).toBe(memory);
  expect([...taken.map((outcome) => outcome.text), text].map((each) => Buffer.from(each).toString("utf8"))).toEqual([
    "one\n",
    "two\n",
    "three\n",
  ]);
  // Nothing else of the process stands in the memory of what was given away.
  expect(structuredClone(text, { transfer: [text.buffer] }).length).toBe(6);
  page.add(null);
  expect(Buffer.from(page.take().text).toString("utf8")).toBe("four\n");
});
