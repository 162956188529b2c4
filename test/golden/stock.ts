/** The stock ruleset of 4.14.7, as the recordings used it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

/** The stock ruleset as upstream's test runner changes it: its test files, and rule 60000 taking JSON events. */
export function suiteRuleset(directory: string): RulesetInput {
  const testing = join(directory, "testing", "ruleset");
  const local = join(directory, "local");
  const input = stockRuleset(directory, {
    decoders: {
      ...matching(testing, /^test_.*decoders\.xml$/),
      "local_decoder.xml": readFileSync(join(local, "local_decoder.xml")),
    },
    rules: {
      ...matching(testing, /^test_.*rules\.xml$/),
      "local_rules.xml": readFileSync(join(local, "local_rules.xml")),
    },
  });
  return { ...input, rules: input.rules.map(withJsonEventChannel) };
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

function xmlFiles(directory: string, prefix: string): SourceFile[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".xml") && name !== EXCLUDED)
    .map((name) => ({ name: `${prefix}/${name}`, text: readFileSync(join(directory, name)) }));
}

function matching(directory: string, pattern: RegExp): Files {
  const names = readdirSync(directory).filter((name) => pattern.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name))]));
}

function sources(prefix: string, files: Files = {}): SourceFile[] {
  return Object.entries(files).map(([name, text]) => ({ name: `${prefix}/${name}`, text }));
}
