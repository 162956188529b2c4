/** A plan for a person, and for a program. */
import pc from "picocolors";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { isSettled, type Plan } from "../manager/plan/plan.js";
import { verdictText } from "../manager/plan/verdict-changes.js";
import { shownLine } from "../replay/shown-line.js";
import { table } from "./table.js";

const LINE_WIDTH = 60;
/** More are counted, not shown. */
const SHOWN_VERDICTS = 20;

const SIGNS = { added: pc.green("+"), changed: pc.yellow("~"), removed: pc.red("-") } as const;

export function planText(plan: Plan, place: string, keys: ReadonlyMap<number, string>): string {
  const nodes = plan.facts.nodes.map(({ name, type }) => (type === "manager" ? name : `${name} (${type})`)).join(", ");
  const last = plan.last
    ? `deployment ${plan.last.number} of ${plan.last.at} by ${plan.last.by}`
    : "nothing deployed so far";
  return [
    `${pc.bold(place)}: ${plan.facts.version ?? "version not told"}, ${nodes}; ${last}`,
    ...(plan.interrupted ? [pc.red("a deployment was interrupted: deploy or rollback puts that right first")] : []),
    ...section("files", fileLines(plan)),
    ...section("rules", ruleLines(plan)),
    ...section("recorded lines that change verdict", verdictLines(plan, keys)),
    ...section("findings", plan.findings.map(diagnosticText)),
    ...section("not checked", plan.notChecked),
    plan.files.length === 0 ? unchanged(plan) : summary(plan),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ["", pc.bold(title), ...lines] : [];
}

function fileLines({ files, last }: Plan): string[] {
  return files.flatMap(({ path, change, foreign, lines }) => {
    const theirs =
      foreign && change !== "added"
        ? pc.red(last ? " (edited since it was deployed)" : " (not from a deployment)")
        : "";
    return [
      `${SIGNS[change]} ${path}${theirs}`,
      ...(change === "changed" && lines
        ? [...lines.added.map((line) => `    + ${line}`), ...lines.removed.map((line) => `    - ${line}`)]
        : []),
    ];
  });
}

function ruleLines({ rules }: Plan): string[] {
  return rules.flatMap(({ id, key, change, level, how }) => [
    `${SIGNS[change]} ${id} ${key ?? ""}${change === "removed" ? ": id retired" : ` (level ${level})`}`,
    ...how.map(({ kind, text }) => `    ${pc.dim(kind)} ${text}`),
  ]);
}

function verdictLines({ verdicts }: Plan, keys: ReadonlyMap<number, string>): string[] {
  const changes = verdicts?.changes ?? [];
  const more = changes.length - SHOWN_VERDICTS;
  if (changes.length === 0) return [];
  const rows = changes
    .slice(0, SHOWN_VERDICTS)
    .map(({ useCase, case: name, form, line, before, after }) => [
      `${useCase}: ${name}`,
      form,
      verdictText(before, keys),
      verdictText(after, keys),
      shownLine(line, LINE_WIDTH),
    ]);
  return [
    table(["case", "form", "now", "then", "line"], rows),
    ...(more > 0 ? [`and ${more} more; --json has all`] : []),
  ];
}

/** That nothing would change is never said without what could not be looked at. */
function unchanged(plan: Plan): string {
  if (isSettled(plan)) return "nothing would change";
  return `nothing would change; ${countErrors(plan)} errors, ${plan.notChecked.length} not checked`;
}

function countErrors({ findings }: Plan): number {
  return findings.filter(({ severity }) => severity === "error").length;
}

function summary(plan: Plan): string {
  const { files, rules, verdicts, findings, notChecked } = plan;
  const count = (change: string) => rules.filter((rule) => rule.change === change).length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return [
    "",
    `${files.length} files would change; ${count("added")} rules added, ${count("changed")} changed, ${count("removed")} removed; ` +
      `${verdicts?.changes?.length ?? "unknown"} of ${verdicts?.events ?? "the"} recorded lines change verdict; ${countErrors(plan)} errors, ${warnings} warnings` +
      (notChecked.length > 0 ? `, ${notChecked.length} not checked` : ""),
  ].join("\n");
}

export function planJson(plan: Plan, place: string): string {
  const { facts, last, interrupted, files, rules, findings, verdicts, notChecked } = plan;
  return JSON.stringify(
    {
      target: place,
      facts,
      last_deployment: last && { number: last.number, at: last.at, by: last.by, source: last.source },
      interrupted,
      changes: files.length > 0,
      settled: isSettled(plan),
      files,
      rules,
      verdicts: verdicts && {
        events: verdicts.events,
        changes:
          verdicts.changes?.map(({ line, useCase, ...rest }) => ({
            use_case: useCase,
            ...rest,
            line: Buffer.from(line, "latin1").toString("utf8"),
          })) ?? null,
      },
      findings,
      not_checked: notChecked,
    },
    null,
    2,
  );
}
