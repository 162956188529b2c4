import type { Bytes } from "../engine/bytes.js";
import type { Decision } from "../engine/decision.js";

/** Counts over a replay. */
export class ReplaySummary {
  lines = 0;
  alerts = 0;
  readonly byLevel = new Map<number, number>();
  readonly byRule = new Map<string, { level: number; description: string; count: number }>();
  readonly byUser = new Map<string, number>();

  add(decision: Decision): void {
    this.lines++;
    const { rule, fields } = decision;
    if (!decision.alert || !rule) return;
    this.alerts++;
    count(this.byLevel, rule.level);
    const known = this.byRule.get(rule.id);
    if (known) known.count++;
    else this.byRule.set(rule.id, { level: rule.level, description: rule.description, count: 1 });
    const user = fields?.srcuser ?? fields?.dstuser;
    if (user) count(this.byUser, user);
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A line kept for a reader: control characters made visible, cut at `width` characters. */
export function shownLine(line: Bytes, width: number): string {
  const text = Buffer.from(line, "latin1")
    .toString("utf8")
    .replace(/[\x00-\x1f\x7f]/g, "·");
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
