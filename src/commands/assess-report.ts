import Table from "cli-table3";
import pc from "picocolors";
import { type Outcome, SEVERITIES, type Severity } from "../assess/check.js";
import type { Assessment } from "../assess/run.js";
import { visible } from "../diagnostics/text-reporter.js";
import { RULED_BELOW_HEAD } from "./table.js";

/** Findings of one check in one database beyond which a person reads no further; `--json` has them all. */
const SHOWN = 10;

/** Exit code 1: something to be put right, or something that could have been checked and was not. */
export function isFine({ outcomes }: Assessment): boolean {
  return outcomes.every(
    ({ verdict, severity, notApplicable }) =>
      verdict === "ok" || (verdict === "finding" ? severity === "note" : notApplicable),
  );
}

export function assessmentJson(place: string, { server, databases, outcomes }: Assessment): string {
  return JSON.stringify(
    {
      server: { place, version: server.version, account: server.account },
      databases,
      summary: counts(outcomes),
      checks: outcomes.map(({ notApplicable, ...each }) => ({ ...each, not_applicable: notApplicable })),
    },
    null,
    2,
  );
}

/** What is not ok, the worst first: a table and what to do on a terminal of this width, plain blocks in a pipe. */
export function assessmentText(place: string, assessment: Assessment, width: number | null): string {
  const { server, databases, outcomes } = assessment;
  const open = outcomes.filter(({ verdict }) => verdict !== "ok").sort((a, b) => rank(a) - rank(b));
  const head = `PostgreSQL ${server.version} at ${place} as ${server.account}; databases ${databases.join(", ")}`;
  const body = open.length === 0 ? [] : width === null ? open.map(blockText) : [tableText(open, width), fixText(open)];
  return [visible(head), ...body, summaryText(outcomes)].join("\n\n");
}

function rank({ verdict, severity }: Outcome): number {
  return verdict === "not checked" ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

function labelOf({ verdict, severity }: Outcome): Severity | "not checked" {
  return verdict === "not checked" ? verdict : severity;
}

function whereOf({ database }: Outcome): string {
  return database === null ? "server" : visible(database);
}

/** What was found, or why nothing was looked at. */
function foundLines({ findings, reason }: Outcome): string[] {
  if (reason !== null) return [visible(reason)];
  const more = findings.length - SHOWN;
  return [...findings.slice(0, SHOWN).map(({ found }) => visible(found)), ...(more > 0 ? [moreText(more)] : [])];
}

function moreText(more: number): string {
  return `and ${more} more: --json`;
}

function blockText(outcome: Outcome): string {
  const { code, findings, reason, references } = outcome;
  const more = findings.length - SHOWN;
  return [
    `${labelOf(outcome)} ${code} [${whereOf(outcome)}]`,
    ...(reason === null ? [] : [`  reason: ${visible(reason)}`]),
    ...findings.slice(0, SHOWN).flatMap(({ found, fix }) => [`  found: ${visible(found)}`, `  do: ${visible(fix)}`]),
    ...(more > 0 ? [`  ${moreText(more)}`] : []),
    `  see: ${references.join("; ")}`,
  ].join("\n");
}

function tableText(outcomes: readonly Outcome[], width: number): string {
  const rows = outcomes.map((each) => [labelOf(each), each.code, whereOf(each), foundLines(each).join("\n")] as const);
  const longest = (column: 0 | 1 | 2) => Math.max(8, ...rows.map((row) => row[column].length)) + 2;
  const fixed = [longest(0), longest(1), Math.min(longest(2), 22)];
  const divisions = fixed.length;
  const table = new Table({
    ...RULED_BELOW_HEAD,
    head: ["severity", "check", "where", "found"].map((each) => pc.bold(each)),
    colWidths: [...fixed, Math.max(30, width - fixed.reduce((sum, each) => sum + each, divisions))],
    wordWrap: true,
  });
  for (const [label, ...cells] of rows) table.push([paint(label), ...cells]);
  return table.toString();
}

/** Below the table, not in it: lines that are to be copied must not be wrapped. */
function fixText(outcomes: readonly Outcome[]): string {
  const found = outcomes.filter(({ verdict }) => verdict === "finding");
  return [...new Set(found.map(({ code }) => code))]
    .map((code) => {
      const own = found.filter((each) => each.code === code);
      const lines = own.flatMap((each) =>
        each.findings
          .slice(0, SHOWN)
          .map(({ fix }) => `  ${each.database === null ? "" : `[${whereOf(each)}] `}${visible(fix)}`),
      );
      return [`${pc.bold(code)} ${pc.dim(own[0]!.references.join("; "))}`, ...new Set(lines)].join("\n");
    })
    .join("\n");
}

function paint(severity: Severity | "not checked"): string {
  if (severity === "high") return pc.red(severity);
  return severity === "medium" || severity === "not checked" ? pc.yellow(severity) : severity;
}

interface Counts {
  readonly ok: number;
  readonly not_checked: number;
  readonly findings: Readonly<Record<Severity, number>>;
}

/** Checks, each counted in every database where it was made. */
function counts(outcomes: readonly Outcome[]): Counts {
  const count = (wanted: (outcome: Outcome) => boolean) => outcomes.filter(wanted).length;
  const ofSeverity = (severity: Severity) => [
    severity,
    count((each) => each.verdict === "finding" && each.severity === severity),
  ];
  return {
    ok: count(({ verdict }) => verdict === "ok"),
    not_checked: count(({ verdict }) => verdict === "not checked"),
    findings: Object.fromEntries(SEVERITIES.map(ofSeverity)),
  };
}

function summaryText(outcomes: readonly Outcome[]): string {
  const { ok, not_checked, findings } = counts(outcomes);
  const found = SEVERITIES.map((severity) => `${findings[severity]} ${severity}`).join(", ");
  return `${outcomes.length} checks: ${ok} ok, with findings ${found}; ${not_checked} not checked`;
}
