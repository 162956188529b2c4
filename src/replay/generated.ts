import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_FILE, type Manifest } from "../compiler/manifest.js";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import type { Ruleset } from "../engine/model.js";
import { loadRuleset, type RulesetInput } from "../ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../ruleset/standalone.js";

/** A directory that `rulewright build` wrote. */
export interface Generated {
  readonly manifest: Manifest;
  /** The emitted files, with the little that every manager has around them. */
  readonly input: RulesetInput;
  readonly ruleset: Ruleset;
}

/** Reads a build's output back as the manager would. Throws a Problem when it is missing or does not load. */
export async function readGenerated(directory: string): Promise<Generated> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(directory, MANIFEST_FILE), "utf8")) as Manifest;
  } catch (error) {
    throw problem(2, {
      code: "output-missing",
      message: `cannot read ${join(directory, MANIFEST_FILE)}: ${systemReason(error)}`,
      hint: "run rulewright build first",
    });
  }
  const files = async (folder: string) => {
    const names = await readdir(join(directory, "wazuh", folder));
    return Promise.all(
      names.map(async (name) => ({
        name: `etc/${folder}/${name}`,
        text: await readFile(join(directory, "wazuh", folder, name)),
      })),
    );
  };
  const input: RulesetInput = {
    decoders: [...(await files("decoders")), STANDALONE_DECODERS],
    rules: [STANDALONE_RULES, ...(await files("rules"))],
    lists: await files("lists"),
  };
  const { ruleset, diagnostics } = loadRuleset(input);
  if (!ruleset) throw new Problem(1, diagnostics);
  return { manifest, input, ruleset };
}
