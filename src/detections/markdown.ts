import { fieldsNotIn } from "../compiler/check-form.js";
import { missingUnder } from "../compiler/check-reach.js";
import { rulesOf } from "../compiler/rule-order.js";
import { type Capture, formOf, presetOf } from "../fixtures/captures.js";
import type { ExpectedAlert, FixtureCase, LoadedFixture } from "../fixtures/fixture-file.js";
import type { PackNode, RuleNode, UseCaseNode } from "../ir/nodes.js";
import { LOG_FORMS, type LogForm } from "../postgresql/log-forms.js";
import { FACTS } from "./facts.js";

/** Characters of a statement. */
const SHOWN = 90;

const HEAD = `# Detections

Written by \`rulewright detections\` from the rules and from what the fixtures prove; do not edit. Every line below is a case that a real
server logged: who ran what, and the alerts that it gives with their level (3 logged, 5–7 noted, 10–12 unauthorised, 13–15 act now).
\`full\` is proved in all log forms, with the exceptions named; \`light\` and \`standard\` in jsonlog. How presets and forms differ: [policy](policy.md).
`;

/** `docs/detections.md`: use case × statement × log form × preset to rule and level, or why it cannot be seen. */
export function detectionsMarkdown(pack: PackNode, fixtures: readonly LoadedFixture[]): string {
  const rules = new Map(rulesOf(pack).map((rule) => [rule.key, rule]));
  const sections = pack.useCases.map((useCase) => {
    const own = fixtures.find(({ fixture }) => fixture.use_case === useCase.key);
    return useCaseSection(useCase, own?.fixture.cases ?? [], rules);
  });
  return [HEAD, ...sections, factSection()].join("\n");
}

function useCaseSection(
  useCase: UseCaseNode,
  cases: readonly FixtureCase[],
  rules: ReadonlyMap<string, RuleNode>,
): string {
  const rows = cases.map((each) => [
    `${each.name} (${each.as}): ${statementText(each.sql)}`,
    alertsText(each.expect),
    presetText(each, "jsonlog-standard", rules),
    presetText(each, "jsonlog-light", rules),
    formsText(each, rules),
  ]);
  const reach = useCase.rules.map((rule) => [
    `\`${rule.key}\``,
    String(rule.level),
    reachText(rule),
    silentForms(rule),
  ]);
  return [
    `## ${useCase.title}`,
    "",
    `${useCase.summary} Group \`${useCase.group}\`.`,
    "",
    table(["who does what", "full", "standard", "light", "log forms that tell otherwise"], rows),
    "",
    table(["rule", "level", "sees", "silent in"], reach),
    "",
  ].join("\n");
}

function presetText(each: FixtureCase, capture: Capture, rules: ReadonlyMap<string, RuleNode>): string {
  if (each.forms && !each.forms.includes(capture)) return "not tried";
  const here = each.expect_in?.[capture];
  if (!here) return "the same";
  return [here.length > 0 ? alertsText(here) : "nothing", ...why(each.expect, here, rules, capture)].join(": ");
}

function formsText(each: FixtureCase, rules: ReadonlyMap<string, RuleNode>): string {
  const missing = each.forms ? LOG_FORMS.filter((form) => !each.forms!.includes(form)) : [];
  const other = new Map<string, LogForm[]>();
  for (const form of LOG_FORMS) {
    const here = each.expect_in?.[form];
    if (!here) continue;
    const text = [here.length > 0 ? alertsText(here) : "nothing", ...why(each.expect, here, rules, form)].join(": ");
    other.set(text, [...(other.get(text) ?? []), form]);
  }
  return [
    ...[...other].map(([text, forms]) => `${forms.join(", ")}: ${text}`),
    ...(missing.length > 0 ? [`${missing.join(", ")}: not told apart there`] : []),
  ].join("; ");
}

/** Why alerts of the full capture are missing in another one. */
function why(
  full: readonly ExpectedAlert[],
  here: readonly ExpectedAlert[],
  rules: ReadonlyMap<string, RuleNode>,
  capture: Capture,
): string[] {
  const gone = full.filter(({ rule }) => !here.some((each) => each.rule === rule)).map(({ rule }) => rules.get(rule));
  const reasons = gone.flatMap((rule) => (rule ? [reasonFor(rule, capture)] : []));
  return reasons.length > 0 ? [[...new Set(reasons)].join(", ")] : [];
}

function reasonFor(rule: RuleNode, capture: Capture): string {
  const classes = missingUnder(presetOf(capture), rule);
  if (classes.length > 0) return `${classes.join(", ")} not logged of everybody`;
  const fields = fieldsNotIn(formOf(capture), rule);
  if (fields.length > 0) return `no ${fields.join(", ")} in this form`;
  if (capture === "pgauditlogtofile") return "only the server's own log has it";
  return formOf(capture).includes("split") ? "the text that tells is split off" : "told by other records";
}

function reachText(rule: RuleNode): string {
  const partly = (["standard", "light"] as const).filter((preset) => missingUnder(preset, rule).length > 0);
  if (partly.length === 0) return "everybody under every preset";
  const classes = missingUnder(partly.at(-1)!, rule);
  return `${classes.join(", ")}: under ${partly.join(" and ")} only accounts that are audited so`;
}

function silentForms(rule: RuleNode): string {
  return LOG_FORMS.filter((form) => fieldsNotIn(form, rule).length > 0).join(", ");
}

/** Enough of it to know it again. */
function statementText(sql: string): string {
  const line = sql.trim().replace(/\s+/g, " ").replaceAll("`", "'");
  return `\`${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}\``;
}

function alertsText(alerts: readonly ExpectedAlert[]): string {
  if (alerts.length === 0) return "nothing";
  const counted = new Map<string, number>();
  for (const { rule, level } of alerts) {
    const text = `${rule} ${level}`;
    counted.set(text, (counted.get(text) ?? 0) + 1);
  }
  return [...counted].map(([text, count]) => (count > 1 ? `${count} × ${text}` : text)).join(", ");
}

function factSection(): string {
  const rows = FACTS.map(({ fact, by, answer, fixture }) => [fact, by, answer, fixture ?? ""]);
  return [
    "## What the server does, and the answer",
    "",
    "What no rule can see is named here as a limit, with what to do instead.",
    "",
    table(["fact", "answered by", "how", "proved by"], rows),
    "",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
