/** Elements of a rule that test one text: their default dialects, `type`, `negate`, and how several are run together. */
import type { Where } from "../diagnostics/diagnostic.js";
import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { TextElement, TextTest } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Dialect } from "../engine/regex/expression.js";
import { compileTest, dialectNamed } from "./expressions.js";
import type { Reporter } from "./reporter.js";
import { attributeOf, type XmlElement } from "./xml.js";

/** From this length on, in bytes, a text is reported and left out. */
const TEXT_LIMIT = 2048;

type Kind = Dialect | "string";

/** What an element is when it has no type. */
const DEFAULTS: Readonly<Record<TextElement | "match" | "regex", Kind>> = {
  match: "osmatch",
  regex: "osregex",
  srcport: "osmatch",
  dstport: "osmatch",
  srcgeoip: "osmatch",
  dstgeoip: "osmatch",
  user: "osmatch",
  url: "osmatch",
  id: "osmatch",
  status: "osmatch",
  hostname: "osmatch",
  program_name: "osmatch",
  data: "osmatch",
  extra_data: "osmatch",
  location: "osmatch",
  system_name: "osmatch",
  protocol: "osmatch",
  // Compared for equality, in this case of letters.
  action: "string",
};
export type TextName = keyof typeof DEFAULTS;

export function isTextName(name: Bytes): name is TextName {
  return Object.hasOwn(DEFAULTS, name);
}

interface Draft {
  readonly text: Bytes | null;
  readonly kind: Kind;
  readonly negate: boolean;
  readonly where: Where;
}

/** The text elements of one rule: texts of one name are run together, the last one's attributes count. */
export class RuleTexts {
  readonly #rule: number;
  readonly #reporter: Reporter;
  readonly #drafts = new Map<TextName, Draft>();

  constructor(rule: number, reporter: Reporter) {
    this.#rule = rule;
    this.#reporter = reporter;
  }

  read(name: TextName, element: XmlElement): void {
    const before = this.#drafts.get(name)?.text ?? null;
    this.#drafts.set(name, {
      text: appendText(before, element, this.#rule, this.#reporter),
      negate: readNegate(element, this.#rule, this.#reporter),
      kind: readKind(element, DEFAULTS[name], this.#rule, this.#reporter),
      where: element.where,
    });
  }

  /** Compiled when all elements are read. A text that was left out tests nothing. */
  compile(): Map<TextName, TextTest> {
    const tests = new Map<TextName, TextTest>();
    for (const [name, { text, kind, negate, where }] of this.#drafts) {
      if (text !== null)
        tests.set(name, textTest(text, kind, negate, `${name} of rule ${this.#rule}`, where, this.#reporter));
    }
    return tests;
  }
}

export function textTest(
  text: Bytes,
  kind: Kind,
  negate: boolean,
  what: string,
  where: Where,
  reporter: Reporter,
): TextTest {
  if (kind === "string") return { kind, value: text, negate };
  return { kind: "expression", expression: compileTest(kind, text, what, where, reporter), negate };
}

/**
 * Runs texts of several elements together. One that is too long is reported with an error, and what was collected is
 * lost; the ruleset loads all the same. A first text must be one byte shorter than a later one.
 */
export function appendText(text: Bytes | null, element: XmlElement, rule: number, reporter: Reporter): Bytes | null {
  const { content, name, where } = element;
  const fits = text === null ? content.length < TEXT_LIMIT : text.length <= TEXT_LIMIT && content.length <= TEXT_LIMIT;
  if (fits) return (text ?? "") + content;
  const message = `${fromBytes(name)} of rule ${rule} is longer than ${TEXT_LIMIT - 1} bytes and left out`;
  reporter.error("rule-text-too-long", message, where);
  return null;
}

/** False, with a warning, for a word other than yes and no. */
export function readNegate(element: XmlElement, rule: number, reporter: Reporter): boolean {
  const value = attributeOf(element, "negate");
  if (value === undefined) return false;
  const word = asciiLower(value);
  if (word !== "yes" && word !== "no") warn("negate", value, "no", element, rule, reporter);
  return word === "yes";
}

/** The `type` attribute, or the fallback, with a warning when it is no dialect. */
export function readKind<T extends Kind>(
  element: XmlElement,
  fallback: T,
  rule: number,
  reporter: Reporter,
): T | Dialect {
  const value = attributeOf(element, "type");
  const dialect = value === undefined ? fallback : dialectNamed(value);
  if (!dialect) warn("type", value!, fallback, element, rule, reporter);
  return dialect ?? fallback;
}

function warn(
  attribute: string,
  value: Bytes,
  taken: string,
  element: XmlElement,
  rule: number,
  reporter: Reporter,
): void {
  const message = `${attribute} "${fromBytes(value)}" of ${element.name} in rule ${rule} is unknown and taken as ${taken}`;
  reporter.warning("rule-value-invalid", message, element.where);
}
