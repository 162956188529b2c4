/** same_*, different_* and not_same_*: which words there are, and which of them mind the case of letters. */
import type { Bytes } from "../engine/bytes.js";
import type { SameField } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";

export interface Comparison {
  readonly relation: "same" | "different";
  readonly field: SameField;
}

const FIELDS: readonly SameField[] = [
  "srcip",
  "dstip",
  "srcport",
  "dstport",
  "srcuser",
  "user",
  "id",
  "protocol",
  "action",
  "url",
  "data",
  "extra_data",
  "status",
  "system_name",
  "location",
  "srcgeoip",
  "dstgeoip",
];

const COMPARISONS: ReadonlyMap<Bytes, Comparison> = new Map<Bytes, Comparison>([
  ...FIELDS.map((field) => [`same_${field}`, { relation: "same", field }] as const),
  ...FIELDS.map((field) => [`different_${field}`, { relation: "different", field }] as const),
  ["same_source_ip", { relation: "same", field: "srcip" }],
  ["same_src_port", { relation: "same", field: "srcport" }],
  ["same_dst_port", { relation: "same", field: "dstport" }],
  ["different_src_port", { relation: "different", field: "srcport" }],
  ["different_dst_port", { relation: "different", field: "dstport" }],
  ["not_same_source_ip", { relation: "different", field: "srcip" }],
  ["not_same_user", { relation: "different", field: "user" }],
  ["not_same_id", { relation: "different", field: "id" }],
]);

/** The real engine compares these names byte by byte, all others without regard to case. */
const EXACT: ReadonlySet<Bytes> = new Set([
  ..."id url data extra_data status system_name srcgeoip dstgeoip".split(" ").map((field) => `same_${field}`),
  ..."srcip protocol action id url data extra_data status system_name srcgeoip dstgeoip"
    .split(" ")
    .map((field) => `different_${field}`),
  "not_same_source_ip",
  "not_same_id",
]);

/** What an element compares between events; undefined when its name says nothing of the kind. */
export function comparisonNamed(name: Bytes): Comparison | undefined {
  const lower = asciiLower(name);
  return EXACT.has(lower) && name !== lower ? undefined : COMPARISONS.get(lower);
}
