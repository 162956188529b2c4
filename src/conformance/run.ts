/**
 * Runs test suites in Wazuh's INI format through the engine. Every `log N pass` and `log N fail` of a section is a case:
 * its lines are sent to a session of their own, and what is decided on the last one is compared with the section's
 * rule, level and decoder. A `fail` case is one that must not agree with all three. An empty expectation never agrees:
 * upstream's runner takes the number of empty ones for an exit code, so that suites say `fail` where nothing is to match.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ruleset } from "../engine/model.js";
import { createSession } from "../engine/session.js";
import { type IniSection, parseIni } from "./ini.js";

/** Rule id, level and decoder name as the suite writes them; empty when there is none. */
export interface Verdict {
  readonly rule: string;
  readonly level: string;
  readonly decoder: string;
}

const VERDICT = ["rule", "level", "decoder"] as const;

export interface ConformanceCase {
  readonly file: string;
  readonly section: string;
  /** The key: `log 1 pass`. */
  readonly name: string;
  readonly passed: boolean;
  readonly expected: Verdict;
  readonly actual: Verdict;
}

export interface ConformanceFile {
  readonly file: string;
  readonly cases: readonly ConformanceCase[];
  readonly passed: number;
}

/** All `*.ini` files of a directory in order of their names. Those that need a GeoIP data base are left out. */
export function runConformance(directory: string, ruleset: Ruleset): ConformanceFile[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".ini") && !name.endsWith("geoip.ini"))
    .sort()
    .map((name) => runSuite(name, readFileSync(join(directory, name), "utf8"), ruleset));
}

/** One suite from its text. */
export function runSuite(file: string, text: string, ruleset: Ruleset): ConformanceFile {
  const cases: ConformanceCase[] = [];
  for (const [section, options] of parseIni(text)) {
    const expected = {
      rule: value(options, "rule"),
      level: value(options, "alert"),
      decoder: value(options, "decoder"),
    };
    for (const [name, lines] of options) {
      if (!name.startsWith("log ")) continue;
      const actual = decideLast(ruleset, lines);
      const agrees = VERDICT.every((part) => expected[part] !== "" && expected[part] === actual[part]);
      cases.push({ file, section, name, passed: agrees !== name.endsWith("fail"), expected, actual });
    }
  }
  return { file, cases, passed: cases.filter((found) => found.passed).length };
}

function value(options: IniSection, key: string): string {
  return (options.get(key) ?? []).join("\n");
}

function decideLast(ruleset: Ruleset, lines: readonly string[]): Verdict {
  const session = createSession(ruleset);
  const decision = lines.map((event) => session.process({ event })).at(-1);
  return {
    rule: decision?.rule?.id ?? "",
    level: decision?.rule ? String(decision.rule.level) : "",
    decoder: decision?.decoder?.name ?? "",
  };
}
