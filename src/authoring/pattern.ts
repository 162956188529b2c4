import type { Dialect, PatternNode } from "../ir/nodes.js";
import { callerPosition } from "./source-position.js";

/** A pattern whose text is known to the type checker, so that its named groups are. */
export interface Pattern<D extends Dialect = Dialect, P extends string = string> extends PatternNode {
  readonly dialect: D;
  readonly source: P;
}

/**
 * Names of the groups `(?<name>…)` in a pattern: `NamedGroups<"(?<a>x)(?<b>y)">` is `"a" | "b"`.
 * Look-behinds `(?<=…)` and `(?<!…)` are none. A pattern that is only known as `string` has the groups `string`.
 */
export type NamedGroups<P extends string> = string extends P
  ? string
  : P extends `${string}(?<${infer Rest}`
    ? Rest extends `=${string}` | `!${string}`
      ? NamedGroups<Rest>
      : Rest extends `${infer Name}>${infer Tail}`
        ? Name | NamedGroups<Tail>
        : never
    : never;

/** Perl-compatible pattern: case-sensitive, on bytes. The only dialect that the compiler emits for you unharmed. */
export function pcre2<const P extends string>(source: P): Pattern<"pcre2", P> {
  return Object.freeze({ kind: "pattern", dialect: "pcre2", source, where: callerPosition(pcre2) });
}

/** OS_Match pattern: case-insensitive words, `^`, `$` and `|`, a leading `!` negates. */
export function osmatch<const P extends string>(source: P): Pattern<"osmatch", P> {
  return Object.freeze({ kind: "pattern", dialect: "osmatch", source, where: callerPosition(osmatch) });
}

/** OS_Regex pattern: case-insensitive, classes `\d \w \s \p \.`, lazy `+` and `*` after a class. */
export function osregex<const P extends string>(source: P): Pattern<"osregex", P> {
  return Object.freeze({ kind: "pattern", dialect: "osregex", source, where: callerPosition(osregex) });
}
