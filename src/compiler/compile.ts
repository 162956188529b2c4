import { XMLValidator } from "fast-xml-parser";
import type { Diagnostic, Where } from "../diagnostics/diagnostic.js";
import { Problem } from "../diagnostics/problem.js";
import { toBytes } from "../engine/bytes.js";
import type { Ruleset } from "../engine/model.js";
import type { PackNode } from "../ir/nodes.js";
import type { LocatedPolicy } from "../policy/site-policy.js";
import { loadRuleset } from "../ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../ruleset/standalone.js";
import { agentFile } from "../targets/agent-localfile.js";
import type { EmittedFile } from "../targets/emitted-file.js";
import { rolesSql } from "../targets/postgresql/roles-sql.js";
import { serverConf } from "../targets/postgresql/server-conf.js";
import { checkForWazuh } from "../targets/wazuh/check.js";
import { decoderFile } from "../targets/wazuh/decoder-xml.js";
import { listFiles } from "../targets/wazuh/list-files.js";
import { rulesetFragment } from "../targets/wazuh/ossec-conf.js";
import { patternText } from "../targets/wazuh/pattern-text.js";
import { ruleFiles } from "../targets/wazuh/rule-xml.js";
import { checkForm } from "./check-form.js";
import { checkPack } from "./check-pack.js";
import { checkReach } from "./check-reach.js";
import { manifestFile } from "./manifest.js";
import { assignRuleIds, idsIn, type RuleIdLock } from "./rule-ids.js";
import { rulesOf } from "./rule-order.js";
import { applyPolicy } from "./site/apply-policy.js";

export interface CompiledPack {
  /** Sorted by path; the manifest is one of them. */
  readonly files: readonly EmittedFile[];
  readonly lock: RuleIdLock;
  /** How many rules were emitted. */
  readonly rules: number;
  /** What compiles, and cannot do what it says: rules that the site's log form keeps silent. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Definitions and policy to files. Throws a Problem with every finding: of the definitions, of the target, or of the
 * real loader's rules applied to what came out.
 *
 * @param today the day as `yyyy-mm-dd`: exceptions that ended before it are errors
 */
export function compilePack(
  authored: PackNode,
  site: LocatedPolicy,
  lock: RuleIdLock,
  projectRoot: string,
  today: string,
): CompiledPack {
  const policy = site.value;
  const { pack, diagnostics } = applyPolicy(authored, site, today);
  stopOn([...diagnostics, ...checkPack(pack), ...checkReach(authored, policy), ...checkForWazuh(pack, site)]);
  const own = new Set(rulesOf(authored).map(({ key }) => key));
  const added = rulesOf(pack).flatMap(({ key }) => (own.has(key) ? [] : [key]));
  const newLock = assignRuleIds(pack, lock, new Set(added));
  const ids = idsIn(newLock);
  const files = [
    decoderFile(pack),
    ...ruleFiles(pack, ids),
    ...listFiles(pack, policy),
    rulesetFragment(pack),
    agentFile(pack, policy),
    serverConf(policy),
    rolesSql(policy),
  ];
  stopOn(readBack(files, pack, ids));
  const all = [...files, manifestFile(pack, ids, files, projectRoot)];
  return {
    files: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
    lock: newLock,
    rules: rulesOf(pack).length,
    warnings: checkForm(pack, site),
  };
}

function stopOn(found: readonly Diagnostic[]): void {
  if (found.some(({ severity }) => severity === "error")) throw new Problem(1, found);
}

/** What is emitted must be strict XML for the API, and load on a manager without a warning. */
function readBack(files: readonly EmittedFile[], pack: PackNode, ids: Readonly<Record<string, number>>): Diagnostic[] {
  const within = (folder: string) => files.filter(({ path }) => path.startsWith(`wazuh/${folder}/`));
  const source =
    (folder: string) =>
    ({ path, text }: EmittedFile) => ({ name: `etc/${folder}/${path.split("/").at(-1)}`, text });
  const malformed = files
    .filter(({ path }) => /\.(xml|conf)$/.test(path) && !path.startsWith("postgresql/"))
    .flatMap(({ path, text }): Diagnostic[] => {
      const verdict = XMLValidator.validate(`<root>${text}</root>`);
      if (verdict === true) return [];
      const where = { file: path, line: verdict.err.line, column: verdict.err.col };
      return [{ code: "emitted-xml", severity: "error", message: verdict.err.msg, where }];
    });
  const { ruleset, diagnostics } = loadRuleset({
    decoders: [...within("decoders").map(source("decoders")), STANDALONE_DECODERS],
    rules: [STANDALONE_RULES, ...within("rules").map(source("rules"))],
    lists: within("lists").map(source("lists")),
  });
  return [
    ...malformed,
    ...diagnostics.map((each) => ({ ...each, severity: "error" as const })),
    ...(ruleset ? changedTexts(ruleset, pack, ids) : []),
  ];
}

/** Descriptions and patterns that the manager's reader would not hand on as they were written. */
function changedTexts(ruleset: Ruleset, pack: PackNode, ids: Readonly<Record<string, number>>): Diagnostic[] {
  return rulesOf(pack).flatMap((rule) => {
    const read = ruleset.ruleById.get(ids[rule.key]!);
    if (!read) return [];
    const tests = [...read.fields.map(({ test }) => test), ...read.texts.values()];
    const kept = new Set(tests.map((test) => (test.kind === "expression" ? test.expression.pattern : test.value)));
    const patterns = rule.conditions.flatMap(({ test }) => (test.kind === "matches" ? [test.pattern] : []));
    const changed = (text: string, where: Where): Diagnostic => ({
      code: "text-changed",
      severity: "error",
      message: `the manager would read another text than ${JSON.stringify(text)}`,
      where,
    });
    return [
      ...(read.description === toBytes(rule.description) ? [] : [changed(rule.description, rule.where)]),
      ...patterns
        .filter((pattern) => !kept.has(toBytes(patternText(pattern).text)))
        .map(({ source, where }) => changed(source, where)),
    ];
  });
}
