/** `<mitre>`: the old form lists technique ids, the new one pairs a tactic with a technique, one pair per block. */
import type { Bytes } from "../engine/bytes.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Reporter } from "./reporter.js";
import type { MitreIds } from "./rule-draft.js";
import type { XmlElement } from "./xml.js";

/** Collects the blocks of one rule. A block that is not right is reported and left out; the new form beats the old. */
export class MitreReader {
  readonly #rule: number;
  readonly #reporter: Reporter;
  readonly result: MitreIds = { ids: [], tactics: [], techniques: [] };
  #newForm = false;

  constructor(rule: number, reporter: Reporter) {
    this.#rule = rule;
    this.#reporter = reporter;
  }

  read(block: XmlElement): void {
    if (block.children.length === 0) {
      this.#warn("is empty", block);
      return;
    }
    const [ids, tactics, techniques]: [Bytes[], Bytes[], Bytes[]] = [[], [], []];
    const lists = new Map([
      ["id", ids],
      ["tacticid", tactics],
      ["techniqueid", techniques],
    ]);
    let valid = true;
    for (const child of block.children) {
      const list = lists.get(asciiLower(child.name));
      if (!list) {
        const message = `"${child.name}" in mitre of rule ${this.#rule} is unknown, and the block is left out`;
        this.#reporter.error("rule-mitre-invalid", message, child.where);
        valid = false;
      } else if (child.content === "") {
        this.#warn(`has an empty ${child.name}`, child);
        valid = false;
      } else {
        list.push(child.content);
      }
    }
    if (valid) this.#take(ids, tactics, techniques, block);
  }

  #take(ids: Bytes[], tactics: Bytes[], techniques: Bytes[], block: XmlElement): void {
    if (ids.length > 0) {
      if (tactics.length > 0 || techniques.length > 0) this.#warn("mixes id with tacticID or techniqueID", block);
      else if (this.#newForm) this.#warn("uses id behind a block with techniqueID", block);
      else for (const id of ids) if (!this.result.ids.includes(id)) this.result.ids.push(id);
      return;
    }
    if (tactics.length !== 1 || techniques.length !== 1) {
      this.#warn("needs exactly one tacticID and one techniqueID", block);
      return;
    }
    if (this.result.ids.length > 0) {
      this.#warn("uses techniqueID behind a block with id, which is left out", block);
      this.result.ids = [];
    }
    this.#newForm = true;
    this.#addPair(tactics[0]!, techniques[0]!);
  }

  #addPair(tactic: Bytes, technique: Bytes): void {
    const { tactics, techniques } = this.result;
    if (tactics.some((known, i) => known === tactic && techniques[i] === technique)) return;
    tactics.push(tactic);
    techniques.push(technique);
  }

  #warn(problem: string, element: XmlElement): void {
    this.#reporter.warning(
      "rule-mitre-invalid",
      `mitre of rule ${this.#rule} ${problem}; it is left out`,
      element.where,
    );
  }
}
