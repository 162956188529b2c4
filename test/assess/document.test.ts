import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CHECKS } from "../../src/assess/checks/index.js";

test("docs/assess.md has every check as it is in the code", async () => {
  const text = await readFile("docs/assess.md", "utf8");
  const rows = CHECKS.map(
    ({ code, severity, scope, title, references }) =>
      `| \`${code}\` | ${severity} | ${scope} | ${title} | ${references.join("; ")} |`,
  );
  const table = ["| check | severity | scope | ok when | references |", "|---|---|---|---|---|", ...rows].join("\n");
  expect(text).toContain(`\n${table}\n`);
});
