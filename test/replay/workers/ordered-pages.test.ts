import { expect, test } from "vitest";
import { OrderedPages } from "../../../src/replay/workers/ordered-pages.js";
import { SharedState } from "../../../src/replay/workers/shared-state.js";

test("blocks are written in their turn, each once, while the next page is filled", () => {
  const { written } = new SharedState(2);
  const lines = ["a", "b", "c", "d"];
  const texts: string[] = [];
  const pages = new OrderedPages(
    () => lines.shift()!,
    written,
    (text) => texts.push(Buffer.from(text).toString()),
  );
  const add = () => pages.page.add(null);
  add();
  pages.handOver(1);
  // The other worker has not written block 0.
  expect([texts, pages.isWritten]).toEqual([[], false]);
  add();
  pages.writeIfTurn();
  expect(texts).toEqual([]);
  written.value = 1;
  // What was said of the block before must be out first, and is as it was.
  pages.handOver(3);
  expect([texts, pages.isWritten, written.value]).toEqual([["a\n"], false, 2]);
  add();
  written.value = 3;
  pages.writeIfTurn();
  expect([texts, pages.isWritten, written.value]).toEqual([["a\n", "b\n"], true, 4]);
  pages.handOver(4);
  expect([texts, written.value]).toEqual([["a\n", "b\n", "c\n"], 5]);
  add();
  written.value = 6;
  pages.handOver(6);
  pages.writeInTurn();
  expect([texts, written.value]).toEqual([["a\n", "b\n", "c\n", "d\n"], 7]);
});

test("events that are only counted are counted block by block", () => {
  const { written } = new SharedState(1);
  const pages = new OrderedPages(null, written, () => {});
  const counted = [1, 2].map((events, index) => {
    for (let event = 0; event < events; event++) pages.page.add(null);
    return pages.handOver(index).lines;
  });
  expect(counted).toEqual([1, 2]);
});
