/** A capture group of a PCRE2 pattern, in the order in which the groups open. */
export interface CaptureGroup {
  /** Number from 1; groups in the alternatives of a branch reset `(?|…)` share theirs. */
  readonly number: number;
  readonly name: string | null;
}

/** Text in which no bracket opens or closes anything: quotations, escapes, classes, comments. */
const INERT =
  /^\\Q[\s\S]*?(?:\\E|$)|^\\[\s\S]|^\[\^?\]?(?:\\Q[\s\S]*?\\E|\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|^\(\?#[^)]*\)/;
const NAMED_GROUP = /^\(\?P?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/;
/** A condition that is no group of its own: by a group's number or name, or on recursion. */
const CONDITION = /^\(\?\((?:[-+]?\d+|[A-Za-z_]\w*(?:[<>]?=[\d.]+|&\w+)?|<\w+>|'\w+')\)/;

/** Ways to refer to a group by its name, each with its counterpart by number. */
const REFERENCES: readonly (readonly [named: RegExp, numbered: (number: number) => string])[] = [
  [/^\\k(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'|\{([A-Za-z_]\w*)\})/, (number) => `\\g{${number}}`],
  [/^(?:\\g\{([A-Za-z_]\w*)\}|\(\?P=([A-Za-z_]\w*)\))/, (number) => `\\g{${number}}`],
  [/^(?:\\g<([A-Za-z_]\w*)>|\\g'([A-Za-z_]\w*)'|\(\?(?:&|P>)([A-Za-z_]\w*)\))/, (number) => `(?${number})`],
  [/^\(\?\((?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')\)/, (number) => `(?(${number})`],
];

/**
 * The capture groups of a PCRE2 pattern, and the pattern with their names taken out: `(?<user>\S+)` becomes `(\S+)`, and
 * what refers to a group by its name refers to its number. Knows escapes, `\Q…\E`, classes, look-arounds, conditions,
 * comments and branch resets; says nothing about validity.
 */
export function captureGroups(source: string): { groups: CaptureGroup[]; unnamed: string } {
  const groups: CaptureGroup[] = [];
  const open: ({ start: number; highest: number } | null)[] = [];
  // A reference may stand before its group, so that its number is known at the end only.
  const pieces: (() => string)[] = [];
  const numberOf = (name: string) => groups.find((group) => group.name === name)?.number;
  let next = 1;
  let at = 0;
  const take = (text: string, emit: () => string = () => text) => {
    pieces.push(emit);
    at += text.length;
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const reference = referenceAt(rest);
    const condition = CONDITION.exec(rest);
    if (condition) open.push(null);
    if (reference) {
      take(reference.text, () => {
        const number = numberOf(reference.name);
        return number === undefined ? reference.text : reference.numbered(number);
      });
      continue;
    }
    const whole = condition ?? INERT.exec(rest);
    if (whole) {
      take(whole[0]);
      continue;
    }
    const named = NAMED_GROUP.exec(rest);
    if (named) {
      groups.push({ number: next++, name: named[1] ?? named[2] ?? null });
      open.push(null);
      take(named[0], () => "(");
    } else if (rest.startsWith("(?|")) {
      open.push({ start: next, highest: next });
      take("(?|");
    } else if (/^\((?![?*])/.test(rest)) {
      groups.push({ number: next++, name: null });
      open.push(null);
      take("(");
    } else if (rest.startsWith("(")) {
      open.push(null);
      take("(");
    } else if (rest.startsWith("|")) {
      const reset = open.at(-1);
      if (reset) {
        reset.highest = Math.max(reset.highest, next);
        next = reset.start;
      }
      take("|");
    } else if (rest.startsWith(")")) {
      const reset = open.pop();
      if (reset) next = Math.max(reset.highest, next);
      take(")");
    } else take(rest.charAt(0));
  }
  return { groups, unnamed: pieces.map((piece) => piece()).join("") };
}

function referenceAt(rest: string) {
  for (const [named, numbered] of REFERENCES) {
    const match = named.exec(rest);
    if (match) return { text: match[0], name: match.slice(1).find((name) => name !== undefined)!, numbered };
  }
  return null;
}

/** Field names in the order of group numbers; null for a group without a name. */
export function groupOrder(source: string): (string | null)[] {
  const order: (string | null)[] = [];
  for (const { number, name } of captureGroups(source).groups) order[number - 1] ??= name;
  return [...order].map((name) => name ?? null);
}
