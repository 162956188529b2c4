import { expect, test } from "vitest";
import { keysOf } from "../../src/fixtures/run-fixtures.js";
import { readGenerated } from "../../src/replay/generated.js";

const { manifest, ruleset } = await readGenerated("generated");
const keys = keysOf(manifest);

/** Do all patterns of the rule that are asked of statements hold? */
function holds(key: string, statement: string): boolean {
  const rule = [...ruleset.ruleById.values()].find(({ id }) => keys.get(id) === key)!;
  const tests = rule.fields.filter(({ name }) => name === "pg.statement" || name === "pg.failed");
  expect(tests).not.toEqual([]);
  return tests.every(({ test }) => test.kind === "expression" && test.expression.test(statement) !== test.negate);
}

test.each([
  ["data-export-attempted", "SELECT 'a;b', yearly FROM hr.salaries"],
  ["data-export-attempted", "SELECT 1; SELECT yearly FROM hr.salaries"],
  ["table-create-attempted", "SELECT 'a;b' AS x INTO t FROM u"],
  ["sensitive-relation-read-whole", "DECLARE c CURSOR /* FOR all */ FOR SELECT * FROM app.customers"],
  ["sensitive-relation-read-whole", "DECLARE c CURSOR /* CURSOR */ FOR SELECT * FROM app.customers"],
  ["code-rewritten-in-catalog", "COPY pg_proc /* TO */ FROM '/tmp/x'"],
])("%s: a comment or a literal hides nothing: %s", (key, statement) => {
  expect(holds(key, statement)).toBe(true);
});

test.each([
  ["data-export-attempted", "SELECT 1 FROM app.orders"],
  ["table-create-attempted", "INSERT INTO t SELECT 1 FROM u"],
  ["sensitive-relation-read-whole", "DECLARE c CURSOR FOR SELECT * FROM app.orders"],
  ["code-rewritten-in-catalog", "COPY pg_proc TO '/tmp/x'"],
])("%s: not %s", (key, statement) => {
  expect(holds(key, statement)).toBe(false);
});
