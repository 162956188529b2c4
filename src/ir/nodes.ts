/**
 * The intermediate representation: what the authoring functions make and what every target's emitter reads.
 * Plain frozen data, not shaped like any target's files; a target declares what it can express and refuses the rest by name.
 */
import type { Where } from "../diagnostics/diagnostic.js";
import type { AuditClass, Preset } from "../postgresql/presets.js";

export type Dialect = "pcre2" | "osmatch" | "osregex";

export interface PatternNode {
  readonly kind: "pattern";
  readonly dialect: Dialect;
  /** The pattern as written; its groups may be named, a group's name is the name of the field that it fills. */
  readonly source: string;
  readonly where: Where;
}

/** One way by which an event comes to a decoder; every filter given must hold. */
export interface EntryNode {
  readonly program?: PatternNode;
  readonly prematch?: PatternNode;
}

/** A set of extractions that belong together, e.g. all of one log form. */
export interface BranchNode {
  readonly kind: "branch";
  readonly name: string;
  /** Only events that match are taken; without it the branch takes all that earlier branches left, so it comes last. */
  readonly prematch?: PatternNode;
  /** Each is tried by itself; those that do not match add nothing. */
  readonly extract: readonly ExtractNode[];
  /** Each but the first is tried on what is behind the last one that matched; without it, on the whole event. */
  readonly offset?: "after_regex";
  readonly where: Where;
}

export interface ExtractNode {
  readonly pattern: PatternNode;
  /** Names of the captures in order, for a pattern without named groups. */
  readonly order?: readonly string[];
}

export interface DecoderNode {
  readonly kind: "decoder";
  readonly name: string;
  readonly description: string;
  /** Put before every field name that is not one of the target's static fields: `pg.`. */
  readonly prefix: string;
  readonly entries: readonly EntryNode[];
  readonly branches: readonly BranchNode[];
  readonly where: Where;
}

/** A list of keys that rules look fields up in; its content comes from the site policy when the pack is compiled. */
export interface ListNode {
  readonly kind: "list";
  readonly name: string;
  readonly description: string;
  readonly content: ListContent;
  readonly where: Where;
}
export type ListContent =
  | { readonly from: "grants"; readonly anyOf: readonly string[] }
  | { readonly from: "people" }
  | { readonly from: "sensitive-relations" }
  | { readonly from: "sensitive-routines" }
  | { readonly from: "entries"; readonly entries: Readonly<Record<string, string>> };

/** A test of one field. */
export type TestNode =
  | { readonly kind: "matches"; readonly pattern: PatternNode; readonly negate: boolean }
  | { readonly kind: "listed"; readonly list: ListNode; readonly negate: boolean }
  /** The address lies in one of the networks, each an address or CIDR. */
  | { readonly kind: "within"; readonly networks: readonly string[] };

export interface ConditionNode {
  readonly field: string;
  readonly test: TestNode;
}

/** Fires when `of` was decided `times` times within `seconds`, the current event included. */
export interface CorrelationNode {
  readonly of: RuleNode;
  readonly times: number;
  readonly seconds: number;
  /** Fields whose value is the same in all these events. */
  readonly same: readonly string[];
  /** Fields whose value is another one than the current event's. */
  readonly different: readonly string[];
}

/** When a rule may match, by the clock of the host that decides. */
export interface DuringNode {
  /** `hh:mm-hh:mm`, over midnight where the first is the later one. */
  readonly hours?: string;
  /** Lower-case English names. */
  readonly weekdays?: readonly string[];
}

/** Ids of controls by framework; the keys are the frameworks that alerts have fields of their own for. */
export interface ComplianceNode {
  readonly pci_dss?: readonly string[];
  readonly hipaa?: readonly string[];
  readonly gdpr?: readonly string[];
  readonly nist_800_53?: readonly string[];
  readonly tsc?: readonly string[];
}

export interface RuleNode {
  readonly kind: "rule";
  /** Stable name, unique in a pack; the lock file gives it its number. */
  readonly key: string;
  readonly level: number;
  /** What the event must have come through: decoders (first rule of a chain) or rules (refined by this one). */
  readonly on: readonly (DecoderNode | RuleNode)[];
  readonly conditions: readonly ConditionNode[];
  readonly correlation?: CorrelationNode;
  readonly during?: DuringNode;
  /** Class of audit record that this rule and those below it live on. */
  readonly records?: AuditClass;
  /** Least preset under which all accounts leave those records: says that under a lower one only some do. */
  readonly seenUnder?: Preset;
  readonly description: string;
  readonly groups: readonly string[];
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly compliance: ComplianceNode;
  readonly where: Where;
}

export interface UseCaseNode {
  readonly kind: "use-case";
  /** Kebab-case; names the rule file and the fixtures' folder. */
  readonly key: string;
  readonly title: string;
  readonly summary: string;
  /** Added to the groups of every rule of the use case. */
  readonly group: string;
  readonly attack: readonly string[];
  readonly compliance: ComplianceNode;
  readonly rules: readonly RuleNode[];
  readonly where: Where;
}

/** The fields that say who does what to which object from where: a site policy tells accounts apart by them. */
export interface ActorNode {
  readonly account: string;
  /** Address of the client; not set where it comes by a local socket. */
  readonly address: string;
  /** Client as the log words it. */
  readonly client: string;
  /** What `client` is for a local socket. */
  readonly socket: PatternNode;
  readonly object: string;
}

export interface PackNode {
  readonly kind: "pack";
  /** Lower case; begins the names of the emitted files. */
  readonly name: string;
  readonly title: string;
  /** Every rule of the pack is in this group. */
  readonly group: string;
  readonly actor?: ActorNode;
  /** First and last rule id that the lock file may give. */
  readonly ids: readonly [first: number, last: number];
  readonly decoders: readonly DecoderNode[];
  /** Rules that use cases build on; they raise no alert themselves. */
  readonly base: readonly RuleNode[];
  readonly useCases: readonly UseCaseNode[];
  readonly where: Where;
}
