/** Attributes of `<rule>`. Names in any case of letters, numbers of digits only. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";
import { atoi, isNumeric, leadingNumber } from "./c-text.js";
import type { Reporter } from "./reporter.js";
import type { XmlAttribute, XmlElement } from "./xml.js";

/** analysisd.default_timeframe, in seconds. */
const DEFAULT_TIMEFRAME = 360;
const MAX_LEVEL = 16;
const MAX_FREQUENCY = 9999;

export interface RuleAttributes {
  readonly id: number;
  readonly level: number;
  readonly maxSize: number;
  readonly timeframe: number;
  /** The attribute minus 2; 0 when absent. */
  readonly frequency: number;
  readonly accuracy: boolean;
  readonly noAlert: boolean;
  readonly ignoreTime: number;
  readonly overwrite: boolean;
}

type Partial = { -readonly [K in keyof RuleAttributes]: RuleAttributes[K] };

/** Refuses what the real engine refuses; an id and a level must be there. */
export function readRuleAttributes(element: XmlElement, reporter: Reporter): RuleAttributes {
  if (element.attributes.length === 0) {
    reporter.refuse("rule-attribute-missing", "a rule has no attributes; give it an id and a level", element.where);
  }
  const attributes: Partial = {
    id: -1,
    level: -1,
    maxSize: 0,
    timeframe: DEFAULT_TIMEFRAME,
    frequency: 0,
    accuracy: true,
    noAlert: false,
    ignoreTime: 0,
    overwrite: false,
  };
  for (const attribute of element.attributes) readAttribute(attribute, attributes, reporter);
  if (attributes.id === -1 || attributes.level === -1) {
    const missing = attributes.id === -1 ? "id" : "level";
    reporter.refuse("rule-attribute-missing", `a rule has no ${missing}, or one that is no number`, element.where);
  }
  return attributes;
}

function readAttribute({ name, value, where }: XmlAttribute, into: Partial, reporter: Reporter): void {
  const refuse = (): never =>
    reporter.refuse(
      "rule-attribute-invalid",
      `"${fromBytes(value)}" is no value for attribute ${name} of a rule`,
      where,
    );
  const number = (width: number, fallback: number): number =>
    isNumeric(value) ? leadingNumber(value, width, fallback) : refuse();

  switch (asciiLower(name)) {
    case "id":
      if (value.length > 6) refuse();
      into.id = number(6, into.id);
      return;
    case "level":
      // A level that is no number is passed over here, and missed at the end.
      if (isNumeric(value)) into.level = inRange(atoi(value), 0, MAX_LEVEL) ?? refuse();
      return;
    case "maxsize":
      into.maxSize = number(4, into.maxSize);
      return;
    case "timeframe":
      into.timeframe = number(5, into.timeframe);
      return;
    case "frequency":
      into.frequency = (isNumeric(value) ? (inRange(atoi(value), 2, MAX_FREQUENCY) ?? refuse()) : refuse()) - 2;
      return;
    case "accuracy":
      into.accuracy = number(4, Number(into.accuracy)) !== 0;
      return;
    case "ignore":
      into.ignoreTime = number(6, into.ignoreTime);
      return;
    case "noalert":
      if (value === "0" || value === "1") into.noAlert = value === "1";
      else {
        const message = `"${fromBytes(value)}" is no value for attribute noalert, which is left out; write 0 or 1`;
        reporter.warning("rule-noalert-invalid", message, where);
      }
      return;
    case "overwrite":
      into.overwrite = yesOrNo(value) ?? refuse();
      return;
    default:
      reporter.refuse("rule-attribute-unknown", `attribute "${fromBytes(name)}" of a rule is unknown`, where);
  }
}

function inRange(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}

function yesOrNo(value: Bytes): boolean | undefined {
  return value === "yes" ? true : value === "no" ? false : undefined;
}
