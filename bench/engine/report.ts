import { spreadOf } from "../postgres/statistics.js";
import type { Row } from "./rows.js";
import type { Sample } from "./sample.js";
import type { Numbers } from "./task.js";

export interface Measured {
  readonly row: Row;
  /** Empty: skipped. */
  readonly samples: readonly Sample[];
}

export interface Profile {
  readonly of: string;
  /** Microseconds per event, by stage. */
  readonly stages: Numbers;
}

export interface Report {
  readonly machine: string;
  readonly node: string;
  readonly commit: string;
  readonly date: string;
  readonly runs: number;
  readonly measured: readonly Measured[];
  readonly profiles: readonly Profile[];
}

/** Tables in Markdown, which a terminal shows well enough too. */
export function markdown({ machine, node, commit, date, runs, measured, profiles }: Report): string {
  const rows = measured.map(({ row, samples }) => {
    if (samples.length === 0) return [row.what, "skipped: no stock ruleset", "", "", "", row.least, row.aim];
    const { median, least, most } = spreadOf(samples.map(({ value }) => value));
    return [
      row.what,
      `${shown(median)} ${row.unit}`,
      `${shown(least)} – ${shown(most)}`,
      spreadOf(samples.map(({ cpu }) => cpu)).median.toFixed(2),
      spreadOf(samples.map(({ wall }) => wall)).median.toFixed(2),
      row.least,
      row.aim,
    ];
  });
  const stages = profiles.flatMap(({ of, stages: each }) =>
    Object.entries(each).map(([stage, microseconds]) => [of, stage, microseconds.toFixed(2)]),
  );
  return [
    `${machine}, Node ${node}, commit ${commit}, ${date}. Medians of ${runs} runs, each in a fresh process.`,
    "",
    ...table(["work", "median", "spread", "CPU s", "wall s", "at least", "aim"], rows),
    ...(stages.length > 0 ? ["", ...table(["lines", "stage", "µs of CPU per event"], stages)] : []),
  ].join("\n");
}

/** For comparisons over commits. */
export function json({ measured, ...rest }: Report): string {
  const rows = measured.map(({ row: { key, what, unit }, samples }) => ({
    key,
    what,
    unit,
    skipped: samples.length === 0,
    ...(samples.length > 0 && { median: spreadOf(samples.map(({ value }) => value)).median }),
    samples,
  }));
  return JSON.stringify({ ...rest, rows }, null, 2);
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)];
}
