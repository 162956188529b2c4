import fc from "fast-check";
import { expect, test } from "vitest";
import { EventClock } from "../../src/replay/event-time.js";

const piece = fc.constantFrom(
  "2026-11-27 00:11:22",
  "2026-11-27T00:11:22",
  "2025-01-02 03:04:05",
  "2026-11-27 00:11:",
  "20",
  "7",
  "-",
  ":",
  " ",
  "T",
  '{"timestamp":"',
  "[123-1] ",
  "Nov 27 00:11:22 ",
);
const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));

test("a clock that has read other lines reads the time of the next as one that has not", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const clock = new EventClock();
      expect(lines.map((each) => clock.read(each))).toEqual(lines.map((each) => new EventClock().read(each)));
    }),
    { numRuns: 2_000 },
  );
});

test("a time may end with the digits that another begins with", () => {
  const clock = new EventClock();
  clock.read(`${"x".repeat(17)}2026-11-27 00:11:22`);
  expect(clock.read("2025-01-02 03:04:2026-11-27 00:11:22")).toBe(Date.UTC(2025, 0, 2, 3, 4, 20) / 1000);
});
