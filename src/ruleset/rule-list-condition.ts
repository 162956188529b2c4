/** `<list field="" lookup="" check_value="">path</list>` of a rule. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { ListField, ListLookup, ListTest } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Expression } from "../engine/regex/expression.js";
import { firstWord } from "./c-text.js";
import { compileTest } from "./expressions.js";
import type { ListTable } from "./list-table.js";
import type { Reporter } from "./reporter.js";
import type { XmlElement } from "./xml.js";

const LOOKUPS: readonly ListLookup[] = [
  "match_key",
  "not_match_key",
  "match_key_value",
  "address_match_key",
  "not_address_match_key",
  "address_match_key_value",
];

const STATIC_LIST_FIELDS: readonly ListField[] = [
  "srcip",
  "srcport",
  "dstip",
  "dstport",
  "user",
  "url",
  "id",
  "hostname",
  "program_name",
  "status",
  "action",
  "protocol",
  "system_name",
  "data",
  "extra_data",
];

/** Null, with a warning, when there is no such list: the rule is then dropped. */
export function readListCondition(
  element: XmlElement,
  rule: number,
  lists: ListTable,
  reporter: Reporter,
): ListTest | null {
  const refuse = (message: string): never =>
    reporter.refuse("rule-list-invalid", `list of rule ${rule} ${message}`, element.where);
  let lookup: ListLookup = "match_key";
  let field: ListTest["field"] | null = null;
  let value: Expression | null = null;
  for (const attribute of element.attributes) {
    switch (asciiLower(attribute.name)) {
      case "lookup":
        lookup =
          LOOKUPS.find((name) => name === asciiLower(attribute.value)) ??
          refuse(`has the unknown lookup "${fromBytes(attribute.value)}"`);
        break;
      case "field":
        field = listField(attribute.value);
        break;
      case "check_value":
        value = compileTest("osmatch", attribute.value, `check_value in rule ${rule}`, attribute.where, reporter);
        break;
      default:
        refuse(`has the unknown attribute "${fromBytes(attribute.name)}"`);
    }
  }
  if (!field) return refuse('needs the attribute "field"');
  const list = lists.find(element.content);
  if (list) return { lookup, field, list, value };
  const message = `list "${fromBytes(element.content)}" is not declared or has no file; rule ${rule} is dropped`;
  reporter.warning("rule-list-unknown", message, element.where);
  return null;
}

function listField(value: Bytes): ListTest["field"] {
  const name = STATIC_LIST_FIELDS.find((field) => field === asciiLower(value));
  return name ? { kind: "static", name } : { kind: "dynamic", name: firstWord(value) };
}
