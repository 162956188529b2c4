import { PassThrough } from "node:stream";
import { Presets, SingleBar } from "cli-progress";
import { expect, test } from "vitest";
import { timeLeft } from "../../src/replay/time-left.js";

test.each([
  [0, "0s"],
  [7, "7s"],
  [13, "15s"],
  [58, "1m0s"],
  [61, "1m0s"],
  [358, "6m0s"],
  [3_598, "1h0m"],
  [3_629, "1h0m"],
  [7_199, "2h0m"],
  [100_000, "27h47m"],
])("%i seconds are %s", (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});

test.each(["0", "NULL", "INF"])("what cli-progress calls %s is not known", (unknown) => {
  expect(timeLeft(unknown)).toBe("?");
});

test("before the first progress cli-progress does not know it either", () => {
  const shown: string[] = [];
  const formatTime = (seconds: number | string) => {
    shown.push(timeLeft(seconds));
    return "";
  };
  const bar = new SingleBar(
    { format: "{eta_formatted}", formatTime, noTTYOutput: true, stream: new PassThrough() },
    Presets.legacy,
  );
  bar.start(1_000, 0);
  bar.stop();
  expect(shown).toContain("?");
});
