import { expect, test } from "vitest";
import { GAP } from "../../rulesets/sql-text.js";
import { compilePcre2 } from "../../src/engine/regex/pcre2.js";

const dropTable = compilePcre2(`(?is)^DROP${GAP}TABLE\\b`);

test.each([
  "DROP TABLE",
  "DROP\n\tTABLE",
  "DROP\\nTABLE",
  "DROP#012TABLE",
  "DROP/**/TABLE",
  "DROP /* a */ /* b */TABLE",
  "DROP /* a /* inside */ of * another / */ TABLE",
  "DROP -- c\n -- d\nTABLE",
  "DROP -- c\\nTABLE",
  "DROP /* it's; -- */ TABLE",
])("%s: a gap", (statement) => {
  expect(dropTable.test(statement)).toBe(true);
});

test.each([
  "DROPTABLE",
  "DROP x TABLE",
  "DROP /* a */ x */ TABLE",
  "DROP /* TABLE",
  "DROP -- c TABLE",
  "DROP /* -- */\\x TABLE",
])("%s: none", (statement) => {
  expect(dropTable.test(statement)).toBe(false);
});
