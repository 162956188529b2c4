/**
 * Several patterns as one RegExp: what each of them finds first in a subject is found in one go.
 *
 * - `apart`: each is looked for ahead of the place where the first begins, so that none knows of the others.
 * - `behind`: each is looked for behind what the last one that matched has taken. Nothing is gone back on, because each may
 *   be left out.
 */
import type { Bytes } from "../../bytes.js";
import type { Translation } from "../translation.js";
import { Scope } from "./scope.js";

export type Joint = "apart" | "behind";

export class Joined {
  /** By pattern and by number of the group, from 1: the indexes in what was found. At most one of them is set. */
  readonly groups: readonly (readonly (readonly number[])[])[];
  readonly #scope: Scope;
  readonly #regexp: RegExp;

  constructor(translations: readonly Translation[], joint: Joint) {
    let written = 0;
    const groups: number[][][] = [];
    let source = "";
    for (const each of translations) {
      // Its own groups are behind those of the ones before.
      const before = written;
      groups.push(each.groups.map((indexes) => indexes.map((index) => index + before)));
      const first = `${each.anchored ? "" : "[^]*?"}(?:${withReferencesBehind(each.source, before)})`;
      source += joint === "apart" ? `(?:(?=${first})|)` : `(?:${first}|)`;
      written += each.groupCount;
    }
    this.groups = groups;
    this.#scope = new Scope(translations);
    this.#regexp = new RegExp(source, "y");
  }

  isFor(subject: Bytes): boolean {
    return this.#scope.includes(subject);
  }

  /** The groups of all; those of a pattern that does not match are not set. @param from where the first begins */
  find(subject: Bytes, from: number): RegExpExecArray {
    this.#regexp.lastIndex = from;
    return this.#regexp.exec(subject)!;
  }
}

/** In a translation, nothing but a reference is a backslash with a digit behind it. */
function withReferencesBehind(source: string, groups: number): string {
  return source.replace(/\\(\d+)/g, (_reference, group) => `\\${Number(group) + groups}`);
}
