/**
 * Differential test against the recorded decisions of the real engine.
 *
 *   main.js [golden directory] [--set NAME]... [--json FILE]
 *
 * The stock ruleset is looked for beside the golden directory. Exit code 1 when anything differs; 0 with a notice when
 * there is nothing to compare with.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compareSuite } from "./conformance.js";
import { compareFixturesBesideStock } from "./fixtures-beside-stock.js";
import type { SetResult } from "./golden-file.js";
import { compareInterference, comparePredecoder, compareStockLines, compareSuiteLines } from "./lines.js";
import { compareLoader } from "./loader.js";
import { comparePostgresLogs } from "./postgres-logs.js";
import { compareRegex } from "./regex.js";
import { compareLoadOrder, compareScenarios } from "./scenarios.js";

const SHOWN_DIFFERENCES = 3;
const SHOWN_CHARACTERS = 600;

type Comparison = (golden: string, stock: string) => Promise<SetResult | SetResult[]> | SetResult | SetResult[];

const SETS: Readonly<Record<string, Comparison>> = {
  osregex: (golden) => compareRegex(golden, "osregex"),
  osmatch: (golden) => compareRegex(golden, "osmatch"),
  pcre2: (golden) => compareRegex(golden, "pcre2"),
  osip: (golden) => compareRegex(golden, "osip"),
  predecoder: comparePredecoder,
  "stock-lines": compareStockLines,
  "suite-lines": compareSuiteLines,
  scenarios: compareScenarios,
  "load-order": compareLoadOrder,
  loader: compareLoader,
  suite: compareSuite,
  pack: comparePostgresLogs,
  interference: compareInterference,
  "with-stock": compareFixturesBesideStock,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { set: { type: "string", multiple: true }, json: { type: "string" } },
  });
  const golden = resolve(positionals[0] ?? "../shared/golden");
  if (!existsSync(golden)) {
    console.log(`golden: nothing compared, there is no ${golden}`);
    return 0;
  }
  const wanted = values.set ?? Object.keys(SETS);
  const unknown = wanted.filter((name) => !Object.hasOwn(SETS, name));
  if (unknown.length > 0) {
    console.error(`golden: unknown set ${unknown.join(", ")}, give one of ${Object.keys(SETS).join(", ")}`);
    return 3;
  }
  const stock = join(golden, "..", "wazuh-4.14.7");
  const results: SetResult[] = [];
  for (const name of wanted) {
    const started = performance.now();
    for (const result of [await SETS[name]!(golden, stock)].flat()) {
      results.push(result);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${result.name.padEnd(14)}${column(result.rows)} rows${column(result.differences.length)} differ${seconds.padStart(8)} s`,
      );
    }
  }
  for (const result of results) showDifferences(result);
  if (values.json) {
    const counts = results.map(({ name, rows, differences }) => ({ name, rows, differences: differences.length }));
    writeFileSync(values.json, JSON.stringify(counts));
  }
  return results.some((result) => result.differences.length > 0) ? 1 : 0;
}

function column(count: number): string {
  return String(count).padStart(8);
}

function showDifferences({ name, differences }: SetResult): void {
  for (const { row, expected, actual } of differences.slice(0, SHOWN_DIFFERENCES)) {
    console.log(
      `\n${name}: ${shorten(row)}\n  expected ${shorten(JSON.stringify(expected))}\n  actual   ${shorten(JSON.stringify(actual))}`,
    );
  }
}

function shorten(text: string | undefined): string {
  return text === undefined || text.length <= SHOWN_CHARACTERS ? String(text) : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

process.exitCode = await main();
