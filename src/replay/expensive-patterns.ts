/**
 * Patterns that take very long on some lines. PCRE2 gives up a search at its limit of steps, which is a second or two of
 * work, and the manager takes that for "no match"; a log in which many lines are such would never come to an end. So a
 * pattern that has given up a few times is curtailed, and that is said.
 */
import type { Where } from "../diagnostics/diagnostic.js";
import { fromBytes } from "../engine/bytes.js";
import type { EngineEvent } from "../engine/event.js";
import type { Ruleset } from "../engine/model.js";
import { giveUps } from "../engine/regex/expression.js";
import { forgetAnswers } from "../engine/regex/pcre2/known-answers.js";
import { createSession } from "../engine/session.js";
import type { RulesetInput } from "../ruleset/load.js";
import { type PlacedPattern, patternsOf } from "./patterns.js";

/** Plain data, so that it can be sent from one thread to another. */
export interface ExpensivePattern {
  readonly pattern: string;
  readonly dialect: string;
  /** The decoder or rule, and the element. */
  readonly owner: string;
  readonly where: Where;
  /** The first line of the stream, from 1, on which it gave up, or was slow. */
  readonly line: number;
  /** Lines on which it gave up; 0: it was only slow. */
  readonly gaveUp: number;
  /** From this line on it was curtailed; null: it never was. */
  readonly curtailedFrom: number | null;
}

/** So often a pattern may give up at PCRE2's own limit. */
const FULL_GIVE_UPS = 5;
/** Then it gives up after so many steps: a few milliseconds. */
export const CURTAILED_STEPS = 20_000;
const SLOW_EVENT = 1000;
/** A pattern that takes so much of its time is named. */
const SHARE = 0.3;
/** Events that are looked into, at most: that takes as long as they took. */
const MOST_INSPECTED = 10;

export class ExpensePatrol {
  readonly #ruleset: Ruleset | null;
  readonly #slowEvent: number;
  readonly #patterns: readonly PlacedPattern[];
  readonly #found = new Map<PlacedPattern, { line: number; gaveUp: number; curtailedFrom: number | null }>();
  readonly #giveUps: number[];
  #seen = giveUps.total;
  #last = performance.now();
  #inspected = 0;

  /** @param slowEvent milliseconds: an event that takes longer is looked into */
  constructor(ruleset: Ruleset | null, slowEvent = SLOW_EVENT) {
    this.#ruleset = ruleset;
    this.#slowEvent = slowEvent;
    this.#patterns = ruleset === null ? [] : patternsOf(ruleset);
    this.#giveUps = this.#patterns.map(({ expression }) => expression.effort?.giveUps ?? 0);
  }

  /** Begins to take the time of the next event. */
  start(): void {
    this.#last = performance.now();
  }

  /** To be called after each event. */
  after(line: number, event: EngineEvent | null): void {
    const now = performance.now();
    const took = now - this.#last;
    this.#last = now;
    // What gave up is what took so long.
    if (giveUps.total !== this.#seen) this.#note(line);
    else if (took > this.#slowEvent && event !== null && this.#inspected < MOST_INSPECTED) this.#inspect(line, event);
  }

  found(): ExpensivePattern[] {
    return [...this.#found].map(([{ expression, owner, where }, seen]) => ({
      pattern: fromBytes(expression.pattern),
      dialect: expression.dialect,
      owner,
      where,
      ...seen,
    }));
  }

  #note(line: number): void {
    this.#seen = giveUps.total;
    this.#patterns.forEach((pattern, index) => {
      const { effort } = pattern.expression;
      if (effort === undefined || effort.giveUps === this.#giveUps[index]) return;
      this.#giveUps[index] = effort.giveUps;
      const entry = this.#entry(pattern, line);
      entry.gaveUp++;
      if (entry.gaveUp < FULL_GIVE_UPS || entry.curtailedFrom !== null) return;
      effort.curtail(CURTAILED_STEPS);
      entry.curtailedFrom = line + 1;
    });
  }

  /** Once may be chance: another process was in the way, or a pattern was compiled. So it is decided again, apart. */
  #inspect(line: number, event: EngineEvent): void {
    this.#inspected++;
    const { fullLog, location, time } = event;
    const again = () => timeOf(() => createSession(this.#ruleset!).run(fullLog, location, time));
    const took = Math.min(again(), again());
    for (const pattern of took < this.#slowEvent ? [] : this.#patterns) {
      const subject = pattern.subject(event);
      if (subject && timeOf(() => pattern.expression.test(subject)) > took * SHARE) this.#entry(pattern, line);
    }
    // What gave up here gave up in the inspection only.
    this.#seen = giveUps.total;
    this.#patterns.forEach(({ expression }, index) => {
      this.#giveUps[index] = expression.effort?.giveUps ?? 0;
    });
    this.start();
  }

  #entry(pattern: PlacedPattern, line: number) {
    let entry = this.#found.get(pattern);
    if (entry === undefined) {
      entry = { line, gaveUp: 0, curtailedFrom: null };
      this.#found.set(pattern, entry);
    }
    return entry;
  }
}

/** Milliseconds; on a busy machine the clock counts what others do, and CPU time is nearer the truth. */
function timeOf(work: () => unknown): number {
  // What was answered before would take no time.
  forgetAnswers();
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(wall, (user + system) / 1000);
}

/** What several threads found. */
export function merged(found: readonly ExpensivePattern[]): ExpensivePattern[] {
  const byOwner = new Map<string, ExpensivePattern>();
  for (const each of found) {
    const key = `${each.where.file}:${each.where.line} ${each.owner} ${each.pattern}`;
    const other = byOwner.get(key);
    byOwner.set(key, other ? together(other, each) : each);
  }
  return [...byOwner.values()].sort((a, b) => a.line - b.line);
}

function together(one: ExpensivePattern, other: ExpensivePattern): ExpensivePattern {
  const froms = [one.curtailedFrom, other.curtailedFrom].filter((line) => line !== null);
  return {
    ...one,
    line: Math.min(one.line, other.line),
    gaveUp: one.gaveUp + other.gaveUp,
    curtailedFrom: froms.length > 0 ? Math.min(...froms) : null,
  };
}

/** The same with the line of the element itself, where its text can be found in the file. */
export function placedExactly(found: ExpensivePattern, input: RulesetInput): ExpensivePattern {
  const { file, line } = found.where;
  const source = [...input.decoders, ...input.rules].find(({ name }) => name === file);
  if (!source) return found;
  const text = typeof source.text === "string" ? source.text : Buffer.from(source.text).toString("utf8");
  const after = text.split("\n").slice(line - 1);
  const at = after.findIndex((each) => each.includes(found.pattern) || unescaped(each).includes(found.pattern));
  return at < 0 ? found : { ...found, where: { file, line: line + at, column: 1 } };
}

function unescaped(xml: string): string {
  return xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
