/** The `<ruleset>` and `<alerts>` of an ossec.conf: which files a manager loads (rules-config.c). */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { Expression } from "../engine/regex/expression.js";
import { atoi, isNumeric } from "./c-text.js";
import { compileTest } from "./expressions.js";
import type { Reporter } from "./reporter.js";
import type { XmlElement } from "./xml.js";
import { readXmlFile } from "./xml-file.js";

/** Paths are relative to the manager's root. */
export interface FileSelection {
  readonly directories: readonly { readonly path: string; readonly pattern: Expression }[];
  /** Files by path, beside the directories. */
  readonly includes: readonly string[];
  /** Paths or base names that the directories leave out. */
  readonly excludes: readonly string[];
}

export interface ManagerConfiguration {
  readonly decoders: FileSelection;
  readonly rules: FileSelection;
  readonly lists: readonly string[];
  readonly logAlertLevel: number;
  readonly emailAlertLevel: number;
}

const DEFAULT_DIRECTORIES = { decoder: "ruleset/decoders", rule: "ruleset/rules" } as const;
const DEFAULT_PATTERN = ".xml$";

/**
 * Reads all `<ossec_config>` roots. Of several `<ruleset>` elements the last one chooses decoders and rules, and the
 * last one that has any chooses lists. Other sections are left alone.
 */
export function readConfiguration(
  file: { readonly name: string; readonly text: Bytes },
  reporter: Reporter,
): ManagerConfiguration {
  const roots = readXmlFile(file, reporter, { variables: false });
  const sections = roots.filter((root) => root.name === "ossec_config").flatMap((root) => root.children);
  const rulesets = sections.filter((section) => section.name === "ruleset");
  const alerts = sections.filter((section) => section.name === "alerts").flatMap((section) => section.children);
  for (const ruleset of rulesets) checkRuleset(ruleset, reporter);
  const last = rulesets.at(-1);
  const lists = rulesets.map((ruleset) => contents(ruleset, "list")).findLast((names) => names.length > 0);
  return {
    decoders: selection(last, "decoder", reporter),
    rules: selection(last, "rule", reporter),
    lists: lists ?? [],
    logAlertLevel: alertLevel(alerts, "log_alert_level", 3, reporter),
    emailAlertLevel: alertLevel(alerts, "email_alert_level", 12, reporter),
  };
}

const KNOWN: ReadonlySet<Bytes> = new Set([
  "rule_include",
  "rule_dir",
  "rule_exclude",
  "decoder_include",
  "decoder_dir",
  "decoder_exclude",
  "list",
]);

function checkRuleset(ruleset: XmlElement, reporter: Reporter): void {
  if (ruleset.children.length === 0) {
    reporter.refuse("configuration-section-empty", "an empty ruleset section; remove it", ruleset.where);
  }
  for (const { name, where } of ruleset.children) {
    if (!KNOWN.has(name)) {
      reporter.refuse("configuration-element-unknown", `"${fromBytes(name)}" is unknown in a ruleset section`, where);
    }
  }
}

function selection(ruleset: XmlElement | undefined, kind: "decoder" | "rule", reporter: Reporter): FileSelection {
  const fallback = DEFAULT_DIRECTORIES[kind];
  const elements = ruleset?.children.filter((child) => child.name === `${kind}_dir`) ?? [];
  const directories = elements.map((element) => {
    const given = element.attributes.findLast((attribute) => attribute.name.toLowerCase() === "pattern")?.value;
    if (given === undefined && element.attributes.length > 0) {
      reporter.refuse("configuration-pattern-missing", `${element.name} has attributes but no pattern`, element.where);
    }
    const what = `pattern of ${element.name}`;
    const pattern = compileTest("osregex", given ?? DEFAULT_PATTERN, what, element.where, reporter);
    return { path: fromBytes(element.content), pattern };
  });
  if (directories.length === 0) {
    const where = ruleset?.where ?? { file: "", line: 1, column: 1 };
    directories.push({ path: fallback, pattern: compileTest("osregex", DEFAULT_PATTERN, "pattern", where, reporter) });
  }
  return {
    directories,
    includes: contents(ruleset, `${kind}_include`).map((path) => (path.includes("/") ? path : `${fallback}/${path}`)),
    excludes: contents(ruleset, `${kind}_exclude`),
  };
}

function contents(ruleset: XmlElement | undefined, name: Bytes): string[] {
  return (ruleset?.children ?? []).filter((child) => child.name === name).map((child) => fromBytes(child.content));
}

function alertLevel(alerts: readonly XmlElement[], name: Bytes, fallback: number, reporter: Reporter): number {
  const element = alerts.findLast((child) => child.name === name);
  if (!element) return fallback;
  if (!isNumeric(element.content)) {
    reporter.refuse("configuration-level-invalid", `"${fromBytes(element.content)}" is no ${name}`, element.where);
  }
  return atoi(element.content);
}
