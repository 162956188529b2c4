/**
 * The ruleset as the engine runs it: what the reader in `src/ruleset` makes of decoder, rule and list files once the
 * real loader's rules have been applied. Plain data plus compiled expressions; a session never writes to it
 * (run-time state of a rule lives in the session, keyed by the rule's object).
 */
import type { Bytes } from "./bytes.js";
import type { Expression } from "./regex/expression.js";

export interface Where {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Names of static fields, as a Decision shows them. */
export const STATIC_FIELDS = [
  "srcip",
  "dstip",
  "srcport",
  "dstport",
  "protocol",
  "action",
  "srcuser",
  "dstuser",
  "id",
  "status",
  "url",
  "data",
  "extra_data",
  "system_name",
] as const;
export type StaticField = (typeof STATIC_FIELDS)[number];

/** Numbers as in the real engine's `type` and `category`. */
export const EVENT_TYPES = {
  unknown: 0,
  syslog: 1,
  ids: 2,
  firewall: 3,
  "web-log": 7,
  squid: 8,
  windows: 9,
  "host-information": 10,
  ossec: 11,
} as const;
export type EventType = (typeof EVENT_TYPES)[keyof typeof EVENT_TYPES];

export type Offset = "none" | "after_parent" | "after_prematch" | "after_regex";
export type Plugin = "JSON_Decoder" | "PF_Decoder" | "SymantecWS_Decoder" | "SonicWall_Decoder" | "OSSECAlert_Decoder";
export type OrderField =
  | { readonly kind: "static"; readonly name: StaticField }
  | { readonly kind: "dynamic"; readonly name: Bytes };

export interface Decoder {
  /** Name that events and `decoded_as` see: the parent's, unless use_own_name. */
  readonly name: Bytes;
  /** Name as written in the file. */
  readonly ownName: Bytes;
  readonly parent: Bytes | null;
  /**
   * Position of `name`, from 1, among all decoder names of the ruleset (and the real engine's internal ones) in byte
   * order; compared with `Rule.decodedAs`.
   */
  readonly id: number;
  readonly type: EventType;
  readonly programName: Expression | null;
  readonly prematch: Expression | null;
  readonly prematchOffset: Offset;
  readonly regex: Expression | null;
  readonly regexOffset: Offset;
  /** Null where the order skips a capture. */
  readonly order: readonly (OrderField | null)[];
  readonly plugin: Plugin | null;
  readonly pluginOffset: Offset;
  /** What `<fts>` remembers, in the order in which the real engine builds its line. Empty: no fts. */
  readonly fts: readonly OrderFtsField[];
  readonly ftsComment: Bytes | null;
  readonly accumulate: boolean;
  readonly jsonNull: "string" | "discard";
  readonly jsonArray: "array" | "csv";
  /**
   * A later sibling was written with the same name. After this decoder's regex, matched or not, the real engine goes
   * on with the next sibling in the list, whatever its name.
   */
  readonly getNext: boolean;
  readonly where: Where;
}

/**
 * One field of `<fts>`. The line begins with the decoder's name whether listed or not; a static field that is not
 * listed or not set leaves an empty place in it, a dynamic one none. `extra_data` is taken as `data`.
 */
export type OrderFtsField =
  | {
      readonly kind: "static";
      readonly name: "name" | "id" | "dstuser" | "srcuser" | "srcip" | "dstip" | "data" | "system_name" | "location";
    }
  | { readonly kind: "dynamic"; readonly name: Bytes };

/** A decoder in one of the two trees; children in the order in which the engine tries them. */
export interface DecoderNode {
  readonly decoder: Decoder;
  readonly children: readonly DecoderNode[];
}

/** A rule element that tests text. `negate` is the attribute; a leading `!` of osmatch is inside the expression. */
export type TextTest =
  | { readonly kind: "expression"; readonly expression: Expression; readonly negate: boolean }
  | { readonly kind: "string"; readonly value: Bytes; readonly negate: boolean };

/** srcip / dstip: several elements are alternatives. */
export interface AddressTest {
  readonly addresses: readonly AddressMatcher[];
  readonly negate: boolean;
}
export interface AddressMatcher {
  /** Does this textual address lie in the pattern, as the real engine decides? */
  test(address: Bytes): boolean;
}

export type ListLookup =
  | "match_key"
  | "not_match_key"
  | "match_key_value"
  | "address_match_key"
  | "not_address_match_key"
  | "address_match_key_value";

export interface ListTest {
  readonly lookup: ListLookup;
  readonly field:
    | { readonly kind: "static"; readonly name: ListField }
    | { readonly kind: "dynamic"; readonly name: Bytes };
  readonly list: CdbList;
  /** check_value, an osmatch, for the *_value look-ups (without it the real engine crashes on a found key). */
  readonly value: Expression | null;
}
/** Names that `<list field="">` takes as static; any other is dynamic, `srcuser` and `dstuser` included. */
export type ListField =
  | "srcip"
  | "dstip"
  | "srcport"
  | "dstport"
  | "user"
  | "url"
  | "id"
  | "hostname"
  | "program_name"
  | "status"
  | "action"
  | "protocol"
  | "system_name"
  | "data"
  | "extra_data";

export interface CdbList {
  /** As `<list>` names it, without `.cdb`. */
  readonly name: string;
  /** Exact look-up; undefined when the key is absent. */
  get(key: Bytes): Bytes | undefined;
}

/** `user` compares dstuser. */
export type SameField =
  | "srcip"
  | "dstip"
  | "srcport"
  | "dstport"
  | "srcuser"
  | "user"
  | "id"
  | "protocol"
  | "action"
  | "url"
  | "data"
  | "extra_data"
  | "status"
  | "system_name"
  | "location"
  | "srcgeoip"
  | "dstgeoip";

/** What makes a rule a composite one (in the real engine: it has an event_search function). */
export interface Correlation {
  /**
   * Which earlier events are searched: those remembered for `sidRule`, those remembered for this rule's group, or all
   * events of the session that `regex` matches (all of them without a regex).
   */
  readonly source: "sid" | "group" | "events";
  /**
   * False: the rule counts as composite (its frequency is shown) but earlier events are not asked: it has check_diff,
   * or an overwrite took its if_matched_* away.
   */
  readonly searched: boolean;
  /** if_matched_sid; 0 when absent. */
  readonly sid: number;
  /** The rule that `sid` names; null when no such rule was loaded by then: the search then never succeeds. */
  readonly sidRule: Rule | null;
  readonly group: Expression | null;
  readonly regex: Expression | null;
  /** As the engine stores it: the attribute minus 2. */
  readonly frequency: number;
  /** Seconds. */
  readonly timeframe: number;
  readonly same: readonly SameField[];
  readonly different: readonly SameField[];
  readonly sameDynamic: readonly Bytes[];
  readonly differentDynamic: readonly Bytes[];
  readonly globalFrequency: boolean;
}

export interface RuleOptions {
  readonly mail: boolean;
  readonly logAlert: boolean;
  readonly noFullLog: boolean;
  readonly noCounter: boolean;
}

/** One `<rule>`; may stand under several parents, each with a node of its own. */
export interface Rule {
  readonly id: number;
  /** 0 to 16; 99 for level="0" with accuracy="0", as the real engine leaves it. */
  readonly level: number;
  readonly description: Bytes;
  /** The parts of `groupText` between commas that are not empty, of its first 1,023 bytes only. */
  readonly groups: readonly Bytes[];
  /**
   * The text of the enclosing `<group name>` and of the rule's own `<group>` elements, run together. Null: too long, and
   * left out, so that alerts of the rule have no member `groups`.
   */
  readonly groupText: Bytes | null;
  /** An EventType; decides for roots only. */
  readonly category: number;
  /** 0 when absent. */
  readonly decodedAs: number;
  readonly match: TextTest | null;
  readonly regex: TextTest | null;
  /** Element name → test. `user` tests dstuser, then srcuser. */
  readonly texts: ReadonlyMap<TextElement, TextTest>;
  readonly srcip: AddressTest | null;
  readonly dstip: AddressTest | null;
  readonly fields: readonly { readonly name: Bytes; readonly test: TextTest }[];
  readonly lists: readonly ListTest[];
  readonly time: TimeRange | null;
  readonly weekday: ReadonlySet<number> | null;
  /** 0 when absent. In spite of its name the least length of the log that matches. */
  readonly maxSize: number;
  readonly noAlert: boolean;
  /** Seconds; 0 when absent. */
  readonly ignoreTime: number;
  readonly ifFts: boolean;
  readonly checkDiff: boolean;
  readonly compiledRule: string | null;
  readonly correlation: Correlation | null;
  /** This rule's matches are remembered, because some later rule names it in if_matched_sid. */
  readonly recordedBySid: boolean;
  /**
   * The if_matched_group rules whose lists this rule's matches join, unless `recordedBySid`. A rule with several nodes
   * is here once per node, and its events are added as often.
   */
  readonly recordedByGroups: readonly Rule[];
  readonly options: RuleOptions;
  readonly mitre: {
    readonly ids: readonly Bytes[];
    readonly tactics: readonly Bytes[];
    readonly techniques: readonly Bytes[];
  };
  readonly cve: Bytes | null;
  /** All `<info>` texts run together. */
  readonly info: Bytes | null;
  readonly where: Where;
}
export type TextElement =
  | "srcport"
  | "dstport"
  | "srcgeoip"
  | "dstgeoip"
  | "user"
  | "url"
  | "id"
  | "status"
  | "hostname"
  | "program_name"
  | "data"
  | "extra_data"
  | "location"
  | "system_name"
  | "protocol"
  | "action";

/** `<time>`, as the engine parses it. It compares hours and minutes; seconds do not matter. */
export interface TimeRange {
  /** Is this second of the day (0–86,399) inside? */
  test(secondOfDay: number): boolean;
}

export interface RuleNode {
  readonly rule: Rule;
  /** Sorted as the engine walks them. */
  readonly children: readonly RuleNode[];
}

export interface Ruleset {
  /** Decoders for events with a program name, and those for events without one. */
  readonly decodersWithProgramName: readonly DecoderNode[];
  readonly decodersWithoutProgramName: readonly DecoderNode[];
  readonly rules: readonly RuleNode[];
  readonly ruleById: ReadonlyMap<number, Rule>;
  readonly lists: ReadonlyMap<string, CdbList>;
  /** decoder_order_size in force when it was loaded. */
  readonly orderSize: number;
  /** The largest stored frequency of any rule read, dropped ones included; the event list's eviction uses it. */
  readonly maxFrequency: number;
}
