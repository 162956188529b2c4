/** Rules as their files say them, for comparing two versions: conditions as text, not compiled. */
import { type Bytes, fromBytes, toBytes } from "../../engine/bytes.js";
import { attributeOf, readXml, type XmlElement, XmlError } from "../../ruleset/xml.js";

export interface RuleText {
  readonly id: number;
  readonly level: number;
  /** Path of its file. */
  readonly file: string;
  readonly description: string;
  /** Its own groups and those of the group around it. */
  readonly groups: readonly string[];
  readonly mitre: readonly string[];
  /** Attributes but id and level, as `frequency="8"`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** All that must hold, as text that names the element, its attributes and its content; sorted. */
  readonly conditions: readonly Condition[];
  /** What is neither: options, info. */
  readonly rest: readonly string[];
}

export interface Condition {
  /** `field name="pg.command" type="pcre2"`. */
  readonly element: string;
  readonly content: string;
}

const NO_CONDITION: ReadonlySet<string> = new Set([
  "description",
  "group",
  "mitre",
  "options",
  "info",
  "ignore",
  "cve",
]);

/** The rules in a file of rules, by id; the first of two with one id. Empty for a file that is none. */
export function ruleTexts(file: string, bytes: Uint8Array): ReadonlyMap<number, RuleText> {
  const rules = new Map<number, RuleText>();
  for (const group of rootsOf(file, bytes)) {
    const outer = namesIn(attributeOf(group, "name") ?? "");
    for (const element of group.children) {
      const rule = ruleText(file, element, outer);
      if (!rules.has(rule.id)) rules.set(rule.id, rule);
    }
  }
  return rules;
}

function rootsOf(file: string, bytes: Uint8Array): readonly XmlElement[] {
  try {
    return readXml(toBytes(bytes), file).filter(({ name }) => name.toLowerCase() === "group");
  } catch (error) {
    // What the loader says about such a file is told elsewhere.
    if (error instanceof XmlError) return [];
    throw error;
  }
}

function ruleText(file: string, element: XmlElement, outer: readonly string[]): RuleText {
  const contents = (name: string) =>
    element.children.filter((child) => child.name === name).map((child) => fromBytes(child.content));
  const attributes = new Map(element.attributes.map(({ name, value }) => [name.toLowerCase(), fromBytes(value)]));
  const take = (name: string) => {
    const value = attributes.get(name);
    attributes.delete(name);
    return Number(value);
  };
  return {
    id: take("id"),
    level: take("level"),
    file,
    description: contents("description").join(""),
    groups: [...outer, ...contents("group").flatMap(namesIn)].sort(),
    mitre: element.children
      .filter(({ name }) => name === "mitre")
      .flatMap(({ children }) => children.map(({ content }) => fromBytes(content)))
      .sort(),
    attributes,
    conditions: element.children
      .filter(({ name }) => !NO_CONDITION.has(name))
      .map(conditionOf)
      .sort((a, b) => (conditionText(a) < conditionText(b) ? -1 : 1)),
    rest: element.children
      .filter(({ name }) => ["options", "info", "ignore", "cve"].includes(name))
      .map((child) => conditionText(conditionOf(child)))
      .sort(),
  };
}

function conditionOf({ name, attributes, content }: XmlElement): Condition {
  const pairs = attributes.map((each) => ` ${fromBytes(each.name)}="${fromBytes(each.value)}"`).sort();
  return { element: `${fromBytes(name)}${pairs.join("")}`, content: fromBytes(content) };
}

export function conditionText({ element, content }: Condition): string {
  return content === "" ? `<${element}>` : `<${element}> ${content}`;
}

function namesIn(text: Bytes): string[] {
  return fromBytes(text)
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
