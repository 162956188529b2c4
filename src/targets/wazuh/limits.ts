/** Limits of the Wazuh 4.14 loader, in bytes, and what its engine cuts off. */
export const DECODER_ELEMENT_LIMIT = 1023;
export const RULE_ELEMENT_LIMIT = 2047;
/** Of the comma-separated groups of a rule, enclosing group included, what follows is missing in alerts. */
export const GROUPS_LIMIT = 1023;
export const HIGHEST_LEVEL = 16;
export const HIGHEST_TIMEFRAME = 3600;
/** The index template types this dynamic field as a date; an alert with another text in it is lost. */
export const FORBIDDEN_FIELDS: ReadonlySet<string> = new Set(["timestamp"]);
/** decoder_order_size: of the fields of one event the manager keeps so many. */
export const HIGHEST_FIELD_COUNT = 256;
/** Ids that Wazuh leaves to its users' rules. */
export const OWN_RULE_IDS = [100_000, 120_000] as const;
/** Names that the manager's API takes for lists and, with their ending, for XML files. */
export const FILE_NAME = /^[-\w]+$/;
/** What begins a file name: rule files sort behind the stock ones, whose names begin with digits. */
export const PACK_NAME = /^[a-z][-\w]*$/;
/** Decoders, fields and groups: what stands between commas or in an attribute. */
export const NAME = /^[-\w.]+$/;
export const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;
/** A decoder of one of these names would join the stock ruleset's tree and take what is decoded there. */
export const STOCK_DECODERS: ReadonlySet<string> = new Set([
  "auditd",
  "json",
  "kernel",
  "named",
  "ossec",
  "pam",
  "postgresql_log",
  "sshd",
  "su",
  "sudo",
  "web-accesslog",
  "windows",
]);
/** Static fields that events can be compared by. */
export const COMPARED_FIELDS: ReadonlySet<string> = new Set([
  "action",
  "data",
  "extra_data",
  "id",
  "location",
  "protocol",
  "srcip",
  "srcport",
  "srcuser",
  "dstip",
  "dstport",
  "status",
  "system_name",
  "url",
]);
