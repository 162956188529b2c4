/** What ties a rule to other rules and to earlier events: `if_*`, `same_*`, `different_*` and their like. */
import type { Where } from "../diagnostics/diagnostic.js";
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Expression } from "../engine/regex/expression.js";
import { atoi, isNumeric } from "./c-text.js";
import { compileTest } from "./expressions.js";
import type { Reporter } from "./reporter.js";
import { comparisonNamed } from "./rule-correlation.js";
import type { RuleBody } from "./rule-draft.js";
import { appendText } from "./rule-texts.js";
import type { XmlElement } from "./xml.js";

export class RuleRelations {
  readonly #rule: number;
  readonly #body: RuleBody;
  readonly #reporter: Reporter;
  ifSid: Bytes | null = null;
  ifLevel: Bytes | null = null;
  ifGroup: Bytes | null = null;
  ifMatchedSid = 0;
  #ifMatchedGroup: Bytes | null = null;
  #ifMatchedRegex: Bytes | null = null;
  /** A value was so wrong that the real engine drops the rule, with a warning. */
  dropped = false;

  constructor(rule: number, body: RuleBody, reporter: Reporter) {
    this.#rule = rule;
    this.#body = body;
    this.#reporter = reporter;
  }

  /** False when the element is none of these. */
  read(child: XmlElement): boolean {
    const comparison = comparisonNamed(child.name);
    if (comparison) {
      this.#body[comparison.relation].add(comparison.field);
      return true;
    }
    return this.#readParent(child) || this.#readContext(child);
  }

  #readParent(child: XmlElement): boolean {
    switch (asciiLower(child.name)) {
      case "if_sid":
        this.ifSid = this.#append(this.ifSid, child);
        return true;
      case "if_group":
        this.ifGroup = this.#append(this.ifGroup, child);
        return true;
      case "if_level":
        if (isNumeric(child.content)) this.ifLevel = this.#append(this.ifLevel, child);
        else this.#drop("rule-if-level-invalid", `"${child.content}" as if_level; write a number`, child.where);
        return true;
      case "if_fts":
        this.#body.ifFts = true;
        return true;
      default:
        return false;
    }
  }

  #readContext(child: XmlElement): boolean {
    const { content, where } = child;
    const body = this.#body;
    const name = asciiLower(child.name);
    switch (name) {
      case "if_matched_sid":
        body.context = true;
        if (isNumeric(content)) this.ifMatchedSid = atoi(content);
        else this.#drop("rule-if-matched-sid-invalid", `"${content}" as if_matched_sid; write one number`, where);
        return true;
      case "if_matched_group":
        body.context = true;
        this.#ifMatchedGroup = this.#append(this.#ifMatchedGroup, child);
        return true;
      case "if_matched_regex":
        body.context = true;
        this.#ifMatchedRegex = this.#append(this.#ifMatchedRegex, child);
        return true;
      case "check_diff":
        body.context = true;
        body.checkDiff = true;
        return true;
      case "global_frequency":
        body.globalFrequency = true;
        return true;
      case "same_field":
        body.sameDynamic.push(content);
        return true;
      case "different_field":
      case "not_same_field":
        body.differentDynamic.push(content);
        return true;
      case "same_agent":
      case "not_same_agent":
        this.#reporter.warning("rule-element-retired", `${name} in rule ${this.#rule} has no effect; remove it`, where);
        return true;
      default:
        return false;
    }
  }

  /** Looked at when all elements are read, also of a rule that is dropped by then. */
  checkIfSid(where: Where): void {
    // PCRE2's `$` lets a final line break pass.
    if (this.ifSid === null || /^[0-9, ]+\n?$/.test(this.ifSid)) return;
    this.#drop("rule-if-sid-invalid", `"${this.ifSid}" as if_sid; write numbers with commas between them`, where);
  }

  /** Frequency and comparisons are nothing without earlier events to look at. */
  lacksContext(): boolean {
    const { context, globalFrequency, frequency, same, different, sameDynamic, differentDynamic } = this.#body;
    const comparisons = same.size + different.size + sameDynamic.length + differentDynamic.length;
    return !context && (globalFrequency || frequency !== 0 || comparisons > 0);
  }

  /** Without a parent of its own, a composite rule stands below the rules that it waits for. */
  deriveParent(): void {
    if (this.ifSid !== null || this.ifGroup !== null) return;
    this.ifGroup = this.#ifMatchedGroup;
    if (this.ifMatchedSid !== 0 && this.ifGroup === null) this.ifSid = String(this.ifMatchedSid);
  }

  /** if_matched_regex is always osregex, if_matched_group always osmatch. */
  compile(where: Where): { regex: Expression | null; group: Expression | null } {
    const compile = (dialect: "osregex" | "osmatch", pattern: Bytes | null, name: string): Expression | null =>
      pattern === null ? null : compileTest(dialect, pattern, `${name} of rule ${this.#rule}`, where, this.#reporter);
    return {
      group: compile("osmatch", this.#ifMatchedGroup, "if_matched_group"),
      regex: compile("osregex", this.#ifMatchedRegex, "if_matched_regex"),
    };
  }

  #append(text: Bytes | null, child: XmlElement): Bytes | null {
    return appendText(text, child, this.#rule, this.#reporter);
  }

  #drop(code: string, message: string, where: Where): void {
    this.#reporter.warning(code, `rule ${this.#rule} is dropped: it has ${fromBytes(message)}`, where);
    this.dropped = true;
  }
}
