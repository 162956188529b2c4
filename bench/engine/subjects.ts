/** What is measured: rulesets, and the lines that are put through them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toBytes } from "../../src/engine/bytes.js";
import type { Ruleset } from "../../src/engine/model.js";
import { readGenerated } from "../../src/replay/generated.js";
import { readRulesetDirectory } from "../../src/ruleset/directory.js";
import { loadRuleset, type RulesetInput } from "../../src/ruleset/load.js";

/** The stock ruleset and the lines of the comparison lie beside the project; they are not part of it. */
const BESIDE = join("..", "shared");
export const STOCK = join(BESIDE, "wazuh-4.14.7");
const LINES = join(BESIDE, "bench", "lines.txt");

export function hasStock(): boolean {
  return existsSync(STOCK) && existsSync(LINES);
}

export function stockLines(): Buffer[] {
  return linesOf(readFileSync(LINES));
}

/** Every line of the fixtures' jsonlog. */
export function packLines(): Buffer[] {
  return readdirSync("fixtures").flatMap((useCase) => {
    const file = join("fixtures", useCase, "jsonlog.log");
    return existsSync(file) ? linesOf(readFileSync(file)) : [];
  });
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end;
    if (stop > start) lines.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  return lines;
}

/** Reads and compiles the stock ruleset, its rules `copies` times under other ids. */
export function stockRuleset(copies = 1): Ruleset {
  const { input } = readRulesetDirectory(STOCK);
  if (!input) throw new Error(`${STOCK} does not load`);
  return loaded(copies === 1 ? input : { ...input, rules: copied(input.rules, copies) });
}

export async function packRuleset(): Promise<Ruleset> {
  return (await readGenerated("generated")).ruleset;
}

function loaded(input: RulesetInput): Ruleset {
  const { ruleset } = loadRuleset(input);
  if (!ruleset) throw new Error("the ruleset does not load");
  return ruleset;
}

/** Between the ids of one copy and the next: no two rules meet, and the largest has six digits. */
const ID_STEP = 166_403;

function copied(rules: RulesetInput["rules"], copies: number): RulesetInput["rules"] {
  return Array.from({ length: copies }, (_, copy) =>
    copy === 0
      ? rules
      : rules.map((file) => ({ ...file, name: file.name, text: shifted(toBytes(file.text), copy * ID_STEP) })),
  ).flat();
}

/** The same rules with all ids moved and all groups renamed, and those that they name: no copy stands below another. */
function shifted(text: string, by: number): string {
  return text
    .replace(
      /(<group name="|<group>|<if_group>|<if_matched_group>)([^"<]*)/g,
      (_all, opening: string, names: string) => {
        return opening + names.replace(/[^,|]*[^,|\s]/g, (name) => `${name}_${by}`);
      },
    )
    .replace(/<rule id="(\d+)"/g, (_all, id: string) => `<rule id="${Number(id) + by}"`)
    .replace(/<(if_sid|if_matched_sid)>([^<]*)</g, (_all, name: string, ids: string) => {
      return `<${name}>${ids.replace(/\d+/g, (id) => String(Number(id) + by))}<`;
    });
}
