/** The bytes that a match can start with, as far as PCRE2 finds them out. */
import { type CharSet, otherCase, unite, VERTICAL_SPACE } from "./char-set.js";
import type { Bracket, Code, Instruction } from "./instruction.js";
import { ketOf } from "./instruction.js";
import type { CharNode } from "./syntax.js";

/** Deepest nesting that is looked into. */
const MAX_GROUPS = 1000;

/** `done`: a match starts with a byte of the set. `continue`: if it is not empty here. `fail`: with any byte. */
type Outcome = "done" | "continue" | "fail";

/** The set, or null when there is no telling. */
export function startSet(code: Code): CharSet | null {
  const search = new Search(code);
  return search.group(0) === "done" ? search.set : null;
}

class Search {
  readonly set = new Uint8Array(256);
  readonly #code: Code;
  #groups = 0;

  constructor(code: Code) {
    this.#code = code;
  }

  group(start: number): Outcome {
    if (++this.#groups > MAX_GROUPS) return "fail";
    let outcome: Outcome = "done";
    let branch = start;
    do {
      const found = this.#branch(branch + 1);
      if (found === "fail") return "fail";
      if (found === "at ket") return "continue";
      if (found === "continue") outcome = "continue";
      branch += (this.#code[branch] as Bracket).link;
    } while (this.#code[branch]!.op === "alternative");
    return outcome;
  }

  #branch(start: number): Outcome | "at ket" {
    const code = this.#code;
    let at = start;
    for (;;) {
      const instruction = code[at]!;
      switch (instruction.op) {
        case "item":
          return this.#add(instruction.item) ? "done" : "fail";
        case "repeat":
          if (!this.#add(instruction.item)) return "fail";
          if (instruction.min > 0) return "done";
          at++;
          continue;
        case "bracket": {
          if (isSkipped(instruction)) {
            at = ketOf(code, at) + 1;
            continue;
          }
          const found = instruction.kind === "conditional" ? "fail" : this.group(at);
          if (found !== "continue") return found;
          at = ketOf(code, at) + 1;
          continue;
        }
        case "zero":
          if (instruction.mode !== "skip" && this.group(at + 1) === "fail") return "fail";
          at = ketOf(code, at + 1) + 1;
          continue;
        case "alternative":
          return "continue";
        case "ket":
          return "at ket";
        case "callout":
          at++;
          continue;
        case "anchor":
          if (instruction.anchor !== "^" && instruction.anchor !== "\\b" && instruction.anchor !== "\\B") return "fail";
          at++;
          continue;
        default:
          return "fail";
      }
    }
  }

  #add(item: CharNode): boolean {
    switch (item.type) {
      case "char":
        this.set[item.byte] = 1;
        if (item.caseless) this.set[otherCase(item.byte)] = 1;
        return true;
      case "not":
        return false;
      case "class":
        if (item.extended) return false;
        unite(this.set, item.set);
        return true;
      case "type":
        return this.#addType(item);
    }
  }

  #addType({ code, set }: CharNode & { type: "type" }): boolean {
    switch (code) {
      case "any":
      case "allany":
      case "\\X":
      case "\\H":
      case "\\V":
      case "property":
        return false;
      default:
        unite(this.set, code === "\\R" ? VERTICAL_SPACE : set);
        return true;
    }
  }
}

function isSkipped(instruction: Instruction & { op: "bracket" }): boolean {
  return instruction.kind === "negative-lookahead" || instruction.kind.endsWith("lookbehind");
}
