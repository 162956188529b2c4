import type {
  ComplianceNode,
  ConditionNode,
  CorrelationNode,
  ListNode,
  PatternNode,
  RuleNode,
  TestNode,
} from "../ir/nodes.js";
import type { AuditClass, Preset } from "../postgresql/presets.js";
import type { Decoder } from "./decoder.js";
import type { Pattern } from "./pattern.js";
import { callerPosition } from "./source-position.js";

declare const fields: unique symbol;

/** A rule; `F` is the union of the field names that its decoders can set. */
export interface Rule<F extends string = string> extends RuleNode {
  readonly [fields]?: F;
}

/** What a rule can stand on. */
export type Source = Decoder | Rule;

/** Fields that the sources can set; with several, those that any of them can. */
export type FieldsOf<S> = S extends Decoder<infer F> ? F : S extends Rule<infer F> ? F : never;

/** `$(name)` in a description; host and program name are there for every event. */
type Mentioned<D extends string> = D extends `${string}$(${infer Name})${infer Rest}` ? Name | Mentioned<Rest> : never;
type AlwaysThere = "hostname" | "program_name" | "location";
type CheckedDescription<D extends string, F extends string> =
  Exclude<Mentioned<D>, F | AlwaysThere> extends never
    ? unknown
    : { readonly "no decoder of this rule sets": Exclude<Mentioned<D>, F | AlwaysThere> };

/** How one field is tested: a pattern must match, or a test made by `not`, `listed`, `notListed`. */
export type Test = Pattern | TestNode;

/** The field must be there and must not match. */
export function not(pattern: Pattern): TestNode {
  return Object.freeze({ kind: "matches", pattern, negate: true });
}

/** The field's value is a key of the list. */
export function listed(list: ListNode): TestNode {
  return Object.freeze({ kind: "listed", list, negate: false });
}

/** The field is there and its value is no key of the list. */
export function notListed(list: ListNode): TestNode {
  return Object.freeze({ kind: "listed", list, negate: true });
}

export interface RuleSpec<F extends string, S extends Source, D extends string> {
  /** Unique in the pack, e.g. `table-dropped`; its number comes from the lock file. */
  readonly key: string;
  /** 0 to 15: 0 no alert, 3 logged, 5–7 noteworthy, 10–12 unauthorised, 13–15 act now. */
  readonly level: number;
  /** A decoder, or the rule (or rules) that this one refines. */
  readonly on: S | readonly S[];
  /** All must hold. A field may be given several tests. */
  readonly where?: { readonly [K in F]?: Test | readonly Test[] };
  /**
   * Fires on the n-th event that `of` decided within the time. With `on` the same rule, the n-th is one of those; with
   * another, it fires on that other's event after n of them.
   */
  readonly correlate?: {
    readonly of: Rule;
    readonly times: number;
    readonly seconds: number;
    readonly same?: readonly F[];
    /** Counts only events with another value than this one's. */
    readonly different?: readonly F[];
  };
  /** Class of pgaudit's records that this rule and those below it live on. */
  readonly records?: AuditClass;
  /**
   * Least preset under which everybody leaves those records. Without it the rule does not compile for a site whose preset
   * leaves them out; with it the rule is known to see only the accounts that are audited in full there.
   */
  readonly seenUnder?: Preset;
  readonly description: D;
  readonly groups?: readonly string[];
  readonly attack?: readonly string[];
  readonly compliance?: ComplianceNode;
}

/** Defines a rule. Fields in `where` and in the description are checked against the decoders that it stands on. */
export function rule<S extends Source, const D extends string>(
  spec: RuleSpec<FieldsOf<S>, S, D> & { readonly description: CheckedDescription<D, FieldsOf<S>> },
): Rule<FieldsOf<S>> {
  const conditions: ConditionNode[] = [];
  for (const [field, tests] of Object.entries(spec.where ?? {}) as [string, Test | readonly Test[]][]) {
    for (const test of Array.isArray(tests) ? tests : [tests])
      conditions.push(Object.freeze({ field, test: asTest(test) }));
  }
  const { correlate } = spec;
  const correlation: CorrelationNode | undefined = correlate && {
    of: correlate.of,
    times: correlate.times,
    seconds: correlate.seconds,
    same: Object.freeze([...(correlate.same ?? [])]),
    different: Object.freeze([...(correlate.different ?? [])]),
  };
  return Object.freeze({
    kind: "rule",
    key: spec.key,
    level: spec.level,
    on: Object.freeze([spec.on].flat() as S[]),
    conditions: Object.freeze(conditions),
    ...(correlation && { correlation: Object.freeze(correlation) }),
    ...(spec.records && { records: spec.records }),
    ...(spec.seenUnder && { seenUnder: spec.seenUnder }),
    description: spec.description,
    groups: Object.freeze([...(spec.groups ?? [])]),
    attack: Object.freeze([...(spec.attack ?? [])]),
    compliance: Object.freeze({ ...spec.compliance }),
    where: callerPosition(rule),
  });
}

function asTest(test: PatternNode | TestNode): TestNode {
  return test.kind === "pattern" ? Object.freeze({ kind: "matches", pattern: test, negate: false }) : test;
}
