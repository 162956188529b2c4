import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_FILE, type Manifest, parseManifest } from "../compiler/manifest.js";
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
  const { manifest, input } = await readGeneratedFiles(directory);
  const { ruleset, diagnostics } = loadRuleset(input);
  if (!ruleset) throw new Problem(1, diagnostics);
  return { manifest, input, ruleset };
}

/** The same, not loaded yet. */
export async function readGeneratedFiles(directory: string): Promise<Omit<Generated, "ruleset">> {
  return readOutput(directory).catch((error) => {
    if (error instanceof Problem) throw error;
    const isThere = existsSync(directory) && !existsSync(join(directory, MANIFEST_FILE));
    throw problem(2, {
      code: "output-missing",
      message: isThere
        ? `${directory} is no output of a build: it has no ${MANIFEST_FILE}`
        : `cannot read ${directory}: ${systemReason(error)}`,
      hint: "run rulewright build first",
    });
  });
}

async function readOutput(directory: string): Promise<Omit<Generated, "ruleset">> {
  const file = join(directory, MANIFEST_FILE);
  const manifest = parseManifest(await readFile(file, "utf8"));
  if (!manifest) {
    throw problem(2, {
      code: "manifest-unusable",
      message: `${file} is not a manifest that rulewright wrote`,
      hint: "run rulewright build",
    });
  }
  const files = async (folder: string) => {
    const path = join(directory, "wazuh", folder);
    if (!existsSync(path)) return [];
    const names = await readdir(path);
    return Promise.all(
      names.map(async (name) => ({ name: `etc/${folder}/${name}`, text: await readFile(join(path, name)) })),
    );
  };
  const input: RulesetInput = {
    decoders: [...(await files("decoders")), STANDALONE_DECODERS],
    rules: [STANDALONE_RULES, ...(await files("rules"))],
    lists: await files("lists"),
  };
  return { manifest, input };
}
