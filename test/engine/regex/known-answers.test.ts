import { expect, test } from "vitest";
import { knownAnswer, rememberAnswer } from "../../../src/engine/regex/pcre2/known-answers.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";
import { compilePcre2 } from "../../../src/engine/regex/pcre2.js";

const program = compileProgram("a+b");
const other = compileProgram("a+c");

test("an answer is known for its pattern and its subject", () => {
  rememberAnswer(program, "xaab", true);
  rememberAnswer(other, "xaab", false);
  expect(knownAnswer(program, "xaab")).toBe(true);
  expect(knownAnswer(other, "xaab")).toBe(false);
  expect(knownAnswer(program, "xaac")).toBeUndefined();
});

test("answers about long subjects are not kept, nor about very many", () => {
  const long = "a".repeat(2_049);
  rememberAnswer(program, long, true);
  rememberAnswer(program, long.slice(1), true);
  expect(knownAnswer(program, long)).toBeUndefined();
  expect(knownAnswer(program, long.slice(1))).toBe(true);
  for (let each = 0; each < 1_025; each++) rememberAnswer(program, `subject ${each}`, false);
  expect(knownAnswer(program, long.slice(1))).toBeUndefined();
  expect(knownAnswer(program, "subject 1024")).toBe(false);
});

/** The references leave it to the machine, and its length is no use to anything else. */
const PATTERN = "(?:(a+)+b|(c)?\\2d)";

test("a pattern answers the second time as the first", () => {
  const expression = compilePcre2(PATTERN, {
    ruledOut: Number.POSITIVE_INFINITY,
    translated: Number.POSITIVE_INFINITY,
  });
  for (const subject of ["xaab", "ccd", "cd", "aaac", `${"aac".repeat(100)}aab`, "aac".repeat(100)]) {
    const first = expression.test(subject);
    expect(expression.test(subject)).toBe(first);
    expect(expression.match(subject) !== null).toBe(first);
  }
});

test("an answer that was dear is not given when the pattern may spend less", () => {
  const expression = compilePcre2(PATTERN, {
    ruledOut: Number.POSITIVE_INFINITY,
    translated: Number.POSITIVE_INFINITY,
  });
  const dear = `${"aac".repeat(100)}aab`;
  expect(expression.test(dear)).toBe(true);
  expression.effort?.curtail(2);
  expect(expression.test(dear)).toBe(false);
  expect(expression.effort?.giveUps).toBe(1);
});

test("giving up is counted each time", () => {
  const expression = compilePcre2(`(*LIMIT_MATCH=50)${PATTERN}`);
  for (let times = 1; times <= 3; times++) {
    expect(expression.test("aaaaaaaaaaaaaaaac b d")).toBe(false);
    expect(expression.effort?.giveUps).toBe(times);
  }
});

test("so it is where other starts had been dear before", () => {
  const expression = compilePcre2(`(*LIMIT_MATCH=500)${PATTERN}`);
  const dear = "aaaaaaac ".repeat(3);
  expect(expression.test(`${dear}d b`)).toBe(false);
  expect(expression.effort?.giveUps).toBe(0);
  for (let times = 1; times <= 3; times++) {
    expect(expression.test(`${dear}aaaaaaaaaaaac d b`)).toBe(false);
    expect(expression.effort?.giveUps).toBe(times);
  }
});
