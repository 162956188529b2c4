/** Limits of the Wazuh 4.14 loader, in bytes, and what its engine cuts off. */
export const DECODER_ELEMENT_LIMIT = 1023;
export const RULE_ELEMENT_LIMIT = 2047;
/** Of the comma-separated groups of a rule, enclosing group included, what follows is missing in alerts. */
export const GROUPS_LIMIT = 1023;
export const HIGHEST_LEVEL = 16;
export const HIGHEST_TIMEFRAME = 3600;
/** The index template types this dynamic field as a date; an alert with another text in it is lost. */
export const FORBIDDEN_FIELDS: ReadonlySet<string> = new Set(["timestamp"]);
/** Names that the manager's API takes for lists and for XML files. */
export const LIST_NAME = /^[-\w]+$/;
export const FILE_NAME = /^[-\w]+\.xml$/;
