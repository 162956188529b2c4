/** Code for the matching machine: instructions as integers, character sets in one table, and where matches may start. */
import type { Bytes } from "../../bytes.js";
import type { Translation } from "../translation.js";
import { assertedFirst, isAnchored, isLineStart } from "./anchoring.js";
import { autoPossess } from "./auto-possess.js";
import { type CharSet, otherCase } from "./char-set.js";
import { CASELESS, isSet, VARIES } from "./code-unit.js";
import { setOf } from "./followers.js";
import { type Generated, generate } from "./generator.js";
import type { Bracket, Code, Instruction, Ket, Verb } from "./instruction.js";
import { bracketOf, isAssertion, ketOf } from "./instruction.js";
import { measureLookbehinds } from "./lookbehind.js";
import { findCapture, minLength } from "./min-length.js";
import * as op from "./operations.js";
import { Parser } from "./parser.js";
import { literalBeginning, type PlainWords, plainWords } from "./plain-words.js";
import { translate } from "./regexp-translator.js";
import { type RequiredText, requiredText } from "./required-text.js";
import { startSet } from "./start-set.js";
import { readStartSettings, withHeapLimit } from "./start-settings.js";
import type { CharNode, Parsed, RepeatMode, StartSettings } from "./syntax.js";
import { compileStarts, compileWider } from "./wider.js";

export interface Program {
  /** `op.WIDTH` integers an instruction: the operation and its operands. */
  readonly code: Int32Array;
  /** 256 bytes a set. */
  readonly sets: Uint8Array;
  /** Lists of group numbers, and names of verbs, that operands point to. */
  readonly groupLists: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly groupCount: number;
  readonly hasThen: boolean;
  readonly settings: StartSettings;
  readonly start: StartConditions;
  /**
   * The same as regular expressions of JavaScript's, where it can be said; for all subjects, or some. Made anew at each
   * call, one by one, and costly: most patterns of a ruleset never meet a subject.
   */
  readonly translations: () => Iterable<Translation>;
  /** Tells subjects that cannot match, cheaply; null where nothing is known. Made anew at each call. */
  readonly wider: () => ((subject: Bytes) => boolean) | null;
  /** Finds where a match may start, cheaply; null where nothing is known. Made anew at each call. */
  readonly starts: () => RegExp | null;
  /** The words that it only names. */
  readonly words: PlainWords | null;
  /** The text that every match begins with, case counted; empty when there is none. */
  readonly beginning: Bytes;
}

/** What is known of where a match starts and of what it holds. */
export interface StartConditions {
  readonly anchored: boolean;
  readonly lineStart: boolean;
  /** The first byte of every match. */
  readonly first: StartByte | null;
  /** A byte that every match holds, behind `first` where there is one. */
  readonly required: StartByte | null;
  readonly set: CharSet | null;
  readonly minLength: number;
  readonly text: RequiredText | null;
  /**
   * The first byte is one that was looked ahead at only, and the required one is looked for behind it: where both are the
   * same, PCRE2 misses matches. `(?=a)b?a` does not match `Za`.
   */
  readonly mayMiss: boolean;
}

export interface StartByte {
  /** Lower case when case does not count. */
  readonly char: Bytes;
  readonly caseless: boolean;
}

/** Compiles a pattern. @throws ExpressionError */
export function compileProgram(pattern: Bytes): Program {
  return prepareProgram(pattern)();
}

/** Does all that can find a pattern wanting; the rest is done when it is called for. @throws ExpressionError */
export function prepareProgram(pattern: Bytes): () => Program {
  const { settings, length } = readStartSettings(pattern);
  const parsed = new Parser(pattern, length, settings).parse();
  measureLookbehinds(parsed, pattern);
  const generated = generate(parsed, pattern);
  const limited = withHeapLimit(settings, parsed.groupCount);
  return () => finish(generated, parsed, limited, length);
}

function finish(generated: Generated, parsed: Parsed, settings: StartSettings, length: number): Program {
  if (settings.autoPossess) autoPossess(generated.code, generated.hasRecursion);
  const start = startConditions(generated, parsed, settings);
  const beginning = literalBeginning(parsed);
  const { code, sets, groupLists, names } = new Linker(generated.code).link();
  // Member by member: what a spread makes is several times slower to read.
  return {
    code,
    sets,
    groupLists,
    names,
    groupCount: parsed.groupCount,
    hasThen: generated.hasThen,
    settings,
    start,
    translations: () => (length === 0 && !start.mayMiss ? translate(parsed, start.anchored, beginning) : []),
    // Behind (*ACCEPT) a match may end before all of the pattern has matched.
    wider: () => (length === 0 && !generated.hasAccept ? compileWider(parsed) : null),
    // What it looks for ends in front of any verb.
    starts: () => (length === 0 && !start.anchored ? compileStarts(parsed) : null),
    words: length === 0 ? plainWords(parsed) : null,
    beginning,
  };
}

function startConditions(generated: Generated, parsed: Parsed, settings: StartSettings): StartConditions {
  const anchored = isAnchored(generated, settings.dotStarAnchor);
  const text = generated.hasAccept ? null : requiredText(parsed.root);
  const none = {
    anchored,
    lineStart: false,
    first: null,
    required: null,
    set: null,
    minLength: 0,
    text,
    mayMiss: false,
  };
  if (!settings.startOptimize) return none;
  const firstUnit = isSet(generated.first) ? generated.first : assertedFirst(generated.code);
  let first = isSet(firstUnit) ? startByte(firstUnit.byte, (firstUnit.flags & CASELESS) !== 0) : null;
  const lineStart = !first && !anchored && isLineStart(generated, settings.dotStarAnchor);
  const requiredUnit = isSet(generated.required) ? generated.required : null;
  const mayMiss = !isSet(generated.first) && isSet(firstUnit) && requiredUnit !== null;
  let implied = (first ? 1 : 0) + (requiredUnit ? 1 : 0);
  // With an anchor, looking for a byte only pays where it may be far off.
  const worthwhile = requiredUnit && (!anchored || (requiredUnit.flags & VARIES) !== 0);
  const required = worthwhile ? startByte(requiredUnit.byte, (requiredUnit.flags & CASELESS) !== 0) : null;

  let set = first || lineStart ? null : startSet(generated.code);
  if (set) {
    implied = Math.max(implied, 1);
    // One byte, or a letter in both cases, is looked for as the first byte; but not if it is the required one too.
    const [byte, other, ...more] = [...set.keys()].filter((member) => set?.[member] === 1);
    const single = more.length === 0 && (other === undefined || otherCase(other) === byte);
    if (single && !(required && (requiredUnit?.byte === byte || requiredUnit?.byte === other))) {
      first = startByte(byte!, other !== undefined);
      set = null;
    }
  }
  const shortest = Math.max(implied, minLength(generated, parsed));
  return { anchored, lineStart, first, required, set, minLength: shortest, text, mayMiss };
}

function startByte(byte: number, caseless: boolean): StartByte {
  const lower = caseless ? Math.max(byte, otherCase(byte)) : byte;
  return { char: String.fromCharCode(lower), caseless: caseless && otherCase(byte) !== byte };
}

const ANCHOR_OPERATIONS = {
  "^": op.SUBJECT_START,
  "^m": op.LINE_START,
  $: op.SUBJECT_END_OR_NEWLINE,
  $m: op.LINE_END,
  "\\A": op.SUBJECT_START,
  "\\G": op.SUBJECT_START,
  "\\Z": op.SUBJECT_END_OR_NEWLINE,
  "\\z": op.SUBJECT_END,
  "\\b": op.WORD_BOUNDARY,
  "\\B": op.NOT_WORD_BOUNDARY,
} as const;

const VERB_OPERATIONS: Readonly<Record<Verb, number>> = {
  MARK: op.MARK,
  COMMIT: op.COMMIT,
  PRUNE: op.PRUNE,
  SKIP: op.SKIP,
  THEN: op.THEN,
  FAIL: op.FAIL,
  ACCEPT: op.ACCEPT,
  ASSERT_ACCEPT: op.ASSERT_ACCEPT,
};

const REPEAT_MODES: Readonly<Record<RepeatMode, number>> = {
  greedy: op.GREEDY,
  lazy: op.LAZY,
  possessive: op.POSSESSIVE,
};

class Linker {
  readonly #instructions: Code;
  readonly #code: Int32Array;
  readonly #sets: CharSet[] = [];
  readonly #groupLists: (readonly number[])[] = [];
  readonly #names: string[] = [];

  constructor(instructions: Code) {
    this.#instructions = instructions;
    this.#code = new Int32Array(instructions.length * op.WIDTH);
  }

  link(): Pick<Program, "code" | "sets" | "groupLists" | "names"> {
    this.#instructions.forEach((instruction, index) => {
      this.#code.set(this.#encode(instruction, index), index * op.WIDTH);
    });
    const sets = new Uint8Array(this.#sets.length * 256);
    for (const [i, set] of this.#sets.entries()) sets.set(set, i * 256);
    return { code: this.#code, sets, groupLists: this.#groupLists, names: this.#names };
  }

  #encode(instruction: Instruction, index: number): number[] {
    switch (instruction.op) {
      case "item":
        return this.#item(instruction.item);
      case "repeat":
        return this.#repeat(instruction.item, instruction.min, instruction.max, instruction.mode);
      case "bracket":
        return this.#bracket(instruction, index);
      case "alternative":
        return [op.ALTERNATIVE, at(index + instruction.link)];
      case "ket":
        return this.#ket(instruction, index);
      case "zero":
        return [
          op.OPTIONAL,
          instruction.mode === "skip" ? op.SKIPPED : REPEAT_MODES[instruction.mode],
          at(ketOf(this.#instructions, index + 1) + 1),
        ];
      case "condition":
        return this.#condition(instruction.test, instruction.groups);
      case "backreference": {
        const list = this.#groupLists.push(instruction.groups) - 1;
        const { min, max, mode, caseless } = instruction;
        if (mode === null) return [op.BACKREFERENCE, list, caseless ? 1 : 0];
        return [op.BACKREFERENCE_REPEAT, list, caseless ? 1 : 0, min, max, REPEAT_MODES[mode]];
      }
      case "recursion":
        return [op.RECURSION, at(findCapture(this.#instructions, instruction.number)), instruction.number];
      case "reverse":
        return [op.REVERSE, instruction.length];
      case "anchor":
        return [ANCHOR_OPERATIONS[instruction.anchor]];
      case "keep":
        return [op.KEEP];
      case "verb": {
        const name = instruction.argument === null ? -1 : this.#names.push(instruction.argument) - 1;
        return [VERB_OPERATIONS[instruction.verb], name];
      }
      case "close":
        return [op.CLOSE, instruction.number];
      case "callout":
        return [op.NOTHING];
      case "end":
        return [op.END];
    }
  }

  #item(item: CharNode): number[] {
    if (item.type === "char") {
      const other = item.caseless ? otherCase(item.byte) : item.byte;
      return other === item.byte ? [op.CHAR, item.byte] : [op.CHAR_EITHER, item.byte, other];
    }
    if (item.type === "type" && item.code === "\\R") return [op.NEWLINE_SEQUENCE];
    if (item.type === "type" && item.code === "\\X") return [op.CLUSTER];
    return [op.SET, this.#set(item)];
  }

  #repeat(item: CharNode, min: number, max: number, mode: RepeatMode): number[] {
    const operands = [min, max > 65_535 ? op.UNBOUNDED : max];
    if (item.type === "type" && (item.code === "\\R" || item.code === "\\X")) {
      const operation = item.code === "\\R" ? op.NEWLINE_REPEAT : op.CLUSTER_REPEAT;
      return [operation, REPEAT_MODES[mode], ...operands];
    }
    if (min === max || mode === "possessive") return [op.REPEAT_POSSESSIVE, this.#set(item), ...operands];
    if (mode === "lazy") return [op.REPEAT_LAZY, this.#set(item), ...operands];
    return [item.type === "class" ? op.REPEAT_GREEDY_CLASS : op.REPEAT_GREEDY, this.#set(item), ...operands];
  }

  /** Offset of an item's set in the table. */
  #set(item: CharNode): number {
    return (this.#sets.push(setOf(item)) - 1) * 256;
  }

  #bracket(bracket: Bracket, index: number): number[] {
    const next = at(index + bracket.link);
    if (bracket.kind === "conditional") return [op.CONDITIONAL, next, bracket.mayBeEmpty ? 1 : 0];
    if (isAssertion(bracket.kind)) {
      return [bracket.kind.startsWith("negative") ? op.NEGATIVE_ASSERTION : op.ASSERTION, next];
    }
    const number = bracket.kind === "capture" ? bracket.number : 0;
    if (bracket.possessive) return [op.POSSESSIVE_GROUP, next, number];
    if (bracket.kind === "plain" && !bracket.mayBeEmpty) return [op.PLAIN_GROUP, next];
    return [op.GROUP, next, number];
  }

  #ket(ket: Ket, index: number): number[] {
    const open = bracketOf(this.#instructions, index);
    const bracket = this.#instructions[open] as Bracket;
    const repeat = ket.repeat === "none" ? op.NOT_REPEATED : REPEAT_MODES[ket.repeat];
    return [op.KET, at(open), closing(bracket), bracket.number, repeat];
  }

  #condition(test: string, groups: readonly number[]): number[] {
    if (test === "true" || test === "false") return [op.CONSTANT_TEST, test === "true" ? 1 : 0];
    const list = this.#groupLists.push(groups) - 1;
    return [test === "groups" ? op.GROUPS_TEST : op.RECURSIONS_TEST, list];
  }
}

/** What the ket of a bracket has to do. */
function closing({ kind, mayBeEmpty, possessive }: Bracket): number {
  switch (kind) {
    case "plain":
      return mayBeEmpty || possessive ? op.CLOSE_FRAMED : op.CLOSE_PLAIN;
    case "conditional":
      return mayBeEmpty ? op.CLOSE_FRAMED : op.CLOSE_PLAIN;
    case "capture":
      return op.CLOSE_CAPTURE;
    case "atomic":
      return op.CLOSE_ATOMIC;
    case "lookahead":
    case "lookbehind":
      return op.CLOSE_ASSERTION;
    case "nonatomic-lookahead":
    case "nonatomic-lookbehind":
      return op.CLOSE_NONATOMIC;
    default:
      return op.CLOSE_NEGATIVE;
  }
}

/** Position in the integer code of an instruction. */
function at(index: number): number {
  return index * op.WIDTH;
}
