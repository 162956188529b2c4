/**
 * Tree to code. On the way it finds, as PCRE2 does, the byte that every match starts with and one that it must hold,
 * because a match that these rule out is never attempted.
 */
import { ExpressionError } from "../expression.js";
import { CASELESS, type CodeUnit, isSet, NO_UNIT, NONE, UNSET, UNSET_UNIT, VARIES } from "./code-unit.js";
import type { Code, Instruction, Verb } from "./instruction.js";
import { ANY_RECURSION, isAssertion, MAX_CODE_SIZE, sizeOf } from "./instruction.js";
import { isLookbehind } from "./lookbehind.js";
import { repeatBackreference, repeatBracket, repeatItem, repeatRecursion } from "./repeat.js";
import type { CharNode, Condition, GroupNode, GroupRef, Node, Parsed, RepeatNode } from "./syntax.js";

export interface Generated {
  readonly code: Code;
  readonly first: CodeUnit;
  readonly required: CodeUnit;
  readonly mayBeEmpty: boolean;
  readonly hasAccept: boolean;
  readonly hasThen: boolean;
  readonly hasPruneOrSkip: boolean;
  readonly hasRecursion: boolean;
  /** Groups up to 31 that are referred back to, as bits; bit 0 for higher ones. */
  readonly backreferences: number;
  readonly highestBackreference: number;
}

/** @throws ExpressionError for references that lead nowhere, bad conditions, `\K` in a lookaround, excessive size */
export function generate(parsed: Parsed, pattern: string): Generated {
  return new Generator(parsed, pattern).generate();
}

interface GroupResult {
  readonly first: CodeUnit;
  readonly required: CodeUnit;
  readonly mayBeEmpty: boolean;
}

/** State of the branch that is being generated. */
interface Branch {
  first: CodeUnit;
  required: CodeUnit;
  /** What these fall back to when the last item turns out to be optional. */
  zeroFirst: CodeUnit;
  zeroRequired: CodeUnit;
  /** `first` came from the last item, a group. */
  groupSetFirst: boolean;
  /** The last item consumes something. */
  consumes: boolean;
  hadAccept: boolean;
  mayBeEmpty: boolean;
}

class Generator {
  readonly #parsed: Parsed;
  readonly #pattern: string;
  readonly #code: Code = [];
  /** `VARIES` once something of variable length has been passed. */
  #varies = 0;
  #assertionDepth = 0;
  readonly #openCaptures: { readonly number: number; readonly assertionDepth: number }[] = [];
  #hasAccept = false;
  #hasThen = false;
  #hasPruneOrSkip = false;
  #hasRecursion = false;
  #backreferences = 0;
  #highestBackreference = 0;

  constructor(parsed: Parsed, pattern: string) {
    this.#parsed = parsed;
    this.#pattern = pattern;
  }

  generate(): Generated {
    const { first, required, mayBeEmpty } = this.#group(this.#parsed.root);
    this.#code.push({ op: "end" });
    this.#allow(0, 0);
    return {
      code: this.#code,
      first,
      required: this.#hasAccept ? NO_UNIT : required,
      mayBeEmpty,
      hasAccept: this.#hasAccept,
      hasThen: this.#hasThen,
      hasPruneOrSkip: this.#hasPruneOrSkip,
      hasRecursion: this.#hasRecursion,
      backreferences: this.#backreferences,
      highestBackreference: this.#highestBackreference,
    };
  }

  /** Refuses a pattern whose code, with more copies of its tail, is too large. */
  readonly #allow = (start: number, copies: number): void => {
    const size = (from: number): number => this.#code.slice(from).reduce((sum, item) => sum + sizeOf(item), 0);
    if (size(0) + (copies === 0 ? 0 : copies * size(start)) > MAX_CODE_SIZE) this.#refuse("pattern is too large");
  };

  #group(group: GroupNode): GroupResult {
    const start = this.#code.length;
    this.#emit({
      op: "bracket",
      kind: group.kind,
      number: group.number,
      mayBeEmpty: false,
      possessive: false,
      link: 0,
    });
    const test = group.condition && this.#conditionTest(group.condition);
    if (test) this.#emit(test);
    if (group.number > 0) this.#openCaptures.push({ number: group.number, assertionDepth: this.#assertionDepth });
    let result: GroupResult | null = null;
    let branchStart = start;
    for (const [i, nodes] of group.branches.entries()) {
      if (i > 0) {
        this.#link(branchStart);
        branchStart = this.#code.length;
        this.#emit({ op: "alternative", link: 0 });
      }
      const length = group.lengths[i] ?? 0;
      if (isLookbehind(group) && length > 0) this.#emit({ op: "reverse", length });
      const branch = this.#branch(nodes);
      result = result ? mergeBranches(result, branch) : branch;
    }
    this.#link(branchStart);
    this.#emit({ op: "ket", repeat: "none", link: this.#code.length - start });
    if (group.number > 0) this.#openCaptures.pop();
    return result!;
  }

  /** Makes the bracket or alternative at an index point to what comes next. */
  #link(index: number): void {
    const opening = this.#code[index]!;
    if (opening.op === "bracket" || opening.op === "alternative") opening.link = this.#code.length - index;
  }

  #branch(nodes: readonly Node[]): GroupResult {
    const branch: Branch = {
      first: UNSET_UNIT,
      required: UNSET_UNIT,
      zeroFirst: UNSET_UNIT,
      zeroRequired: UNSET_UNIT,
      groupSetFirst: false,
      consumes: false,
      hadAccept: false,
      mayBeEmpty: true,
    };
    for (const node of nodes) {
      if (node.type === "repeat") this.#repeat(branch, node);
      else this.#item(branch, node);
      if (branch.consumes && !branch.hadAccept) branch.mayBeEmpty = false;
    }
    return { first: branch.first, required: branch.required, mayBeEmpty: branch.mayBeEmpty };
  }

  /** Generates an item without its quantifier; gives, for a group, whether it may be empty. */
  #item(branch: Branch, node: Node, repeated = false): boolean {
    branch.consumes = false;
    switch (node.type) {
      case "char":
        return this.#char(branch, node);
      case "not":
      case "class":
        this.#variableChar(branch, node, true);
        return false;
      case "type":
        this.#variableChar(branch, node, true);
        return false;
      case "anchor":
        this.#anchor(branch, node);
        return true;
      case "keep":
        if (this.#assertionDepth > 0) this.#refuse("\\K in a lookaround");
        saveForZero(branch);
        this.#emit({ op: "keep" });
        return true;
      case "backreference":
        this.#backreference(branch, node.ref, node.caseless);
        return true;
      case "recursion":
        this.#recursion(branch, node.ref);
        return true;
      case "verb":
        this.#verb(branch, node.name, node.argument);
        return true;
      case "callout":
        this.#emit({ op: "callout", size: node.size });
        return true;
      case "group":
        return this.#groupItem(branch, node, repeated);
      case "repeat":
        return true;
    }
  }

  #char(branch: Branch, node: CharNode & { type: "char" }): boolean {
    branch.consumes = true;
    this.#emit({ op: "item", item: node });
    const flags = node.caseless ? CASELESS : 0;
    if (branch.first.flags === UNSET) {
      branch.zeroFirst = { ...branch.zeroFirst, flags: NONE };
      branch.zeroRequired = branch.required;
      branch.first = { byte: node.byte, flags };
    } else {
      saveForZero(branch);
      branch.required = { byte: node.byte, flags: flags | this.#varies };
    }
    return false;
  }

  #variableChar(branch: Branch, item: CharNode, consumes: boolean): void {
    branch.consumes = consumes;
    noFirst(branch);
    saveForZero(branch);
    this.#emit({ op: "item", item });
  }

  #anchor(branch: Branch, node: Node & { type: "anchor" }): void {
    const { anchor } = node;
    if (anchor === "^m" && branch.first.flags === UNSET) {
      branch.first = { ...branch.first, flags: NONE };
      branch.zeroFirst = { ...branch.zeroFirst, flags: NONE };
    }
    if (anchor.startsWith("\\")) saveForZero(branch);
    this.#emit({ op: "anchor", anchor });
  }

  #backreference(branch: Branch, ref: GroupRef, caseless: boolean): void {
    const groups = this.#resolve(ref);
    const byDuplicateName = typeof ref === "string" && this.#parsed.duplicateNames.has(ref);
    if (branch.first.flags === UNSET) {
      branch.first = { ...branch.first, flags: NONE };
      if (!byDuplicateName) branch.zeroFirst = { ...branch.zeroFirst, flags: NONE };
    }
    for (const number of groups) this.#noteBackreference(number);
    this.#emit({ op: "backreference", groups, byDuplicateName, caseless, min: 1, max: 1, mode: null });
  }

  #noteBackreference(number: number): void {
    this.#backreferences |= number < 32 ? 1 << number : 1;
    this.#highestBackreference = Math.max(this.#highestBackreference, number);
  }

  #recursion(branch: Branch, ref: GroupRef): void {
    const number = this.#resolve(ref)[0]!;
    this.#hasRecursion = true;
    branch.groupSetFirst = false;
    noFirst(branch);
    branch.zeroFirst = branch.first;
    this.#emit({ op: "recursion", number });
  }

  #verb(branch: Branch, name: Exclude<Verb, "ASSERT_ACCEPT">, argument: string | null) {
    if ((name === "ACCEPT" || name === "FAIL") && argument !== null) {
      this.#emit({ op: "verb", verb: "MARK", argument });
    }
    if (name === "ACCEPT") return this.#accept(branch);
    if (name === "THEN") this.#hasThen = true;
    if (name === "PRUNE" || name === "SKIP") this.#hasPruneOrSkip = true;
    this.#emit({ op: "verb", verb: name, argument: name === "FAIL" ? null : argument });
  }

  #accept(branch: Branch): void {
    this.#hasAccept = true;
    branch.hadAccept = true;
    const depth = this.#assertionDepth;
    for (const capture of this.#openCaptures.toReversed()) {
      if (capture.assertionDepth < depth) break;
      this.#emit({ op: "close", number: capture.number });
    }
    this.#emit({ op: "verb", verb: depth > 0 ? "ASSERT_ACCEPT" : "ACCEPT", argument: null });
    if (branch.first.flags === UNSET) branch.first = { ...branch.first, flags: NONE };
  }

  #groupItem(branch: Branch, group: GroupNode, repeated: boolean): boolean {
    if (group.kind === "negative-lookahead" && !repeated && group.branches.length === 1 && !group.branches[0]![0]) {
      this.#emit({ op: "verb", verb: "FAIL", argument: null });
      return true;
    }
    const assertion = isAssertion(group.kind);
    const variesBefore = this.#varies;
    if (assertion) this.#assertionDepth++;
    const result = this.#group(group);
    if (assertion) this.#assertionDepth--;
    let { first, required } = result;
    if (group.kind === "conditional") {
      this.#checkCondition(group);
      if (group.condition?.type === "define") return result.mayBeEmpty;
      // With one branch it may as well match nothing.
      if (group.branches.length === 1) {
        first = { ...first, flags: NONE };
        required = { ...required, flags: NONE };
      } else if (!result.mayBeEmpty) {
        branch.consumes = true;
      }
    } else if (!assertion && !result.mayBeEmpty) {
      branch.consumes = true;
    }
    branch.groupSetFirst = false;
    saveForZero(branch);
    if (!assertion) {
      takeGroupUnits(branch, first, required, variesBefore);
    } else if (group.kind === "lookahead" || group.kind === "nonatomic-lookahead") {
      if (isSet(required) && isSet(first)) branch.required = required;
    }
    return result.mayBeEmpty;
  }

  #checkCondition(group: GroupNode): void {
    const most = group.condition?.type === "define" ? 1 : 2;
    if (group.branches.length > most) this.#refuse("too many branches in a conditional group");
  }

  /** The test of a conditional group; null when the condition is an assertion, which its first branch holds. */
  #conditionTest(condition: Condition): Instruction | null {
    switch (condition.type) {
      case "assertion":
        return null;
      case "define":
        return { op: "condition", test: "false", groups: [] };
      case "constant":
        return { op: "condition", test: condition.value ? "true" : "false", groups: [] };
      case "group": {
        const groups = this.#resolve(condition.ref);
        if (groups.length === 1) this.#highestBackreference = Math.max(this.#highestBackreference, groups[0]!);
        return { op: "condition", test: "groups", groups };
      }
      case "recursion":
        return { op: "condition", test: "recursions", groups: this.#resolve(condition.ref) };
      case "recursion-or-group": {
        if (this.#parsed.names.some(({ name }) => name === condition.name)) {
          return this.#conditionTest({ type: "group", ref: condition.name });
        }
        const number = Number(condition.name.slice(1));
        if (number > this.#parsed.groupCount) this.#refuse("condition on a group that does not exist");
        return { op: "condition", test: "recursions", groups: [number === 0 ? ANY_RECURSION : number] };
      }
    }
  }

  #repeat(branch: Branch, { item, min, max, mode }: RepeatNode): void {
    const start = this.#code.length;
    const quantifier = { min, max, mode };
    const mayBeEmpty = this.#item(branch, item, true);
    branch.consumes = branch.consumes && min > 0;
    if (min === 0) {
      branch.first = branch.zeroFirst;
      branch.required = branch.zeroRequired;
    }
    const instruction = this.#code[start]!;
    if (instruction.op === "item") {
      const char = instruction.item;
      // x{3} as the first item has its x in `first`; it is required as well.
      if (char.type === "char" && min > 1) {
        branch.required = { byte: char.byte, flags: this.#varies | (char.caseless ? CASELESS : 0) };
      }
      repeatItem(this.#code, char, quantifier);
    } else if (instruction.op === "backreference") {
      repeatBackreference(this.#code, quantifier);
    } else if (instruction.op === "recursion") {
      repeatRecursion(this.#code, quantifier, this.#allow);
    } else if (instruction.op === "bracket") {
      if (min > 1 && branch.groupSetFirst && !isSet(branch.required)) branch.required = branch.first;
      repeatBracket(this.#code, start, quantifier, mayBeEmpty, this.#allow);
    }
    if (min !== max) this.#varies = VARIES;
  }

  /** Numbers that a reference stands for. */
  #resolve(ref: GroupRef): readonly number[] {
    if (typeof ref === "number") {
      if (ref > this.#parsed.groupCount) this.#refuse(`reference to group ${ref}, which does not exist`);
      return [ref];
    }
    const numbers = this.#parsed.names.filter(({ name }) => name === ref).map(({ number }) => number);
    if (numbers.length === 0) this.#refuse(`reference to group "${ref}", which does not exist`);
    return numbers;
  }

  #emit(instruction: Instruction): void {
    this.#code.push(instruction);
  }

  #refuse(reason: string): never {
    throw new ExpressionError("invalid", this.#pattern, `pcre2: ${reason}`);
  }
}

/** Nothing is known of the first byte any more, unless it was known before. */
function noFirst(branch: Branch): void {
  if (branch.first.flags === UNSET) branch.first = { ...branch.first, flags: NONE };
}

function saveForZero(branch: Branch): void {
  branch.zeroFirst = branch.first;
  branch.zeroRequired = branch.required;
}

/** What a group tells becomes the branch's own, where the branch does not know better. */
function takeGroupUnits(branch: Branch, first: CodeUnit, groupRequired: CodeUnit, variesBefore: number): void {
  let required = groupRequired;
  if (branch.first.flags === UNSET && first.flags !== UNSET) {
    if (isSet(first)) {
      branch.first = first;
      branch.groupSetFirst = true;
    } else {
      branch.first = { ...branch.first, flags: NONE };
    }
    branch.zeroFirst = { ...branch.zeroFirst, flags: NONE };
  } else if (isSet(first) && !isSet(required)) {
    required = { byte: first.byte, flags: first.flags | variesBefore };
  }
  if (isSet(required)) branch.required = required;
}

/** What a group tells as a whole is what all its branches agree on. */
function mergeBranches(group: GroupResult, branch: GroupResult): GroupResult {
  let { first, required } = group;
  let branchRequired = branch.required;
  if (first.flags !== branch.first.flags || first.byte !== branch.first.byte) {
    if (isSet(first) && !isSet(required)) required = first;
    first = { ...first, flags: NONE };
  }
  if (!isSet(first) && isSet(branch.first) && !isSet(branchRequired)) branchRequired = branch.first;
  if ((required.flags & ~VARIES) !== (branchRequired.flags & ~VARIES) || required.byte !== branchRequired.byte) {
    required = { ...required, flags: NONE };
  } else {
    required = { byte: branchRequired.byte, flags: required.flags | branchRequired.flags };
  }
  return { first, required, mayBeEmpty: group.mayBeEmpty || branch.mayBeEmpty };
}
