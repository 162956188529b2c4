/** A ruleset made ready to run: closures and indexes, built once and shared by all sessions. */
import { isAscii } from "./bytes.js";
import { DecoderStep } from "./decoders/decoder-step.js";
import { PrematchIndex } from "./decoders/prematch-index.js";
import { ProgramIndex } from "./decoders/program-index.js";
import type { DecoderNode, Rule, RuleNode, Ruleset } from "./model.js";
import { Answers, Checks, type Condition } from "./rules/checks.js";
import { type Conditions, compileConditions } from "./rules/conditions.js";
import { compileSearch, type Search } from "./rules/correlate.js";
import { compileDescription, type Description } from "./rules/description.js";
import { EventKinds } from "./rules/event-kind.js";
import type { Recorder } from "./rules/event-list.js";
import { FieldTable } from "./rules/field-table.js";
import { compileList } from "./rules/lists.js";

export interface CompiledRule {
  readonly rule: Rule;
  /** Place of the rule's state in a session. */
  readonly index: number;
  /** Those that leave no traces. */
  readonly conditions: Conditions;
  /** Looked up after the conditions that leave traces, therefore apart. */
  readonly lists: readonly Condition[];
  readonly search: Search | null;
  readonly describe: Description;
  /** The composite rules that its events count for, one of them twice when the rule has two nodes. */
  readonly recorders: readonly Recorder[];
}

export interface CompiledNode {
  readonly compiled: CompiledRule;
  readonly children: readonly CompiledNode[];
}

/** Top-level decoders, and which of them to try. */
export interface CompiledDecoders {
  /** For events with a program name. */
  readonly withProgram: readonly DecoderStep[];
  readonly programs: ProgramIndex;
  /** For events without one. */
  readonly withoutProgram: readonly DecoderStep[];
  readonly prematches: PrematchIndex;
}

export interface CompiledRuleset {
  readonly ruleset: Ruleset;
  readonly roots: readonly CompiledNode[];
  /** Number of different rules. */
  readonly size: number;
  readonly byRule: ReadonlyMap<Rule, CompiledRule>;
  readonly checks: Checks;
  /** About the event that is being matched, in whichever session. */
  readonly answers: Answers;
  readonly kinds: EventKinds;
  /** Of all fields that its decoders fill. */
  readonly namesAreAscii: boolean;
  readonly decoders: CompiledDecoders;
}

const compiledRulesets = new WeakMap<Ruleset, CompiledRuleset>();

export function compileRuleset(ruleset: Ruleset): CompiledRuleset {
  let compiled = compiledRulesets.get(ruleset);
  if (compiled === undefined) {
    compiled = build(ruleset);
    compiledRulesets.set(ruleset, compiled);
  }
  return compiled;
}

function build(ruleset: Ruleset): CompiledRuleset {
  const byRule = new Map<Rule, LinkedRule>();
  const checks = new Checks();
  const fields = new FieldTable();
  const compileNode = (node: RuleNode): CompiledNode => {
    let compiled = byRule.get(node.rule);
    if (compiled === undefined) {
      compiled = compileRule(node.rule, byRule.size, checks, fields);
      byRule.set(node.rule, compiled);
    }
    return { compiled, children: node.children.map(compileNode) };
  };
  const roots = ruleset.rules.map(compileNode);
  linkRecorders(byRule);
  return {
    ruleset,
    roots,
    size: byRule.size,
    byRule,
    checks,
    answers: new Answers(checks),
    kinds: new EventKinds(fields),
    namesAreAscii: [...ruleset.decodersWithProgramName, ...ruleset.decodersWithoutProgramName].every(hasAsciiNames),
    decoders: compileDecoders(ruleset),
  };
}

function compileDecoders(ruleset: Ruleset): CompiledDecoders {
  const withProgram = ruleset.decodersWithProgramName.map((node) => new DecoderStep(node));
  const withoutProgram = ruleset.decodersWithoutProgramName.map((node) => new DecoderStep(node));
  return {
    withProgram,
    programs: new ProgramIndex(withProgram),
    withoutProgram,
    prematches: new PrematchIndex(withoutProgram),
  };
}

function hasAsciiNames({ decoder, children }: DecoderNode): boolean {
  return decoder.order.every((field) => field === null || isAscii(field.name)) && children.every(hasAsciiNames);
}

/** While rules are compiled: whom their events count for is known when all are. */
type LinkedRule = CompiledRule & { recorders: readonly Recorder[] };

function linkRecorders(byRule: ReadonlyMap<Rule, LinkedRule>): void {
  const ofAllEvents: Search[] = [];
  const bySid = new Map<Rule, Search[]>();
  for (const { rule, search } of byRule.values()) {
    if (search === null) continue;
    const { source, sidRule } = rule.correlation!;
    if (source === "events") ofAllEvents.push(search);
    if (source === "sid" && sidRule !== null) bySid.set(sidRule, [...(bySid.get(sidRule) ?? []), search]);
  }
  for (const compiled of byRule.values()) {
    const { rule } = compiled;
    // A rule that feeds an if_matched_sid feeds no group.
    const groups = rule.recordedByGroups.map((composite) => byRule.get(composite)?.search ?? null);
    const own = rule.recordedBySid ? (bySid.get(rule) ?? []) : groups.filter((search) => search !== null);
    compiled.recorders = [...ofAllEvents, ...own];
  }
}

function compileRule(rule: Rule, index: number, checks: Checks, fields: FieldTable): LinkedRule {
  const { correlation } = rule;
  return {
    rule,
    index,
    conditions: compileConditions(rule, checks, fields),
    lists: rule.lists.map((list) => compileList(list, fields)),
    search: correlation?.searched ? compileSearch(rule, correlation, index) : null,
    describe: compileDescription(rule.description, fields),
    recorders: [],
  };
}
