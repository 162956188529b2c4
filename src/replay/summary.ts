import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { EngineEvent } from "../engine/event.js";
import type { Processed } from "../engine/session.js";

/** What is counted of one rule. */
export interface RuleCount {
  readonly level: number;
  /** Of its first alert. */
  readonly description: string;
  count: number;
}

/** Counts over a replay; plain data, so that it can be sent from one thread to another. */
export interface Counts {
  lines: number;
  alerts: number;
  readonly byLevel: Map<number, number>;
  readonly byRule: Map<string, RuleCount>;
  readonly byUser: Map<string, number>;
}

export function noCounts(): Counts {
  return { lines: 0, alerts: 0, byLevel: new Map(), byRule: new Map(), byUser: new Map() };
}

/** Counts one event; null: the predecoder refused it. */
export function countEvent(counts: Counts, processed: Processed | null): void {
  counts.lines++;
  const rule = processed?.alert ? processed.event.rule : null;
  if (!processed || !rule) return;
  counts.alerts++;
  count(counts.byLevel, rule.level, 1);
  const id = String(rule.id);
  const known = counts.byRule.get(id);
  if (known) known.count++;
  else counts.byRule.set(id, { level: rule.level, description: fromBytes(processed.description ?? ""), count: 1 });
  const user = fieldOf(processed.event, "srcuser") ?? fieldOf(processed.event, "dstuser");
  if (user) count(counts.byUser, fromBytes(user), 1);
}

/** Adds counts of later events. */
export function addCounts(counts: Counts, later: Counts): void {
  counts.lines += later.lines;
  counts.alerts += later.alerts;
  for (const [level, number] of later.byLevel) count(counts.byLevel, level, number);
  for (const [id, rule] of later.byRule) {
    const known = counts.byRule.get(id);
    if (known) known.count += rule.count;
    else counts.byRule.set(id, { ...rule });
  }
  for (const [user, number] of later.byUser) count(counts.byUser, user, number);
}

/** As a decision shows it: a dynamic field may bear that name too. */
function fieldOf(event: EngineEvent, name: "srcuser" | "dstuser"): Bytes | null | undefined {
  return event[name] ?? event.values[event.names.list.indexOf(name)];
}

function count<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
