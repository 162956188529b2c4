import { expect, test } from "vitest";
import { OrderedPages } from "../../../src/replay/workers/ordered-pages.js";
import { SharedState } from "../../../src/replay/workers/shared-state.js";

test("blocks are written in their turn, each once, while other pages are filled", () => {
  const { written } = new SharedState(2);
  const lines = ["a", "b", "c", "d"];
  const texts: string[] = [];
  const printer = { print: () => lines.shift()!, countAt: () => -1 };
  const pages = new OrderedPages(printer, written, (pieces) => texts.push(Buffer.concat(pieces).toString()));
  const filled = () => {
    const page = pages.blank();
    page.add(null);
    return page;
  };
  pages.handOver(1, filled());
  // The other worker has not written block 0.
  expect([texts, pages.isWritten]).toEqual([[], false]);
  const second = filled();
  pages.writeIfTurn();
  expect(texts).toEqual([]);
  written.value = 1;
  // What was said of the block before must be out first, and is as it was.
  pages.handOver(3, second);
  expect([texts, pages.isWritten, written.value]).toEqual([["a\n"], false, 2]);
  const third = filled();
  written.value = 3;
  pages.writeIfTurn();
  expect([texts, pages.isWritten, written.value]).toEqual([["a\n", "b\n"], true, 4]);
  pages.handOver(4, third);
  expect([texts, written.value]).toEqual([["a\n", "b\n", "c\n"], 5]);
  const fourth = filled();
  written.value = 6;
  pages.handOver(6, fourth);
  pages.writeInTurn();
  expect([texts, written.value]).toEqual([["a\n", "b\n", "c\n", "d\n"], 7]);
  // No page but those that were in use at once.
  expect(new Set([1, 2, 3, 4, 5, 6].map(() => pages.blank())).has(second)).toBe(true);
});

test("events that are only counted are counted block by block", () => {
  const { written } = new SharedState(1);
  const pages = new OrderedPages(null, written, () => {});
  const counted = [1, 2].map((events, index) => {
    const page = pages.blank();
    for (let event = 0; event < events; event++) page.add(null);
    return pages.handOver(index, page).lines;
  });
  expect(counted).toEqual([1, 2]);
});
