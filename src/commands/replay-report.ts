import pc from "picocolors";
import type { ReplaySummary } from "../replay/summary.js";
import { table } from "./table.js";

/** A summary for a person. */
export function summaryText(summary: ReplaySummary): string {
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
export function summaryJson({ lines, alerts, byLevel, byRule, byUser }: ReplaySummary): string {
  const rules = [...byRule].map(([id, { level, description, count }]) => ({ id, level, count, description }));
  return JSON.stringify(
    { lines, alerts, by_level: Object.fromEntries(byLevel), by_rule: rules, by_user: Object.fromEntries(byUser) },
    null,
    2,
  );
}
