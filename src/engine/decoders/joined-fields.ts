/** What several regexes, asked as one RegExp, give an event: the same fields as one after the other. */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, WRITE_STATIC } from "../event.js";
import { type FieldNames, noNames } from "../field-names.js";
import type { OrderField } from "../model.js";
import { Joined, type Joint } from "../regex/pcre2/joined.js";
import type { DecoderStep } from "./decoder-step.js";

/**
 * The fields of events of which each regex has set the same group last: the groups in front of it are fields too, set or
 * not.
 */
interface Layout {
  readonly names: FieldNames;
  /** Of each name the indexes in what was found, `width` of them: the first that is set is its value. */
  readonly values: Int32Array;
  readonly statics: readonly { readonly write: (event: EngineEvent, value: Bytes) => void; readonly place: number }[];
  /** As `values`. */
  readonly staticValues: Int32Array;
}

/** With more layouts than this, all are forgotten. */
const REMEMBERED_LAYOUTS = 1_000;
/** Of a layout's number. */
const MOST_COMBINATIONS = 2 ** 30;

export class JoinedFields {
  readonly #joined: Joined;
  readonly #orders: readonly (readonly (OrderField | null)[])[];
  /**
   * What tells the highest group that is set, of each regex in turn: one more than it has groups; how many integers follow;
   * and in pairs, from the last, a group's number and an index of it.
   */
  readonly #groups: Int32Array;
  /** Most indexes of a group. */
  readonly #width: number;
  /** The first looks at the whole log, and does not go on behind the prematch. */
  readonly #startsAtLog: boolean;
  /**
   * Least number of a layout that tells where the last regex ended: those behind the first go on behind the prematch where it
   * does not match.
   */
  readonly #least: number;
  readonly #layouts = new Map<number, Layout>();
  /** Where the names of the layouts begin. */
  #noNames = noNames();

  /** Null where they cannot be joined. @param steps with regexes of PCRE2, in order */
  static of(steps: readonly DecoderStep[], joint: Joint): JoinedFields | null {
    const translations = steps.map(({ decoder }) => decoder.regex!.translation?.() ?? null);
    if (!translations.every((each) => each !== null)) return null;
    // To the real engine a log that one goes on with begins there.
    const goingOn = translations.slice(startsAtLog(steps) ? 1 : 0);
    if (joint === "behind" && goingOn.some(({ looksBehind }) => looksBehind)) return null;
    if (combinationsOf(translations.map(({ groups }) => groups)) > MOST_COMBINATIONS) return null;
    return new JoinedFields(steps, new Joined(translations, joint), joint);
  }

  private constructor(steps: readonly DecoderStep[], joined: Joined, joint: Joint) {
    this.#joined = joined;
    this.#startsAtLog = startsAtLog(steps);
    this.#orders = steps.map(({ decoder }) => decoder.order);
    this.#groups = Int32Array.from(
      joined.groups.flatMap((groups) => {
        const pairs = groups.flatMap((indexes, at) => indexes.flatMap((index) => [[at + 1, index]])).reverse();
        return [groups.length + 1, 2 * pairs.length, ...pairs.flat()];
      }),
    );
    this.#width = Math.max(1, ...joined.groups.flat().map(({ length }) => length));
    this.#least = joint === "behind" && this.#startsAtLog ? combinationsOf(joined.groups.slice(1)) : 0;
  }

  /**
   * @param prematchEnd where the log goes on behind the prematch
   * @returns was anything captured; null where the log is none that they can be asked about as one, and nothing is done
   */
  fill(event: EngineEvent, prematchEnd: number): boolean | null {
    const { log } = event;
    if (!this.#joined.isFor(log)) return null;
    const found = this.#joined.find(log, this.#startsAtLog ? 0 : prematchEnd);
    const number = this.#numberOf(found);
    if (number < this.#least) return null;
    if (number === 0) return false;
    const { names, values, statics, staticValues } = this.#layout(number);
    const width = this.#width;
    event.names = names;
    for (let at = 0; at < values.length; at += width) event.values.push(textOf(found, values, at, at + width));
    for (let each = 0; each < statics.length; each++) {
      const { write, place } = statics[each]!;
      write(event, textOf(found, staticValues, place, place + width));
    }
    return true;
  }

  /** Of the layout; 0 where nothing is captured. */
  #numberOf(found: RegExpExecArray): number {
    const groups = this.#groups;
    let number = 0;
    for (let at = 0; at < groups.length; ) {
      const end = at + 2 + groups[at + 1]!;
      let pair = at + 2;
      while (pair < end && found[groups[pair + 1]!] === undefined) pair += 2;
      number = number * groups[at]! + (pair < end ? groups[pair]! : 0);
      at = end;
    }
    return number;
  }

  #layout(number: number): Layout {
    // When all lists of names are forgotten, layouts would keep those that there were.
    if (this.#noNames !== noNames()) {
      this.#layouts.clear();
      this.#noNames = noNames();
    }
    return this.#layouts.get(number) ?? this.#addLayout(number);
  }

  #addLayout(number: number): Layout {
    if (this.#layouts.size >= REMEMBERED_LAYOUTS) this.#layouts.clear();
    const layout = this.#makeLayout(number);
    this.#layouts.set(number, layout);
    return layout;
  }

  #makeLayout(number: number): Layout {
    const { groups } = this.#joined;
    const highest: number[] = [];
    for (let rest = number, at = groups.length - 1; at >= 0; at--) {
      const radix = groups[at]!.length + 1;
      highest[at] = rest % radix;
      rest = Math.floor(rest / radix);
    }
    let names = this.#noNames;
    const values: number[] = [];
    const statics: Layout["statics"][number][] = [];
    const staticValues: number[] = [];
    groups.forEach((ofRegex, at) => {
      this.#orders[at]!.slice(0, highest[at]).forEach((field, group) => {
        if (field === null) return;
        // All of one length: the last index again does no harm.
        const indexes = ofRegex[group]!;
        const row = Array.from({ length: this.#width }, (_, each) => indexes[Math.min(each, indexes.length - 1)]!);
        if (field.kind === "static") {
          statics.push({ write: WRITE_STATIC[field.name], place: staticValues.length });
          staticValues.push(...row);
        } else {
          names = names.with(field.name);
          values.push(...row);
        }
      });
    });
    return { names, values: Int32Array.from(values), statics, staticValues: Int32Array.from(staticValues) };
  }
}

/** The first of them looks at the whole log, and does not go on behind the prematch. */
function startsAtLog([first]: readonly DecoderStep[]): boolean {
  return first?.decoder.regexOffset === "none";
}

/** In how many ways the highest group that is set can be told of each. @param groups of each regex */
function combinationsOf(groups: readonly (readonly unknown[])[]): number {
  return groups.reduce((product, { length }) => product * (length + 1), 1);
}

/** A group that is not set is empty. */
function textOf(found: RegExpExecArray, indexes: Int32Array, start: number, end: number): Bytes {
  for (let at = start; at < end; at++) {
    const text = found[indexes[at]!];
    if (text !== undefined) return text;
  }
  return "";
}
