import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { detect } from "../../src/postgresql/installation.js";

it("names the place that it was told to look in", async () => {
  const found = await detect({ RULEWRIGHT_PG_BIN: tmpdir() });
  expect(found).toEqual({ missing: expect.stringContaining(`RULEWRIGHT_PG_BIN (${tmpdir()})`) });
});
