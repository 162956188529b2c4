/** A capture group of a PCRE2 pattern, in the order in which the groups open. */
export interface CaptureGroup {
  /** Number from 1; groups in the alternatives of a branch reset `(?|…)` share theirs. */
  readonly number: number;
  readonly name: string | null;
}

/**
 * The capture groups of a PCRE2 pattern, and the pattern with their names taken out: `(?<user>\S+)` becomes `(\S+)`.
 * Knows escapes, `\Q…\E`, classes, look-arounds, comments and branch resets; says nothing about validity.
 */
export function captureGroups(source: string): { groups: CaptureGroup[]; unnamed: string } {
  const groups: CaptureGroup[] = [];
  const open: ({ start: number; highest: number } | null)[] = [];
  let next = 1;
  let unnamed = "";
  let at = 0;
  const take = (length: number) => {
    unnamed += source.slice(at, at + length);
    at += length;
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const skipped = /^\\Q[\s\S]*?(?:\\E|$)|^\\[\s\S]|^\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|^\(\?#[^)]*\)/.exec(
      rest,
    );
    if (skipped) {
      take(skipped[0].length);
      continue;
    }
    const named = /^\(\?P?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
    if (named) {
      groups.push({ number: next++, name: named[1] ?? named[2] ?? null });
      open.push(null);
      unnamed += "(";
      at += named[0].length;
    } else if (rest.startsWith("(?|")) {
      open.push({ start: next, highest: next });
      take(3);
    } else if (/^\((?![?*])/.test(rest)) {
      groups.push({ number: next++, name: null });
      open.push(null);
      take(1);
    } else if (rest.startsWith("(")) {
      open.push(null);
      take(1);
    } else if (rest.startsWith("|")) {
      const reset = open.at(-1);
      if (reset) {
        reset.highest = Math.max(reset.highest, next);
        next = reset.start;
      }
      take(1);
    } else if (rest.startsWith(")")) {
      const reset = open.pop();
      if (reset) next = Math.max(reset.highest, next);
      take(1);
    } else take(1);
  }
  return { groups, unnamed };
}

/** Field names in the order of group numbers; null for a group without a name. */
export function groupOrder(source: string): (string | null)[] {
  const order: (string | null)[] = [];
  for (const { number, name } of captureGroups(source).groups) order[number - 1] ??= name;
  return [...order].map((name) => name ?? null);
}
