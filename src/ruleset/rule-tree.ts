/** Where rules stand, and which rules remember their events for which others: rules_list.c. */
import type { Bytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";
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

/** A node with the way to it from the roots. */
interface Place extends RuleDraftNode {
  readonly parent: Place | null;
  readonly children: Place[];
}

export class RuleTreeBuilder {
  readonly roots: Place[] = [];
  /** The first rule of each id that is in the tree. */
  readonly byId = new Map<number, RuleDraft>();
  /** Where the rules of an id stand; mostly one place. */
  readonly #places = new Map<number, Place[]>();
  /** Rules in the tree by the text of their groups, in lower case: few texts stand on many rules. */
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
      this.#insert(null, rule);
    } else if (rule.overwrite && target) {
      warnOfFixedParents(target, rule, this.#reporter);
      this.#byGroupText.get(groupKey(target))?.delete(target);
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
  #addBelow(nodes: readonly Place[], rule: RuleDraft, isParent: (candidate: RuleDraft) => boolean): boolean {
    let added = false;
    for (const node of nodes) {
      if (node.rule.id !== rule.id && isParent(node.rule)) {
        this.#insert(node, rule);
        added = true;
      }
      if (this.#addBelow(node.children, rule, isParent)) added = true;
    }
    return added;
  }

  /** Below every rule whose groups the test picks; parents of the same id are passed over. */
  #addBelowGroup(rule: RuleDraft, inGroup: (groupText: Bytes) => boolean): boolean {
    const parents: Place[] = [];
    // A thousand texts, for each such rule: `for` would make an object of every one.
    this.#byGroupText.forEach((rules, text) => {
      if (text === null || !inGroup(text)) return;
      for (const each of rules) {
        if (each.id === rule.id) continue;
        for (const node of this.#places.get(each.id)!) if (node.rule === each) parents.push(node);
      }
    });
    for (const parent of parents) this.#insert(parent, rule);
    return parents.length > 0;
  }

  #noteGroup(rule: RuleDraft): void {
    const key = groupKey(rule);
    const rules = this.#byGroupText.get(key);
    if (rules) rules.add(rule);
    else this.#byGroupText.set(key, new Set([rule]));
  }

  /** Below the rule of this id; the child takes over its category. */
  #addBelowId(rule: RuleDraft, id: number): boolean {
    // A copy: a rule that names itself behind a parent gets a place below its own, and that one is not searched.
    const places = [...(this.#places.get(id) ?? [])];
    for (const place of this.#reached(places)) this.#addBelowParent(rule, place);
    return places.length > 0;
  }

  /**
   * Of several places those that a walk through the tree comes to, in its order: behind the first one in a list of
   * siblings, neither the rest of the list nor what is below it is searched.
   */
  #reached(places: readonly Place[]): readonly Place[] {
    if (places.length < 2) return places;
    const reached: { place: Place; way: readonly number[] }[] = [];
    const all = places.map((place) => ({ place, way: this.#wayTo(place) }));
    for (const next of all.toSorted((a, b) => compareWays(a.way, b.way))) {
      if (!reached.some(({ way }) => isInList(next.way, way))) reached.push(next);
    }
    return reached.map(({ place }) => place);
  }

  /** Its place among its siblings, behind those of what is above it. */
  #wayTo(place: Place): number[] {
    const way: number[] = [];
    for (let at: Place | null = place; at !== null; at = at.parent) {
      way.unshift((at.parent?.children ?? this.roots).indexOf(at));
    }
    return way;
  }

  #addBelowParent(rule: RuleDraft, parent: Place): void {
    rule.body.category = parent.rule.body.category;
    this.#insert(parent, rule);
  }

  /** Below the first root of the rule's category. */
  #addBelowCategory(rule: RuleDraft): boolean {
    const root = this.roots.find((node) => node.rule.body.category === rule.body.category);
    if (root) this.#insert(root, rule);
    return root !== undefined;
  }

  /** In front of the first sibling of a lower rank; behind those of the same. */
  #insert(parent: Place | null, rule: RuleDraft): void {
    const siblings = parent?.children ?? this.roots;
    const node = { rule, parent, children: [] };
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

function groupKey({ body: { groupText } }: RuleDraft): Bytes | null {
  return groupText === null ? null : asciiLower(groupText);
}

/** In the order of a walk that takes what is below a node in front of what is behind it. */
function compareWays(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((step, index) => step !== b[index]);
  return at < 0 || b[at] === undefined ? a.length - b.length : a[at]! - b[at]!;
}

/** Is it a sibling of the other, or below one? */
function isInList(way: readonly number[], other: readonly number[]): boolean {
  return other.slice(0, -1).every((step, index) => way[index] === step);
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
