/** One `<rule>` to a draft: the elements, limits, warnings and errors of rules.c. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { type AddressTest, EVENT_TYPES } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import { compileOsIp } from "../engine/regex/osip.js";
import { firstWord, sameName, splitAtCommas } from "./c-text.js";
import { compiled } from "./expressions.js";
import type { Reporter } from "./reporter.js";
import type { RuleAttributes } from "./rule-attributes.js";
import { emptyBody, type RuleContext } from "./rule-body.js";
import type { RuleBody, RuleDraft } from "./rule-draft.js";
import { readListCondition } from "./rule-list-condition.js";
import { MitreReader } from "./rule-mitre.js";
import { readOption } from "./rule-options.js";
import { RuleRelations } from "./rule-relations.js";
import { appendText, isTextName, RuleTexts, readKind, readNegate, type TextName, textTest } from "./rule-texts.js";
import { parseTimeRange, parseWeekdays } from "./rule-time.js";
import { attributeOf, type XmlElement } from "./xml.js";

const CATEGORIES: ReadonlySet<Bytes> = new Set(["firewall", "ids", "syslog", "web-log", "squid", "windows", "ossec"]);

const COMPILED_RULES: readonly string[] = [
  "check_id_size",
  "comp_srcuser_dstuser",
  "comp_mswin_targetuser_calleruser_diff",
  "is_simple_http_request",
  "is_valid_crawler",
];

/** Names that `<field name="">` may not have; `hostname`, `location` and `program_name` are not among them. */
const NOT_DYNAMIC: ReadonlySet<Bytes> = new Set(
  (
    "srcip dstip srcgeoip dstgeoip srcport dstport user srcuser dstuser url id data extra_data status protocol " +
    "system_name action"
  ).split(" "),
);

/** Only the last two of several `<list>` elements are looked up: the real engine loses the head of its chain. */
const LISTS_KEPT = 2;

/** Null when the real engine drops the rule with a warning. */
export function readRule(
  element: XmlElement,
  groupName: Bytes,
  attributes: RuleAttributes,
  overwrite: boolean,
  context: RuleContext,
): RuleDraft | null {
  return new RuleReader(element, groupName, attributes, overwrite, context).read();
}

class RuleReader {
  readonly #element: XmlElement;
  readonly #id: number;
  readonly #overwrite: boolean;
  readonly #context: RuleContext;
  readonly #reporter: Reporter;
  readonly #body: RuleBody;
  readonly #texts: RuleTexts;
  readonly #mitre: MitreReader;
  readonly #relations: RuleRelations;
  #listMissing = false;

  constructor(
    element: XmlElement,
    groupName: Bytes,
    attributes: RuleAttributes,
    overwrite: boolean,
    context: RuleContext,
  ) {
    this.#element = element;
    this.#id = attributes.id;
    this.#overwrite = overwrite;
    this.#context = context;
    this.#reporter = context.reporter;
    this.#texts = new RuleTexts(attributes.id, context.reporter);
    this.#mitre = new MitreReader(attributes.id, context.reporter);
    this.#body = emptyBody(element, groupName, attributes, context);
    this.#relations = new RuleRelations(attributes.id, this.#body, context.reporter);
  }

  read(): RuleDraft | null {
    if (this.#element.children.length === 0) this.#refuse("rule-empty", "holds no element");
    for (const child of this.#element.children) {
      this.#readElement(child);
      // What follows in a dropped rule is not even looked at.
      if (this.#listMissing || this.#relations.dropped) break;
    }
    this.#relations.checkIfSid(this.#element.where);
    return this.#listMissing || this.#relations.dropped ? null : this.#finish();
  }

  #finish(): RuleDraft {
    const body = this.#body;
    const relations = this.#relations;
    if (body.description === null) this.#refuse("rule-description-missing", "has no description");
    if (relations.lacksContext()) {
      this.#refuse("rule-context-missing", "has frequency, same_* or different_* but no if_matched_*");
    }
    if (!this.#overwrite) relations.deriveParent();
    for (const [name, test] of this.#texts.compile()) {
      if (name === "match" || name === "regex") body[name] = test;
      else body.texts.set(name, test);
    }
    const { group, regex } = relations.compile(this.#element.where);
    body.ifMatchedRegex = regex;
    body.mitre = this.#mitre.result;
    const { ifSid, ifLevel, ifGroup, ifMatchedSid } = relations;
    return {
      id: this.#id,
      overwrite: this.#overwrite,
      body,
      ifSid,
      ifLevel,
      ifGroup,
      ifMatchedSid,
      ifMatchedGroup: group,
      search: null,
      sidTarget: null,
      recordedBySid: false,
      recordedByGroups: [],
    };
  }

  #readElement(child: XmlElement): void {
    const name = asciiLower(child.name);
    if (isTextName(name)) this.#texts.read(name as TextName, child);
    else if (!this.#relations.read(child)) this.#readNamed(name, child);
  }

  #readNamed(name: Bytes, child: XmlElement): void {
    const { content } = child;
    const body = this.#body;
    switch (name) {
      case "decoded_as":
        body.decodedAs =
          this.#context.decoderIds.get(content) ??
          this.#refuse("rule-decoder-unknown", `names the unknown decoder "${content}"`, child);
        return;
      case "description":
        // Only the first line break of an element becomes a space.
        body.description = this.#append(body.description, { ...child, content: content.replace("\n", " ") });
        return;
      case "group":
        // With too long a group the rule keeps none at all.
        body.groupText = this.#append(body.groupText, child)?.replaceAll("\n", "") ?? null;
        return;
      case "category":
        // Only the manager's own log says so.
        if (!CATEGORIES.has(content))
          this.#refuse("rule-category-unknown", `has the unknown category "${content}"`, child, "refuseUnsaid");
        body.category = EVENT_TYPES[content as keyof typeof EVENT_TYPES];
        return;
      case "srcip":
      case "dstip":
        body[name] = this.#readAddress(child, body[name]);
        return;
      case "field":
        this.#readField(child);
        return;
      case "list":
        this.#readList(child);
        return;
      case "time":
        body.time = parseTimeRange(content) ?? this.#refuse("rule-time-invalid", `has "${content}" as time`, child);
        return;
      case "weekday":
        body.weekday =
          parseWeekdays(content) ?? this.#refuse("rule-weekday-invalid", `has "${content}" as weekday`, child);
        return;
      case "compiled_rule":
        body.compiledRule =
          COMPILED_RULES.find((compiledRule) => compiledRule === content) ??
          this.#refuse("rule-compiled-unknown", `names the unknown compiled rule "${content}"`, child);
        return;
      case "options":
        readOption(child, this.#id, body.options, this.#reporter);
        return;
      case "mitre":
        this.#mitre.read(child);
        return;
      case "cve":
        body.cve = this.#append(body.cve, child);
        return;
      case "info":
        this.#checkInfo(child);
        body.info = this.#append(body.info, child);
        return;
      case "ignore":
      case "check_if_ignored":
        // They decide nothing on the logtest path, but must be well written.
        if (splitAtCommas(content, this.#context.orderSize).map(firstWord).includes("")) {
          this.#refuse("rule-ignore-invalid", `has an empty entry in ${name}: "${content}"`, child);
        }
        return;
      default:
        this.#refuse("rule-element-unknown", `holds the unknown element "${child.name}"`, child);
    }
  }

  /** Several elements are alternatives; the last one's `negate` counts for all. */
  #readAddress(child: XmlElement, before: AddressTest | null): AddressTest {
    const what = `${child.name} of rule ${this.#id}`;
    const address = compiled(what, child.where, this.#reporter, () => compileOsIp(child.content));
    const negate = readNegate(child, this.#id, this.#reporter);
    return { addresses: [...(before?.addresses ?? []), address], negate };
  }

  #readField(child: XmlElement): void {
    if (this.#body.fields.length >= this.#context.orderSize) {
      this.#refuse("rule-fields-too-many", `has more than ${this.#context.orderSize} fields`, child);
    }
    const name = attributeOf(child, "name") ?? this.#refuseUnnamedField(child);
    if (NOT_DYNAMIC.has(asciiLower(name))) {
      this.#refuse("rule-field-static", `tests "${name}" with field; write <${name}> instead`, child);
    }
    const kind = readKind(child, "osregex", this.#id, this.#reporter);
    const negate = readNegate(child, this.#id, this.#reporter);
    const what = `field ${fromBytes(name)} of rule ${this.#id}`;
    this.#body.fields.push({ name, test: textTest(child.content, kind, negate, what, child.where, this.#reporter) });
  }

  /** Without any attribute there is no word of it in the log. */
  #refuseUnnamedField(child: XmlElement): never {
    const refuse = child.attributes.length === 0 ? "refuseUnsaid" : "refuse";
    return this.#refuse("rule-field-name-missing", 'has a field without a "name"', child, refuse);
  }

  #readList(child: XmlElement): void {
    const test = readListCondition(child, this.#id, this.#context.lists, this.#reporter);
    if (test) this.#body.lists = [...this.#body.lists, test].slice(-LISTS_KEPT);
    else this.#listMissing = true;
  }

  /** Only the first attribute is looked at; a wrong one is an error that does not stop the load. */
  #checkInfo(child: XmlElement): void {
    const type = child.attributes[0];
    if (!type || (sameName(type.name, "type") && ["text", "link", "cve", "osvdb"].includes(type.value))) return;
    const message = `${type.name} "${fromBytes(type.value)}" of info in rule ${this.#id} is unknown`;
    this.#reporter.error("rule-info-invalid", message, child.where);
  }

  #append(text: Bytes | null, child: XmlElement): Bytes | null {
    return appendText(text, child, this.#id, this.#reporter);
  }

  #refuse(
    code: string,
    message: string,
    child: XmlElement = this.#element,
    refuse: "refuse" | "refuseUnsaid" = "refuse",
  ): never {
    return this.#reporter[refuse](code, `rule ${this.#id} ${fromBytes(message)}`, child.where);
  }
}
