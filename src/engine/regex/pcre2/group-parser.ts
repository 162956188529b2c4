/** What begins with an opening parenthesis: groups, assertions, conditions, options, calls, callouts and verbs. */
import { groupNode, NO_OPTIONS, type Options, type Parser } from "./parser.js";
import { isDigit } from "./scanner.js";
import type { Condition, GroupKind, VerbName } from "./syntax.js";

/** Assertions and groups that are spelled out, `(*pla:…)`. Script runs are the ones missing here. */
const SPELLED_GROUPS: ReadonlyMap<string, GroupKind> = new Map([
  ["pla", "lookahead"],
  ["positive_lookahead", "lookahead"],
  ["nla", "negative-lookahead"],
  ["negative_lookahead", "negative-lookahead"],
  ["plb", "lookbehind"],
  ["positive_lookbehind", "lookbehind"],
  ["nlb", "negative-lookbehind"],
  ["negative_lookbehind", "negative-lookbehind"],
  ["napla", "nonatomic-lookahead"],
  ["non_atomic_positive_lookahead", "nonatomic-lookahead"],
  ["naplb", "nonatomic-lookbehind"],
  ["non_atomic_positive_lookbehind", "nonatomic-lookbehind"],
  ["atomic", "atomic"],
]);
const SCRIPT_RUNS = ["sr", "script_run", "asr", "atomic_script_run"];
const CONDITION_KINDS: readonly GroupKind[] = ["lookahead", "negative-lookahead", "lookbehind", "negative-lookbehind"];

const VERBS: Readonly<Record<string, VerbName>> = {
  "": "MARK",
  MARK: "MARK",
  ACCEPT: "ACCEPT",
  F: "FAIL",
  FAIL: "FAIL",
  COMMIT: "COMMIT",
  PRUNE: "PRUNE",
  SKIP: "SKIP",
  THEN: "THEN",
};
const MAX_VERB_ARGUMENT = 255;

/** PCRE2 would be asked `(?(VERSION>=10.42)…)`. */
const VERSION = 1042;

/** Opening delimiters of a callout's text; a brace is closed by its partner, the others by themselves. */
const CALLOUT_DELIMITERS = "`'\"^%#${";

/**
 * Reads what follows an opening parenthesis.
 * @param expected above 0 when this must be the assertion of a conditional group
 */
export function openParenthesis(parser: Parser, expected: number) {
  const { scanner } = parser;
  if (scanner.atEnd) scanner.refuse("parenthesis not closed");
  if (scanner.accept("?")) return openSpecial(parser, expected);
  if (scanner.peek() === "*") {
    if (/[a-z]/.test(scanner.peek(1))) return openSpelled(parser, expected);
    return readVerb(parser);
  }
  if (parser.options.noAutoCapture) return parser.openGroup(groupNode("plain"));
  parser.openGroup(groupNode("capture", { number: parser.newGroupNumber() }));
}

function openSpecial(parser: Parser, expected: number) {
  const { scanner } = parser;
  const isCondition = expected > 0;
  const start = scanner.position;
  const char = scanner.next();
  switch (char) {
    case "":
      return scanner.refuse("parenthesis not closed");
    case ">":
      return parser.openGroup(groupNode("atomic"));
    case "=":
      return parser.openGroup(groupNode("lookahead"), { isCondition });
    case "!":
      return parser.openGroup(groupNode("negative-lookahead"), { isCondition });
    case "*":
      return parser.openGroup(groupNode("nonatomic-lookahead"), { isCondition });
    case "|":
      parser.numbersMayRepeat = true;
      return parser.openGroup(groupNode("plain"), { resetsNumbers: true });
    case "<": {
      const lookbehind = { "=": "lookbehind", "!": "negative-lookbehind", "*": "nonatomic-lookbehind" } as const;
      const kind = lookbehind[scanner.peek() as keyof typeof lookbehind];
      if (!kind || scanner.left < 1) return openNamed(parser, ">");
      scanner.position++;
      return parser.openGroup(groupNode(kind), { isCondition });
    }
    case "'":
      return openNamed(parser, "'");
    case "P":
      return openPython(parser);
    case "R":
      scanner.expect(")", "(?R not closed");
      return parser.add({ type: "recursion", ref: 0 }, true);
    case "&":
      return parser.add({ type: "recursion", ref: scanner.readName(")") }, true);
    case "C":
      return readCallout(parser, expected);
    case "(":
      return openConditional(parser);
    default:
      scanner.position = start;
      if (isDigit(char) || ((char === "-" || char === "+") && isDigit(scanner.peek(1)))) return readCall(parser);
      return readOptions(parser);
  }
}

function openNamed(parser: Parser, terminator: string): void {
  const name = parser.scanner.readName(terminator);
  const number = parser.newGroupNumber();
  parser.nameGroup(name, number);
  parser.openGroup(groupNode("capture", { number }));
}

function openPython(parser: Parser) {
  const { scanner } = parser;
  if (scanner.accept("<")) return openNamed(parser, ">");
  if (scanner.accept(">")) return parser.add({ type: "recursion", ref: scanner.readName(")") }, true);
  scanner.expect("=", "(?P is followed by none of <, > and =");
  const { caseless } = parser.options;
  parser.add({ type: "backreference", ref: scanner.readName(")"), caseless }, true);
}

function readCall(parser: Parser): void {
  const { scanner } = parser;
  const number = scanner.readGroupNumber(parser.groupCount)!;
  scanner.expect(")", "call of a group not closed");
  parser.add({ type: "recursion", ref: number }, true);
}

/** `(?i-s)` up to the end of the group around it, or `(?i-s:…)`; `^` first unsets all but J and U. */
function readOptions(parser: Parser): void {
  const { scanner } = parser;
  const before = parser.options;
  const set: Record<keyof Options, boolean> = { ...before };
  const caret = scanner.accept("^");
  if (caret) {
    const { duplicateNames, ungreedy } = before;
    Object.assign(set, NO_OPTIONS, { duplicateNames, ungreedy });
  }
  applyOptionLetters(parser, set, !caret);
  if (scanner.atEnd) scanner.refuse("parenthesis not closed");
  const inside = { ...set };
  if (scanner.next() === ":") parser.openGroup(groupNode("plain"));
  parser.options = inside;
}

const OPTION_LETTERS: Readonly<Record<string, keyof Options>> = {
  i: "caseless",
  m: "multiline",
  s: "dotAll",
  n: "noAutoCapture",
  J: "duplicateNames",
  U: "ungreedy",
};

function applyOptionLetters(parser: Parser, options: Record<keyof Options, boolean>, mayUnset: boolean): void {
  const { scanner } = parser;
  const changes: { readonly set: Set<keyof Options>; readonly unset: Set<keyof Options> } = {
    set: new Set(),
    unset: new Set(),
  };
  let target = changes.set;
  while (!scanner.atEnd && scanner.peek() !== ")" && scanner.peek() !== ":") {
    const letter = scanner.next();
    if (letter === "-") {
      if (!mayUnset || target === changes.unset) scanner.refuse("second hyphen, or a hyphen behind ^, in options");
      target = changes.unset;
    } else if (letter === "x") {
      target.add("extended");
      if (scanner.accept("x")) target.add("extendedMore");
    } else {
      target.add(OPTION_LETTERS[letter] ?? scanner.refuse(`unknown option "${letter}"`));
    }
  }
  // A single x takes back an earlier xx, and so does -x.
  const singleX = changes.set.has("extended") && !changes.set.has("extendedMore");
  if (singleX || changes.unset.has("extended")) changes.unset.add("extendedMore");
  for (const option of changes.set) options[option] = true;
  for (const option of changes.unset) options[option] = false;
}

/** Callouts do nothing without a function to call; they still count as items. */
function readCallout(parser: Parser, expected: number): void {
  const { scanner } = parser;
  parser.expectedAssertion = expected - 1;
  let size = 6;
  const opening = scanner.peek();
  if (opening !== ")" && !isDigit(opening)) {
    if (opening === "" || !CALLOUT_DELIMITERS.includes(opening)) scanner.refuse("malformed callout");
    const start = scanner.position++;
    const closing = opening === "{" ? "}" : opening;
    for (;;) {
      if (scanner.atEnd) scanner.refuse("callout text not closed");
      // A doubled delimiter stands for itself.
      if (scanner.next() === closing && !scanner.accept(closing)) break;
    }
    size = 9 + scanner.position - start;
  } else {
    scanner.readDigits(255);
  }
  scanner.expect(")", "callout not closed");
  parser.add({ type: "callout", size }, false);
}

function openConditional(parser: Parser): void {
  const { scanner } = parser;
  if (scanner.atEnd) scanner.refuse("parenthesis not closed");
  if (scanner.peek() === "?" || scanner.peek() === "*") {
    parser.openGroup(groupNode("conditional", { condition: { type: "assertion" } }));
    parser.expectedAssertion = 2;
    // The assertion is read as the first item of the group.
    scanner.position--;
    return;
  }
  const condition = readCondition(parser);
  scanner.expect(")", "condition not closed");
  parser.openGroup(groupNode("conditional", { condition }));
}

function readCondition(parser: Parser): Condition {
  const { scanner } = parser;
  const number = scanner.readGroupNumber(parser.groupCount);
  if (number !== null) {
    if (number === 0) scanner.refuse("condition on group 0");
    return { type: "group", ref: number };
  }
  if (scanner.left >= 10 && scanner.peek(7) !== ")" && scanner.accept("VERSION")) return readVersionTest(parser);
  if (scanner.accept("R&")) {
    const name = scanner.readName(")");
    scanner.position--;
    return { type: "recursion", ref: name };
  }
  if (scanner.accept("<")) return { type: "group", ref: scanner.readName(">") };
  if (scanner.accept("'")) return { type: "group", ref: scanner.readName("'") };
  const name = scanner.readName(")");
  scanner.position--;
  if (name === "DEFINE") return { type: "define" };
  return /^R[0-9]*$/.test(name) ? { type: "recursion-or-group", name } : { type: "group", ref: name };
}

function readVersionTest(parser: Parser): Condition {
  const { scanner } = parser;
  const orHigher = scanner.accept(">");
  scanner.expect("=", "malformed VERSION condition");
  const major = scanner.readDigits(1000) ?? scanner.refuse("malformed VERSION condition");
  let minor = 0;
  if (scanner.accept(".")) {
    const found = /^[0-9]{1,2}(?=\))/.exec(scanner.text.slice(scanner.position, scanner.position + 3));
    const digits = found?.[0] ?? scanner.refuse("malformed VERSION condition");
    minor = Number(digits.padEnd(2, "0"));
    scanner.position += digits.length;
  }
  const wanted = major * 100 + minor;
  return { type: "constant", value: orHigher ? VERSION >= wanted : VERSION === wanted };
}

function openSpelled(parser: Parser, expected: number): void {
  const { scanner } = parser;
  scanner.position++;
  const name = scanner.readWord();
  scanner.expect(":", "malformed alphabetic assertion");
  if (SCRIPT_RUNS.includes(name) && expected === 0) scanner.unsupported("a script run");
  const kind = SPELLED_GROUPS.get(name) ?? scanner.refuse(`unknown alphabetic assertion "${name}"`);
  if (expected > 0 && !CONDITION_KINDS.includes(kind)) scanner.refuse("assertion expected as a condition");
  parser.openGroup(groupNode(kind), { isCondition: expected > 0 && kind !== "atomic" });
}

function readVerb(parser: Parser): void {
  const { scanner } = parser;
  scanner.position++;
  const word = scanner.readWord();
  const name = Object.hasOwn(VERBS, word) ? VERBS[word]! : scanner.refuse(`unknown verb "${word}"`);
  let argument: string | null = null;
  if (scanner.accept(":")) {
    const end = scanner.text.indexOf(")", scanner.position);
    if (end < 0) scanner.refuse("verb not closed");
    argument = scanner.text.slice(scanner.position, end) || null;
    scanner.position = end;
    if ((argument ?? "").length > MAX_VERB_ARGUMENT) scanner.refuse("verb argument too long");
  }
  scanner.expect(")", "malformed verb");
  if (name === "MARK" && argument === null) scanner.refuse("(*MARK) needs an argument");
  // The name given to (*ACCEPT) or (*FAIL) is set as if (*MARK) stood before it.
  parser.add({ type: "verb", name, argument }, name === "ACCEPT");
}
