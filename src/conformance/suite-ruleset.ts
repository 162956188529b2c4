import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problem } from "../diagnostics/problem.js";
import { readRulesetDirectory } from "../ruleset/directory.js";
import type { RulesetInput, SourceFile } from "../ruleset/load.js";

/** Where a ruleset keeps its suite, below its root, and the decoders and rules that only the suite is about. */
export const SUITE_FOLDER = "testing/tests";
const SUITE_RULESET = "testing/ruleset";
const LOCAL = "local";

/**
 * A ruleset's directory as upstream's runner loads it: its own files, those of `testing/ruleset` and `local` as custom
 * ones, and rule 60000 taking JSON, because a test hands the engine Windows events as JSON text where a manager gets them
 * decoded. Throws a Problem when the directory holds no ruleset.
 */
export function suiteRuleset(root: string): RulesetInput {
  const { input, diagnostics } = readRulesetDirectory(root);
  if (!input || input.decoders.length === 0) {
    throw problem(3, {
      code: "ruleset-missing",
      message: diagnostics[0]?.message ?? `there are no decoders below ${root}`,
      hint: "name the ruleset's directory, with decoders/, rules/ and testing/tests/ in it",
    });
  }
  const custom = [...xmlFiles(join(root, SUITE_RULESET)), ...xmlFiles(join(root, LOCAL))];
  const kind = (name: string) => (/decoders?\.xml$/.test(name) ? "decoders" : "rules");
  return {
    ...input,
    decoders: [...input.decoders, ...custom.filter(({ name }) => kind(name) === "decoders")],
    rules: [...input.rules, ...custom.filter(({ name }) => kind(name) === "rules")].map(withJsonEventChannel),
  };
}

function xmlFiles(folder: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".xml"))
    .map((name) => ({ name: `etc/${name}`, text: readFileSync(join(folder, name)) }));
}

function withJsonEventChannel(file: SourceFile): SourceFile {
  const text = Buffer.from(file.text).toString("latin1");
  const start = text.indexOf('<rule id="60000"');
  if (start === -1) return file;
  const end = text.indexOf("</rule>", start);
  const rule = text.slice(start, end).replace(/<(decoded_as|category)>[^<]*<\/\1>\s*/g, "");
  const changed = `${text.slice(0, start)}${rule}<decoded_as>json</decoded_as>${text.slice(end)}`;
  return { name: file.name, text: Buffer.from(changed, "latin1") };
}
