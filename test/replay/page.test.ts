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
  page.add(null);
  const second = page.take();
  expect(Buffer.from(second.text).toString("utf8")).toBe("four\n");
});

test("a page grows with what is written, whatever a character takes", () => {
  const lines = ["a".repeat(1_000_000), "€".repeat(20_000), "b"];
  const page = pageOf(...lines);
  for (let event = 0; event < 3; event++) page.add(null);
  expect(Buffer.from(page.take().text).toString("utf8") === `${lines.join("\n")}\n`).toBe(true);
});

test("a page that prints nothing counts events", () => {
  const page = new Page(null);
  for (let event = 0; event < 3; event++) page.add(null);
  expect(page.take()).toMatchObject({ text: { length: 0 }, counts: { lines: 3, alerts: 0 } });
  expect(page.take().counts.lines).toBe(0);
});
