import { expect, test } from "vitest";
import { decodersInTurn } from "../../src/engine/replicas/in-turn.js";
import { readGenerated } from "../../src/replay/generated.js";

test("no decoder makes every worker of a replay decide all events", async () => {
  const { ruleset } = await readGenerated("generated");
  expect([...decodersInTurn(ruleset).decoders].map(({ regex }) => regex?.pattern)).toEqual([]);
});
