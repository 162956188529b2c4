import pc from "picocolors";
import type { Change, Comparison } from "../assess/snapshot/compare.js";
import { visible } from "../diagnostics/text-reporter.js";

/** Characters of a value that a person is shown. */
const SHOWN = 100;

export function comparisonText({ changes, notCompared }: Comparison): string {
  const counts =
    changes.length === 0
      ? "nothing differs"
      : `${changes.length} ${changes.length === 1 ? "difference" : "differences"}`;
  return [
    ...changes.map(changeText),
    ...notCompared.map((what) => `${pc.yellow("not compared")} ${what}`),
    notCompared.length > 0 ? `${counts} in what was compared` : counts,
  ].join("\n");
}

function changeText({ path, kind, before, after }: Change): string {
  const place = visible(path.join(" › "));
  if (kind === "changed") return `${pc.yellow(kind)} ${place}: ${valueText(before)} is now ${valueText(after)}`;
  return kind === "added"
    ? `${pc.red(kind)} ${place}: ${valueText(after)}`
    : `${pc.green(kind)} ${place}: ${valueText(before)}`;
}

function valueText(value: unknown): string {
  const text = visible(JSON.stringify(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
