/** Compares the regex dialects with the recorded decisions of the real engine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../../src/engine/bytes.js";
import { compileBytes } from "../../src/engine/regex/compile.js";
import type { Expression } from "../../src/engine/regex/expression.js";
import { ExpressionError } from "../../src/engine/regex/expression.js";
import { compileOsIp } from "../../src/engine/regex/osip.js";
import { compilePcre2 } from "../../src/engine/regex/pcre2.js";
import { readGolden, type SetResult } from "./golden-file.js";

interface Outcome {
  match: boolean;
  end?: number | null;
  groups?: readonly Bytes[];
  match_nocap?: boolean;
  end_nocap?: number | null;
  compile_error: boolean;
}
type Judge = (pattern: Bytes, subject: Bytes) => Outcome;

const REFUSED: Outcome = { match: false, compile_error: true };

/** One result per recorded set found under `goldenDir`/regex, or for the one that is named. */
export async function compareRegex(goldenDir: string, only?: string): Promise<SetResult[]> {
  const judges: Readonly<Record<string, Judge>> = {
    osregex: judgeOsRegex(),
    osmatch: judgeOsMatch(),
    pcre2: judgePcre2(),
    osip: judgeOsIp(),
  };
  const results: SetResult[] = [];
  for (const [name, judge] of Object.entries(judges)) {
    const path = join(goldenDir, "regex", `${name}.ndjson.gz`);
    if ((only === undefined || only === name) && existsSync(path))
      results.push(await compareSet(`regex/${name}`, path, judge));
  }
  return results;
}

async function compareSet(name: string, path: string, judge: Judge): Promise<SetResult> {
  const result: SetResult = { name, rows: 0, differences: [] };
  let rows = 0;
  for await (const row of readGolden(path)) {
    rows++;
    const actual = outcome(judge, row.pattern as Bytes, row.subject as Bytes);
    const expected = Object.fromEntries(Object.keys(actual).map((key) => [key, row[key]]));
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
      const where = JSON.stringify({ row: rows, pattern: row.pattern, subject: row.subject });
      result.differences.push({ row: where, expected, actual });
    }
  }
  return { ...result, rows };
}

function outcome(judge: Judge, pattern: Bytes, subject: Bytes): object {
  try {
    return judge(pattern, subject);
  } catch (error) {
    if (error instanceof ExpressionError && error.code === "invalid") return REFUSED;
    return { match: null, error: String(error) };
  }
}

function judgeOsRegex(): Judge {
  const capturing = remembering((pattern) => compileBytes("osregex", pattern));
  const plain = remembering((pattern) => compileBytes("osregex", pattern, { captures: false }));
  return (pattern, subject) => {
    const result = judged(capturing(pattern), subject);
    const { match: match_nocap, end: end_nocap } = judged(plain(pattern), subject);
    return { ...result, match_nocap, end_nocap };
  };
}

/** The matching machine, and what takes its place where a pattern is asked often, which must say the same. */
function judgePcre2(): Judge {
  const machine = remembering((pattern) => compileBytes("pcre2", pattern));
  const quick = remembering((pattern) => compilePcre2(pattern, { ruledOut: 0, translated: 0 }));
  return (pattern, subject) => {
    const outcome = judged(machine(pattern), subject);
    const other = judged(quick(pattern), subject);
    if (JSON.stringify(outcome) !== JSON.stringify(other)) throw new Error(`translated: ${JSON.stringify(other)}`);
    return outcome;
  };
}

function judgeOsMatch(): Judge {
  const compile = remembering((pattern) => compileBytes("osmatch", pattern));
  return (pattern, subject) => ({ match: compile(pattern).test(subject), compile_error: false });
}

function judgeOsIp(): Judge {
  const compile = remembering(compileOsIp);
  return (pattern, subject) => ({ match: compile(pattern).test(subject), compile_error: false });
}

/** Longer subjects are matched once only, because the slowest patterns take minutes on them. */
const TESTED_TWICE = 500;

/** `test` and `match` must agree; where they do not, there is no match to compare. */
function judged(expression: Expression, subject: Bytes): Outcome & { end: number | null } {
  const result = expression.match(subject);
  const match = result !== null;
  if (subject.length < TESTED_TWICE && expression.test(subject) !== match) throw new Error("test and match disagree");
  return { match, end: result?.end ?? null, groups: result?.groups ?? [], compile_error: false };
}

/** Rows of one pattern often follow each other. */
function remembering<T>(compile: (pattern: Bytes) => T): (pattern: Bytes) => T {
  let last: { pattern: Bytes; compiled: T } | undefined;
  return (pattern) => {
    if (last?.pattern !== pattern) last = { pattern, compiled: compile(pattern) };
    return last.compiled;
  };
}
