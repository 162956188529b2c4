/** Where rules stand, and which rules remember their events for which others: rules_list.c. */
import type { Bytes } from "../engine/bytes.js";
import { atoi } from "./c-text.js";
import type { Reporter } from "./reporter.js";
import type { RuleDraft } from "./rule-draft.js";
import { warnOfFixedParents, withBodyOf } from "./rule-overwrite.js";
import { wordMatcher } from "./word-match.js";

/** Rules with ids below this are roots; nothing else is. */
const FIRST_CHILD_ID = 10;

export interface RuleDraftNode {
  readonly rule: RuleDraft;
  readonly children: RuleDraftNode[];
}

export class RuleTreeBuilder {
  readonly roots: RuleDraftNode[] = [];
  /** The first rule of each id that is in the tree. */
  readonly byId = new Map<number, RuleDraft>();
  /** Where the rules of an id stand; mostly one place. */
  readonly #places = new Map<number, RuleDraftNode[]>();
  /** Rules in the tree by the text of their groups: few texts stand on many rules. */
  readonly #byGroupText = new Map<Bytes | null, Set<RuleDraft>>();
  readonly #reporter: Reporter;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  has(id: number): boolean {
    return this.byId.has(id);
  }

  add(rule: RuleDraft): void {
    const target = this.byId.get(rule.id);
    if (rule.id < FIRST_CHILD_ID) {
      // An overwrite of a root does not overwrite: it adds a second root of that id.
      this.#insert(this.roots, rule);
    } else if (rule.overwrite && target) {
      warnOfFixedParents(target, rule, this.#reporter);
      this.#byGroupText.get(target.body.groupText)?.delete(target);
      target.body = withBodyOf(target, rule);
      this.#noteGroup(target);
      return;
    } else if (!this.#addChild(rule)) {
      return;
    }
    if (!this.byId.has(rule.id)) this.byId.set(rule.id, rule);
    this.#noteGroup(rule);
    // The real engine forgets it here, so an overwrite with an if_group never agrees with it.
    rule.ifGroup = null;
    this.#linkSearch(rule);
  }

  /** False, with a warning, when there is no parent. */
  #addChild(rule: RuleDraft): boolean {
    if (rule.ifSid !== null) return this.#addBelowSids(rule, rule.ifSid);
    if (rule.ifLevel !== null) {
      const level = atoi(rule.ifLevel);
      if (level === 0) return this.#drop("rule-if-level-invalid", rule, `has "${rule.ifLevel}" as if_level`);
      // Compared with ranks: level 0 counts as 99, and a rule with accuracy 0 as less than 1.
      if (this.#addBelow(this.roots, rule, (parent) => parent.body.rank >= level * 100)) return true;
      return this.#drop(
        "rule-parent-unknown",
        rule,
        `has if_level ${level}, and no rule of that level is loaded so far`,
      );
    }
    if (rule.ifGroup !== null) {
      const group = rule.ifGroup;
      if (this.#addBelowGroup(rule, wordMatcher(group))) return true;
      return this.#drop("rule-parent-unknown", rule, `has the group "${group}", and no rule loaded so far is in it`);
    }
    if (this.#addBelowCategory(rule)) return true;
    return this.#drop("rule-parent-unknown", rule, "has no parent, and there is no root (id below 10) of its category");
  }

  #addBelowSids(rule: RuleDraft, ifSid: Bytes): boolean {
    let added = false;
    for (const sid of sidsOf(ifSid)) {
      if (sid === null) {
        // A line break at the very end: PCRE2 let it pass, the walk through the text does not.
        if (!added) this.#drop("rule-if-sid-invalid", rule, "has a line break at the end of if_sid");
        else this.#warn("rule-if-sid-invalid", rule, "has a line break at the end of if_sid");
        return added;
      }
      // Number 0 is no id: it stands for the root of the category.
      const found = sid === 0 ? this.#addBelowCategory(rule) : this.#addBelowId(rule, sid);
      added ||= found;
      if (found) continue;
      if (rule.ifMatchedSid !== 0) {
        if (added) {
          const message = "the real engine would go on with a rule it has freed; correct its if_sid";
          this.#reporter.refuse("rule-parent-unsupported", `rule ${rule.id}: ${message}`, rule.body.where);
        }
        return this.#drop("rule-parent-unknown", rule, `waits for rule ${sid}, which is not loaded so far`);
      }
      this.#warn("rule-if-sid-unknown", rule, `has if_sid ${sid}, which is not loaded so far`);
    }
    return added || this.#drop("rule-parent-unknown", rule, "has no if_sid that is loaded so far");
  }

  /** Below every rule that the test picks; parents of the same id are passed over. */
  #addBelow(nodes: readonly RuleDraftNode[], rule: RuleDraft, isParent: (candidate: RuleDraft) => boolean): boolean {
    let added = false;
    for (const node of nodes) {
      if (node.rule.id !== rule.id && isParent(node.rule)) {
        this.#insert(node.children, rule);
        added = true;
      }
      if (this.#addBelow(node.children, rule, isParent)) added = true;
    }
    return added;
  }

  /** Below every rule whose groups the test picks; parents of the same id are passed over. */
  #addBelowGroup(rule: RuleDraft, inGroup: (groupText: Bytes) => boolean): boolean {
    const parents: RuleDraftNode[] = [];
    for (const [text, rules] of this.#byGroupText) {
      if (text === null || !inGroup(text)) continue;
      for (const each of rules) {
        if (each.id === rule.id) continue;
        for (const node of this.#places.get(each.id)!) if (node.rule === each) parents.push(node);
      }
    }
    for (const parent of parents) this.#insert(parent.children, rule);
    return parents.length > 0;
  }

  #noteGroup(rule: RuleDraft): void {
    const { groupText } = rule.body;
    const rules = this.#byGroupText.get(groupText);
    if (rules) rules.add(rule);
    else this.#byGroupText.set(groupText, new Set([rule]));
  }

  /** Below the rule of this id; the child takes over its category. */
  #addBelowId(rule: RuleDraft, id: number): boolean {
    const places = this.#places.get(id) ?? [];
    if (places.length > 1) return this.#addBelowPlaces(this.roots, rule, id);
    if (places[0]) this.#addBelowParent(rule, places[0]);
    return places.length > 0;
  }

  /** Of several places: once per list of siblings, whose rest is then not searched, nor what is below it. */
  #addBelowPlaces(nodes: readonly RuleDraftNode[], rule: RuleDraft, id: number): boolean {
    let added = false;
    for (const node of nodes) {
      if (node.rule.id === id) {
        this.#addBelowParent(rule, node);
        return true;
      }
      if (this.#addBelowPlaces(node.children, rule, id)) added = true;
    }
    return added;
  }

  #addBelowParent(rule: RuleDraft, parent: RuleDraftNode): void {
    rule.body.category = parent.rule.body.category;
    this.#insert(parent.children, rule);
  }

  /** Below the first root of the rule's category. */
  #addBelowCategory(rule: RuleDraft): boolean {
    const root = this.roots.find((node) => node.rule.body.category === rule.body.category);
    if (root) this.#insert(root.children, rule);
    return root !== undefined;
  }

  /** In front of the first sibling of a lower rank; behind those of the same. */
  #insert(siblings: RuleDraftNode[], rule: RuleDraft): void {
    const node = { rule, children: [] };
    const at = siblings.findIndex((sibling) => rule.body.rank > sibling.rule.body.rank);
    siblings.splice(at < 0 ? siblings.length : at, 0, node);
    const places = this.#places.get(rule.id);
    if (places) places.push(node);
    else this.#places.set(rule.id, [node]);
  }

  #linkSearch(rule: RuleDraft): void {
    const { body } = rule;
    if (rule.ifMatchedSid !== 0 && !rule.overwrite) {
      rule.search = "sid";
      rule.sidTarget = this.byId.get(rule.ifMatchedSid) ?? null;
      if (rule.sidTarget) rule.sidTarget.recordedBySid = true;
    } else if (rule.ifMatchedGroup && !rule.overwrite) {
      rule.search = "group";
      this.#recordGroup(this.roots, rule);
    } else if (body.context && !body.checkDiff) {
      rule.search = "events";
    }
  }

  /** Only rules that are in the tree by now join, each once per place in it. */
  #recordGroup(nodes: readonly RuleDraftNode[], waiting: RuleDraft): void {
    for (const { rule, children } of nodes) {
      if (rule.body.groupText === null) {
        const message = `rule ${rule.id} lost its group, and rule ${waiting.id} makes the real engine crash on that`;
        this.#reporter.refuse("rule-group-unsupported", message, rule.body.where);
      }
      if (waiting.ifMatchedGroup!.test(rule.body.groupText)) rule.recordedByGroups.push(waiting);
      this.#recordGroup(children, waiting);
    }
  }

  #warn(code: string, rule: RuleDraft, message: string): void {
    this.#reporter.warning(code, `rule ${rule.id} ${message}`, rule.body.where);
  }

  #drop(code: string, rule: RuleDraft, message: string): false {
    this.#warn(code, rule, `${message}; the rule is dropped`);
    return false;
  }
}

/**
 * The numbers of an if_sid. What stands behind a last comma or space is a 0, and an if_sid without that ends where its
 * last number does. Null: a character that is none of these.
 */
function sidsOf(ifSid: Bytes): (number | null)[] {
  const [, numbers, rest] = /^([0-9, ]*)(.*)$/s.exec(ifSid)!;
  const sids = [...numbers!.matchAll(/[0-9]+/g)].map((match): number | null => atoi(match[0]));
  if (rest !== "") return [...sids, null];
  return /[0-9]$/.test(numbers!) ? sids : [...sids, 0];
}
