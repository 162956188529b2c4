/** What would happen to each rule of ours, in the words of somebody who answers for it. */

import { keyOf, type Piece } from "../pieces.js";
import type { Change } from "./desired.js";
import { type Condition, conditionText, type RuleText, ruleTexts } from "./rule-texts.js";

/** `loosened` fires on more events, `tightened` on fewer; `condition` may be either. */
export type RuleChangeKind =
  | "level-raised"
  | "level-lowered"
  | "loosened"
  | "tightened"
  | "condition"
  | "labels"
  | "options"
  | "moved";

export interface RuleChange {
  readonly id: number;
  /** The rule's key in the pack; null where no manifest knows it. */
  readonly key: string | null;
  readonly change: "added" | "changed" | "removed";
  readonly level: number;
  readonly how: readonly { readonly kind: RuleChangeKind; readonly text: string }[];
}

export function ruleChanges({ before, after }: Change, keys: ReadonlyMap<number, string>): RuleChange[] {
  const old = rulesIn(before);
  const fresh = rulesIn(after);
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].sort((a, b) => a - b);
  return ids.flatMap((id): RuleChange[] => {
    const [from, to] = [old.get(id), fresh.get(id)];
    const key = keys.get(id) ?? null;
    if (!from) return to ? [{ id, key, change: "added", level: to.level, how: [] }] : [];
    if (!to) return [{ id, key, change: "removed", level: from.level, how: [] }];
    const how = differences(from, to);
    return how.length > 0 ? [{ id, key, change: "changed", level: to.level, how }] : [];
  });
}

function rulesIn(pieces: readonly Piece[]): ReadonlyMap<number, RuleText> {
  return new Map(
    pieces.flatMap(({ address, content }) =>
      address.kind === "rules" && content ? [...ruleTexts(keyOf(address), content)] : [],
    ),
  );
}

function differences(from: RuleText, to: RuleText): RuleChange["how"] {
  return [
    ...levelChange(from, to),
    ...attributeChanges(from, to),
    ...conditionChanges(from.conditions, to.conditions),
    ...(from.description === to.description
      ? []
      : [{ kind: "labels" as const, text: `description: ${to.description}` }]),
    ...setChange("groups", from.groups, to.groups),
    ...setChange("techniques", from.mitre, to.mitre),
    ...(from.rest.join("\n") === to.rest.join("\n")
      ? []
      : [{ kind: "options" as const, text: `options: ${to.rest.join(", ") || "none"}` }]),
    ...(from.file === to.file ? [] : [{ kind: "moved" as const, text: `from ${from.file} to ${to.file}` }]),
  ];
}

function levelChange({ level: from }: RuleText, { level: to }: RuleText): RuleChange["how"] {
  if (from === to) return [];
  return [{ kind: to > from ? "level-raised" : "level-lowered", text: `level ${from} to ${to}` }];
}

function attributeChanges({ attributes: from }: RuleText, { attributes: to }: RuleText): RuleChange["how"] {
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((name) => {
    const [old, fresh] = [from.get(name), to.get(name)];
    if (old === fresh) return [];
    return [{ kind: attributeEffect(name, old, fresh), text: `${name} ${old ?? "none"} to ${fresh ?? "none"}` }];
  });
}

/** More events in less time are asked for: it fires less. */
function attributeEffect(name: string, old: string | undefined, fresh: string | undefined): RuleChangeKind {
  const more = Number(fresh ?? 0) > Number(old ?? 0);
  if (name === "frequency" || name === "ignore") return more ? "tightened" : "loosened";
  if (name === "timeframe") return more ? "loosened" : "tightened";
  return "options";
}

/** All conditions must hold: one that goes loosens the rule, one that comes tightens it. */
function conditionChanges(from: readonly Condition[], to: readonly Condition[]): RuleChange["how"] {
  const gone = without(from, to);
  const come = without(to, from);
  const how: { kind: RuleChangeKind; text: string }[] = [];
  for (const old of gone) {
    const at = come.findIndex(({ element }) => element === old.element);
    if (at < 0) {
      how.push({ kind: stays(to, old) ? "condition" : "loosened", text: `no longer asks for ${conditionText(old)}` });
      continue;
    }
    const [fresh] = come.splice(at, 1);
    how.push({ kind: contentEffect(old, fresh!), text: `${conditionText(old)} becomes ${fresh!.content}` });
  }
  for (const fresh of come)
    how.push({ kind: stays(from, fresh) ? "condition" : "tightened", text: `also asks for ${conditionText(fresh)}` });
  return how;
}

/** Elements of one name may be alternatives or be run together: of one among several the effect cannot be told. */
function stays(others: readonly Condition[], { element }: Condition): boolean {
  const nameOf = (text: string) => text.split(" ", 1)[0];
  const name = nameOf(element);
  return name !== "field" && name !== "list" && others.some((other) => nameOf(other.element) === name);
}

/** What is alternatives in a row can be told; of patterns only that they differ. */
function contentEffect({ element, content: old }: Condition, { content: fresh }: Condition): RuleChangeKind {
  if (element !== "if_sid") return "condition";
  const [before, after] = [old, fresh].map((text) => text.split(/[\s,]+/).filter((sid) => sid !== ""));
  if (before!.every((sid) => after!.includes(sid))) return "loosened";
  return after!.every((sid) => before!.includes(sid)) ? "tightened" : "condition";
}

function without(conditions: readonly Condition[], others: readonly Condition[]): Condition[] {
  const left = others.map(conditionText);
  return conditions.filter((condition) => {
    const at = left.indexOf(conditionText(condition));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function setChange(what: string, from: readonly string[], to: readonly string[]): RuleChange["how"] {
  const parts = [
    ...to.filter((name) => !from.includes(name)).map((name) => `+${name}`),
    ...from.filter((name) => !to.includes(name)).map((name) => `-${name}`),
  ];
  return parts.length > 0 ? [{ kind: "labels", text: `${what} ${parts.join(" ")}` }] : [];
}
