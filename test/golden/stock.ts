/** The stock ruleset of 4.14.7, as the recordings used it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRulesetDirectory } from "../../src/ruleset/directory.js";
import type { RulesetInput, SourceFile } from "../../src/ruleset/load.js";

/** Lists that the default configuration declares. */
const DECLARED_LISTS = [
  "audit-keys",
  "amazon/aws-eventnames",
  "security-eventchannel",
  "malicious-ioc/malware-hashes",
  "malicious-ioc/malicious-ip",
  "malicious-ioc/malicious-domains",
];
const EXCLUDED = "0215-policy_rules.xml";

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** Stock files plus custom ones, in the shape that the reader takes. */
export function stockRuleset(
  directory: string,
  custom: { decoders?: Files; rules?: Files; lists?: Files } = {},
): RulesetInput {
  return {
    decoders: [
      ...xmlFiles(join(directory, "decoders"), "ruleset/decoders"),
      ...sources("etc/decoders", custom.decoders),
    ],
    rules: [...xmlFiles(join(directory, "rules"), "ruleset/rules"), ...sources("etc/rules", custom.rules)],
    lists: sources("etc/lists", { ...stockLists(directory), ...custom.lists }),
  };
}

/** The stock ruleset with the shipped pack as custom files. */
export function withStock(directory: string): RulesetInput {
  const own = readRulesetDirectory("generated/wazuh").input!;
  const input = stockRuleset(directory);
  return {
    decoders: [...input.decoders, ...own.decoders],
    rules: [...input.rules, ...own.rules],
    lists: [...(input.lists ?? []), ...(own.lists ?? [])],
  };
}

/** A custom list of the same name takes the place of a stock one. */
function stockLists(directory: string): Files {
  return Object.fromEntries(DECLARED_LISTS.map((name) => [name, readFileSync(join(directory, "lists", name))]));
}

/** Custom files alone. */
export function ownRuleset(custom: { decoders?: Files; rules?: Files; lists?: Files }): RulesetInput {
  return {
    decoders: sources("etc/decoders", custom.decoders),
    rules: sources("etc/rules", custom.rules),
    lists: sources("etc/lists", custom.lists),
  };
}

function xmlFiles(directory: string, prefix: string): SourceFile[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".xml") && name !== EXCLUDED)
    .map((name) => ({ name: `${prefix}/${name}`, text: readFileSync(join(directory, name)) }));
}

function sources(prefix: string, files: Files = {}): SourceFile[] {
  return Object.entries(files).map(([name, text]) => ({ name: `${prefix}/${name}`, text }));
}
