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
  /** Index of `name` in the ruleset's table of decoder names, from 1; compared with `Rule.decodedAs`. */
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
  readonly fts: readonly OrderFtsField[];
  readonly ftsComment: Bytes | null;
  readonly accumulate: boolean;
  readonly jsonNull: "string" | "discard";
  readonly jsonArray: "array" | "csv";
  /** The next sibling bears the same name: on failure it is tried too. */
  readonly getNext: boolean;
  readonly where: Where;
}

/** What an `<fts>` element lists, in order. */
export type OrderFtsField =
  | {
      readonly kind: "static";
      readonly name: "name" | "srcuser" | "dstuser" | "srcip" | "dstip" | "location" | "id" | "data" | "system_name";
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
  /** check_value, for the *_value look-ups. */
  readonly value: Expression | null;
}
/** Names that `<list field="">` takes as static (any other is dynamic). */
export type ListField = StaticField | "user" | "hostname" | "program_name";

export interface CdbList {
  readonly name: string;
  /** Exact look-up; undefined when the key is absent. */
  get(key: Bytes): Bytes | undefined;
}

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
  | "dstgeoip"
  | "agent";

/** What makes a rule a composite one. */
export interface Correlation {
  /** Which list of earlier events is searched. */
  readonly source: "sid" | "group" | "regex" | "none";
  readonly sid: number;
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
  readonly level: number;
  readonly description: Bytes;
  /** All groups in order: the enclosing `<group name>`, then the rule's own. */
  readonly groups: readonly Bytes[];
  /** The text of the group attribute as the engine keeps it, for if_matched_group and the 1,023-byte limit. */
  readonly groupText: Bytes;
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
  readonly maxSize: number;
  readonly noAlert: boolean;
  /** Seconds; 0 when absent. */
  readonly ignoreTime: number;
  readonly ifFts: boolean;
  readonly checkDiff: boolean;
  readonly compiledRule: string | null;
  readonly correlation: Correlation | null;
  /** This rule's matches are remembered, because some rule names it in if_matched_sid. */
  readonly recordedBySid: boolean;
  /** The if_matched_group rules whose lists this rule's matches join. */
  readonly recordedByGroups: readonly Rule[];
  readonly options: RuleOptions;
  readonly mitre: {
    readonly ids: readonly Bytes[];
    readonly tactics: readonly Bytes[];
    readonly techniques: readonly Bytes[];
  };
  readonly cve: Bytes | null;
  readonly info: readonly { readonly type: "text" | "link" | "cve" | "osvdb"; readonly text: Bytes }[];
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

/** `<time>`, as the engine parses it. */
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
  /** decoder_order_size and the other limits in force when it was loaded. */
  readonly orderSize: number;
}
