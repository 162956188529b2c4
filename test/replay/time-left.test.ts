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
