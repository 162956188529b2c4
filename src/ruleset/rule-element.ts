/** One `<rule>` to a draft: the elements, limits, warnings and errors of rules.c. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { type AddressTest, EVENT_TYPES, type EventType, type TextElement } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Expression } from "../engine/regex/expression.js";
import { compileOsIp } from "../engine/regex/osip.js";
import { atoi, firstWord, isNumeric, sameName, splitAtCommas } from "./c-text.js";
import { compiled, compileTest } from "./expressions.js";
import type { ListTable } from "./list-table.js";
import type { Reporter } from "./reporter.js";
import type { RuleAttributes } from "./rule-attributes.js";
import { comparisonNamed } from "./rule-correlation.js";
import type { RuleBody, RuleDraft } from "./rule-draft.js";
import { readListCondition } from "./rule-list-condition.js";
import { MitreReader } from "./rule-mitre.js";
import { readOption } from "./rule-options.js";
import { appendText, isTextName, RuleTexts, readKind, readNegate, type TextName, textTest } from "./rule-texts.js";
import { parseTimeRange, parseWeekdays } from "./rule-time.js";
import { attributeOf, type XmlElement } from "./xml.js";

/** What reading a rule needs from around it. */
export interface RuleContext {
  readonly reporter: Reporter;
  readonly lists: ListTable;
  /** Decoder names and their ids. */
  readonly decoderIds: ReadonlyMap<Bytes, number>;
  readonly orderSize: number;
  readonly mailLevel: number;
  readonly logLevel: number;
}

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
  #ifSid: Bytes | null = null;
  #ifLevel: Bytes | null = null;
  #ifGroup: Bytes | null = null;
  #ifMatchedSid = 0;
  #ifMatchedGroup: Bytes | null = null;
  #ifMatchedRegex: Bytes | null = null;
  #dropped = false;

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
  }

  read(): RuleDraft | null {
    if (this.#element.children.length === 0) this.#refuse("rule-empty", "holds no element");
    for (const child of this.#element.children) {
      this.#readElement(child);
      // What follows is not even looked at.
      if (this.#dropped) break;
    }
    // PCRE2's `$` lets a final line break pass.
    if (this.#ifSid !== null && !/^[0-9, ]+\n?$/.test(this.#ifSid)) {
      this.#drop("rule-if-sid-invalid", `has "${this.#ifSid}" as if_sid; write numbers with commas between them`);
    }
    return this.#dropped ? null : this.#finish();
  }

  #finish(): RuleDraft {
    const body = this.#body;
    if (body.description === null) this.#refuse("rule-description-missing", "has no description");
    const needsContext =
      body.globalFrequency ||
      body.frequency !== 0 ||
      body.same.size + body.different.size + body.sameDynamic.length + body.differentDynamic.length > 0;
    if (needsContext && !body.context) {
      this.#refuse("rule-context-missing", "has frequency, same_* or different_* but no if_matched_*");
    }
    if (!this.#overwrite) this.#deriveParent();
    for (const [name, test] of this.#texts.compile()) {
      if (name === "match" || name === "regex") body[name] = test;
      else body.texts.set(name, test);
    }
    body.ifMatchedRegex = this.#compileContext(this.#ifMatchedRegex, "osregex", "if_matched_regex");
    body.mitre = this.#mitre.result;
    return {
      id: this.#id,
      overwrite: this.#overwrite,
      body,
      ifSid: this.#ifSid,
      ifLevel: this.#ifLevel,
      ifGroup: this.#ifGroup,
      ifMatchedSid: this.#ifMatchedSid,
      ifMatchedGroup: this.#compileContext(this.#ifMatchedGroup, "osmatch", "if_matched_group"),
      search: null,
      sidTarget: null,
      recordedBySid: false,
      recordedByGroups: [],
    };
  }

  /** Without a parent of its own, a composite rule stands below the rules that it waits for. */
  #deriveParent(): void {
    if (this.#ifSid !== null || this.#ifGroup !== null) return;
    this.#ifGroup = this.#ifMatchedGroup;
    if (this.#ifMatchedSid !== 0 && this.#ifGroup === null) this.#ifSid = String(this.#ifMatchedSid);
  }

  #compileContext(pattern: Bytes | null, dialect: "osregex" | "osmatch", what: string): Expression | null {
    if (pattern === null) return null;
    return compileTest(dialect, pattern, `${what} of rule ${this.#id}`, this.#element.where, this.#reporter);
  }

  #readElement(child: XmlElement): void {
    const name = asciiLower(child.name);
    if (isTextName(name)) this.#texts.read(name as TextName, child);
    else if (!this.#readComparison(child)) this.#readNamed(name, child);
  }

  #readComparison(child: XmlElement): boolean {
    const comparison = comparisonNamed(child.name);
    if (comparison) this.#body[comparison.relation].add(comparison.field);
    return comparison !== undefined;
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
        body.groupText = (this.#append(body.groupText, child) ?? "").replaceAll("\n", "");
        return;
      case "category":
        if (!CATEGORIES.has(content))
          this.#refuse("rule-category-unknown", `has the unknown category "${content}"`, child);
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
        this.#readRelation(name, child);
    }
  }

  /** What ties a rule to other rules and to earlier events. */
  #readRelation(name: Bytes, child: XmlElement): void {
    const { content } = child;
    const body = this.#body;
    switch (name) {
      case "if_sid":
        this.#ifSid = this.#append(this.#ifSid, child);
        return;
      case "if_group":
        this.#ifGroup = this.#append(this.#ifGroup, child);
        return;
      case "if_level":
        if (isNumeric(content)) this.#ifLevel = this.#append(this.#ifLevel, child);
        else this.#drop("rule-if-level-invalid", `has "${content}" as if_level; write a number`, child);
        return;
      case "if_matched_sid":
        body.context = true;
        if (isNumeric(content)) this.#ifMatchedSid = atoi(content);
        else this.#drop("rule-if-matched-sid-invalid", `has "${content}" as if_matched_sid; write one number`, child);
        return;
      case "if_matched_group":
        body.context = true;
        this.#ifMatchedGroup = this.#append(this.#ifMatchedGroup, child);
        return;
      case "if_matched_regex":
        body.context = true;
        this.#ifMatchedRegex = this.#append(this.#ifMatchedRegex, child);
        return;
      case "if_fts":
        body.ifFts = true;
        return;
      case "check_diff":
        body.context = true;
        body.checkDiff = true;
        return;
      case "global_frequency":
        body.globalFrequency = true;
        return;
      case "same_field":
        body.sameDynamic.push(content);
        return;
      case "different_field":
      case "not_same_field":
        body.differentDynamic.push(content);
        return;
      case "same_agent":
      case "not_same_agent":
        this.#reporter.warning(
          "rule-element-retired",
          `${name} of rule ${this.#id} is no longer there and left out`,
          child.where,
        );
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
    const name =
      attributeOf(child, "name") ?? this.#refuse("rule-field-name-missing", 'has a field without a "name"', child);
    if (NOT_DYNAMIC.has(asciiLower(name))) {
      this.#refuse("rule-field-static", `tests "${name}" with field; write <${name}> instead`, child);
    }
    const kind = readKind(child, "osregex", this.#id, this.#reporter);
    const negate = readNegate(child, this.#id, this.#reporter);
    const what = `field ${fromBytes(name)} of rule ${this.#id}`;
    this.#body.fields.push({ name, test: textTest(child.content, kind, negate, what, child.where, this.#reporter) });
  }

  #readList(child: XmlElement): void {
    const test = readListCondition(child, this.#id, this.#context.lists, this.#reporter);
    if (test) this.#body.lists = [...this.#body.lists, test].slice(-LISTS_KEPT);
    else this.#dropped = true;
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

  #drop(code: string, message: string, child: XmlElement = this.#element): void {
    this.#reporter.warning(code, `rule ${this.#id} ${fromBytes(message)}; the rule is dropped`, child.where);
    this.#dropped = true;
  }

  #refuse(code: string, message: string, child: XmlElement = this.#element): never {
    return this.#reporter.refuse(code, `rule ${this.#id} ${fromBytes(message)}`, child.where);
  }
}

function emptyBody(
  { where }: XmlElement,
  groupText: Bytes,
  { level, accuracy, maxSize, frequency, timeframe, ignoreTime, noAlert }: RuleAttributes,
  { mailLevel, logLevel }: RuleContext,
): RuleBody {
  // Level 0 is tried before every other level.
  const weight = level === 0 ? 99 : level;
  return {
    rank: accuracy ? weight * 100 : weight,
    maxSize,
    frequency,
    timeframe,
    ignoreTime,
    noAlert,
    context: false,
    checkDiff: false,
    globalFrequency: false,
    same: new Set(),
    different: new Set(),
    sameDynamic: [],
    differentDynamic: [],
    options: { mail: level >= mailLevel, logAlert: level >= logLevel, noFullLog: false, noCounter: false },
    ifFts: false,
    category: EVENT_TYPES.syslog as EventType,
    decodedAs: 0,
    groupText,
    match: null,
    regex: null,
    texts: new Map<TextElement, never>(),
    srcip: null,
    dstip: null,
    fields: [],
    lists: [],
    time: null,
    weekday: null,
    description: null,
    info: null,
    cve: null,
    compiledRule: null,
    mitre: { ids: [], tactics: [], techniques: [] },
    ifMatchedRegex: null,
    where,
  };
}
