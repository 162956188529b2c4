import fc from "fast-check";
import { expect, test } from "vitest";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { compileProgram, type Program } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";
import { pattern, subject } from "./patterns.js";

function compiled(source: string): Program | null {
  try {
    return compileProgram(source);
  } catch {
    return null;
  }
}

test("a wider pattern never rules out a subject that matches", () => {
  let tried = 0;
  let ruledOut = 0;
  fc.assert(
    fc.property(fc.tuple(pattern, pattern), subject, (sources, text) => {
      const program = compiled(sources.join("ab"));
      const cannotMatch = program?.wider();
      if (!program || !cannotMatch) return;
      tried++;
      if (!cannotMatch(text)) return;
      ruledOut++;
      expect(search(program, new Machine(program), text)).toBe(false);
    }),
    { numRuns: 30_000 },
  );
  expect(tried).toBeGreaterThan(3_000);
  expect(ruledOut).toBeGreaterThan(1_000);
});

test.each([
  ["OR(?:\\s|/\\*.*?\\*/)+(a|b)=", "select 1 where x for y", "x OR a=1"],
  ["(?i)^(?:[^']*?(?:'[^']*'[^']*?)*?)(?:pg_ls_\\w+dir|pg_sleep)\\s*\\(", "select pg_ls('x(')", "'a' PG_LS_waldir ("],
  ["(?:ab+)+$", "a", "xabab\n"],
  ["(?>ab|a)c(?!d).*e", "abd", "abc e"],
])("%s rules out %j and not %j", (source, other, match) => {
  const program = compileProgram(source);
  const cannotMatch = program.wider()!;
  expect(cannotMatch(other)).toBe(true);
  expect(cannotMatch(match)).toBe(false);
  expect(search(program, new Machine(program), match)).toBe(true);
});

test.each(["(*ACCEPT)abc", "abc|(?:d*e*)*", "(?!abc)", "(x)?(?(1)abc|def)"])("%s tells nothing", (source) => {
  expect(compileProgram(source).wider()).toBeNull();
});

test.each([
  // A gap that can end in many places, in front of a long run of what follows it.
  ["a.{0,300}?\\d+:(?:.*b.*)*c", "a".repeat(300) + "1".repeat(30_000)],
  // The same gap in front of a group and in each of its branches.
  ["a.{0,300}?(?:a.{0,300}?d(?:.*b.*)*c|a.{0,300}?e(?:.*b.*)*c)", "a".repeat(30_000)],
])("%s takes a few steps from each start", (source, text) => {
  const program = compileProgram(source);
  const cannotMatch = program.wider();
  const starts = program.starts();
  const start = process.cpuUsage();
  for (let time = 0; time < 5; time++) cannotMatch?.(text);
  for (let found = starts?.exec(text); found && starts; found = starts.exec(text)) starts.lastIndex = found.index + 1;
  expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
});
