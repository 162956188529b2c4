/** Recorded decisions on single lines, each of a fresh session. */
import { join } from "node:path";
import { suiteRuleset } from "../../src/conformance/suite-ruleset.js";
import { predecode } from "../../src/engine/predecoder.js";
import { Session } from "../../src/engine/session.js";
import { loadRuleset, type RulesetInput } from "../../src/ruleset/load.js";
import { compareDecision } from "./compare-decision.js";
import { readGolden, type SetResult } from "./golden-file.js";
import { stockRuleset, withStock } from "./stock.js";

const HOSTNAME = "golden-mgr";

export async function comparePredecoder(golden: string): Promise<SetResult> {
  const differences: SetResult["differences"] = [];
  let rows = 0;
  for await (const row of readGolden(join(golden, "lines/predecoder.ndjson.gz"))) {
    rows++;
    const found = predecode(row.line as string, row.location as string, HOSTNAME);
    const actual = found && {
      timestamp: found.timestamp,
      hostname: found.hostname,
      program_name: found.programName,
      log: found.log,
      location: found.location,
      agent_id: found.agentId,
    };
    const expected = row.error === undefined ? row.predecoder : null;
    if (JSON.stringify(expected) !== JSON.stringify(actual)) {
      differences.push({ row: row.line as string, expected, actual });
    }
  }
  return { name: "predecoder", rows, differences };
}

export function compareStockLines(golden: string, stock: string): Promise<SetResult> {
  return compareLines("stock-lines", golden, "stock-lines", stockRuleset(stock));
}

/** The shipped pack beside the stock ruleset: no stock line may get another decision. */
export function compareInterference(golden: string, stock: string): Promise<SetResult> {
  return compareLines("pack/beside-stock", golden, "stock-lines", withStock(stock));
}

export function compareSuiteLines(golden: string, stock: string): Promise<SetResult> {
  return compareLines("suite-lines", golden, "suite-lines", suiteRuleset(stock));
}

async function compareLines(name: string, golden: string, file: string, input: RulesetInput): Promise<SetResult> {
  const { ruleset } = loadRuleset(input);
  const differences: SetResult["differences"] = [];
  if (ruleset === null) {
    return { name, rows: 0, differences: [{ row: "", expected: "a ruleset", actual: "it does not load" }] };
  }
  let rows = 0;
  for await (const row of readGolden(join(golden, `lines/${file}.ndjson.gz`))) {
    rows++;
    const session = new Session(ruleset, { hostname: HOSTNAME });
    const found = compareDecision(row, session.run(row.line as string, row.location as string, row.at as number));
    if (found !== null) differences.push({ row: row.line as string, ...found });
  }
  return { name, rows, differences };
}
