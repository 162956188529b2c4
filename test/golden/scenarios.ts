/** Recorded decisions on sequences of events: small rulesets, and custom files beside the stock ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "../../src/engine/session.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { compareDecision } from "./compare-decision.js";
import { decodeGolden, type SetResult } from "./golden-file.js";
import { type Files, ownRuleset, stockRuleset } from "./stock.js";

interface Scenario {
  readonly name: string;
  readonly stock: boolean;
  readonly decoders: Record<string, string>;
  readonly rules: Record<string, string>;
  readonly lists: Record<string, string>;
  readonly events: readonly { event: string; location: string; at: number }[];
  readonly ok: boolean;
  readonly results: readonly Record<string, unknown>[] | null;
}

export function compareScenarios(golden: string, stock: string): SetResult {
  return compareDirectory("scenarios", golden, stock);
}

export function compareLoadOrder(golden: string, stock: string): SetResult {
  return compareDirectory("load-order", golden, stock);
}

/** A row is one event, or the question whether the ruleset loads. */
function compareDirectory(name: string, golden: string, stock: string): SetResult {
  const differences: SetResult["differences"] = [];
  let rows = 0;
  for (const file of readdirSync(join(golden, name)).filter((entry) => entry.endsWith(".json"))) {
    const scenario = decodeGolden(JSON.parse(readFileSync(join(golden, name, file), "utf8"))) as Scenario;
    rows += 1 + (scenario.results?.length ?? 0);
    differences.push(...compareScenario(scenario, stock));
  }
  return { name, rows, differences };
}

function compareScenario(scenario: Scenario, stock: string): SetResult["differences"] {
  const custom = { decoders: raw(scenario.decoders), rules: raw(scenario.rules), lists: raw(scenario.lists) };
  const { ruleset } = loadRuleset(scenario.stock ? stockRuleset(stock, custom) : ownRuleset(custom));
  if ((ruleset !== null) !== scenario.ok) {
    return [{ row: scenario.name, expected: { ok: scenario.ok }, actual: { ok: ruleset !== null } }];
  }
  if (ruleset === null) return [];
  const session = new Session(ruleset, { hostname: "golden-mgr" });
  const differences: SetResult["differences"] = [];
  scenario.events.forEach(({ event, location, at }, i) => {
    const found = compareDecision(scenario.results![i]!, session.run(event, location, at));
    if (found !== null) differences.push({ row: `${scenario.name} event ${i}: ${event}`, ...found });
  });
  return differences;
}

function raw(files: Record<string, string>): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, "latin1")]));
}
