import pc from "picocolors";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { CURTAILED_STEPS, type ExpensivePattern } from "../replay/expensive-patterns.js";
import type { ReplayResult } from "../replay/replay.js";
import type { Counts } from "../replay/summary.js";
import { table } from "./table.js";

/** A summary for a person. */
export function summaryText(summary: Counts): string {
  const levels = [...summary.byLevel].sort(([a], [b]) => b - a);
  const rules = [...summary.byRule].sort(([, a], [, b]) => b.level - a.level || b.count - a.count);
  const users = [...summary.byUser].sort(([, a], [, b]) => b - a);
  const parts = [
    `${summary.lines} lines, ${summary.alerts} alerts`,
    levels.length > 0 ? table(["level", "alerts"], levels) : "",
    rules.length > 0
      ? table(
          ["rule", "level", "alerts", "first description"],
          rules.map(([id, { level, count, description }]) => [id, level, count, shorten(description)]),
        )
      : "",
    users.length > 0 ? table(["user", "alerts"], users) : "",
  ];
  return parts.filter((part) => part !== "").join(`\n${process.stdout.isTTY ? pc.reset("") : ""}`);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** A summary for a program. */
export function summaryJson({ counts: { lines, alerts, byLevel, byRule, byUser }, expensive }: ReplayResult): string {
  const rules = [...byRule].map(([id, { level, description, count }]) => ({ id, level, count, description }));
  return JSON.stringify(
    {
      lines,
      alerts,
      by_level: Object.fromEntries(byLevel),
      by_rule: rules,
      by_user: Object.fromEntries(byUser),
      expensive_patterns: expensive.map(({ owner, pattern, dialect, where, line, gaveUp, curtailedFrom }) => ({
        of: owner,
        pattern,
        dialect,
        file: where.file,
        line: where.line,
        first_on: line,
        gave_up: gaveUp,
        curtailed_from: curtailedFrom,
      })),
    },
    null,
    2,
  );
}

/** What there is to say of a pattern that takes very long. */
export function expensiveDiagnostic(found: ExpensivePattern): Diagnostic {
  const { owner, pattern, dialect, where, line, gaveUp, curtailedFrom } = found;
  const hint =
    "repeats inside repeats, and repeats that can share their characters, try every way to divide them: name what each may not contain";
  const subject = `${dialect} pattern ${JSON.stringify(shorten(pattern))} of ${owner}`;
  if (curtailedFrom !== null) {
    return {
      code: "pattern-curtailed",
      severity: "error",
      message: `${subject} gave up on ${gaveUp} lines, first on line ${line}, and was stopped after ${CURTAILED_STEPS} steps from line ${curtailedFrom} on: from there a manager may decide otherwise`,
      where,
      hint,
    };
  }
  const what =
    gaveUp > 0
      ? `gave up on ${gaveUp} lines, first on line ${line}, as a manager does: they count as no match`
      : `takes very long, first on line ${line}`;
  return {
    code: gaveUp > 0 ? "pattern-gave-up" : "pattern-slow",
    severity: "warning",
    message: `${subject} ${what}`,
    where,
    hint,
  };
}
