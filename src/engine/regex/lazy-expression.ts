/**
 * An expression that is known to compile, and is made ready when it is first asked: most patterns of a ruleset never
 * meet a subject.
 */
import type { Bytes } from "../bytes.js";
import type { Dialect, Effort, Expression, MatchResult, Needs } from "./expression.js";
import type { Translation } from "./translation.js";

/** What can be done with a pattern once it is ready. */
export interface Matcher {
  readonly needs: Needs;
  test(subject: Bytes): boolean;
  match(subject: Bytes): MatchResult | null;
  translation?(): Translation | null;
}

export class LazyExpression implements Expression {
  readonly dialect: Dialect;
  readonly pattern: Bytes;
  readonly effort: Effort | undefined;
  readonly #make: () => Matcher;
  #matcher: Matcher | null = null;

  constructor(dialect: Dialect, pattern: Bytes, make: () => Matcher, effort?: Effort) {
    this.dialect = dialect;
    this.pattern = pattern;
    this.effort = effort;
    this.#make = make;
  }

  get needs(): Needs {
    return this.#ready().needs;
  }

  test(subject: Bytes): boolean {
    return (this.#matcher ?? this.#ready()).test(subject);
  }

  match(subject: Bytes): MatchResult | null {
    return (this.#matcher ?? this.#ready()).match(subject);
  }

  translation(): Translation | null {
    return this.#matcher?.translation?.() ?? null;
  }

  #ready(): Matcher {
    this.#matcher ??= this.#make();
    return this.#matcher;
  }
}
