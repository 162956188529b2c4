import type { Where } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import type {
  AddressTest,
  EventType,
  ListTest,
  RuleOptions,
  SameField,
  TextElement,
  TextTest,
  TimeRange,
} from "../engine/model.js";
import type { Expression } from "../engine/regex/expression.js";

/** What an overwrite replaces. */
export interface RuleBody {
  /**
   * The key by which siblings are sorted: level times 100, 9,900 for level 0, and a plain level (99 for 0) with
   * accuracy 0. The tree of rules makes a level of it again when all files are read.
   */
  rank: number;
  maxSize: number;
  /** The attribute minus 2; 0 when absent. */
  frequency: number;
  timeframe: number;
  ignoreTime: number;
  noAlert: boolean;
  /** Some element asked for earlier events, check_diff included. */
  context: boolean;
  checkDiff: boolean;
  globalFrequency: boolean;
  same: Set<SameField>;
  different: Set<SameField>;
  sameDynamic: Bytes[];
  differentDynamic: Bytes[];
  options: { -readonly [K in keyof RuleOptions]: RuleOptions[K] };
  ifFts: boolean;
  category: EventType;
  decodedAs: number;
  /** Null when the rule's own group was too long. */
  groupText: Bytes | null;
  match: TextTest | null;
  regex: TextTest | null;
  texts: Map<TextElement, TextTest>;
  srcip: AddressTest | null;
  dstip: AddressTest | null;
  fields: { name: Bytes; test: TextTest }[];
  lists: ListTest[];
  time: TimeRange | null;
  weekday: ReadonlySet<number> | null;
  description: Bytes | null;
  info: Bytes | null;
  cve: Bytes | null;
  compiledRule: string | null;
  mitre: MitreIds;
  ifMatchedRegex: Expression | null;
  where: Where;
}

export interface MitreIds {
  ids: Bytes[];
  tactics: Bytes[];
  techniques: Bytes[];
}

/** A `<rule>` while the files are read. Two drafts never share a body. */
export interface RuleDraft {
  readonly id: number;
  readonly overwrite: boolean;
  body: RuleBody;
  /** Where in the tree it goes; never overwritten. */
  ifSid: Bytes | null;
  ifLevel: Bytes | null;
  ifGroup: Bytes | null;
  /** 0 when absent. */
  ifMatchedSid: number;
  ifMatchedGroup: Expression | null;
  /** How earlier events are searched; set when the rule is in the tree, never overwritten. */
  search: "sid" | "group" | "events" | null;
  sidTarget: RuleDraft | null;
  recordedBySid: boolean;
  readonly recordedByGroups: RuleDraft[];
}
