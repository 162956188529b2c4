/** The two trees of decoders, names and ids: decoders_list.c and the end of decode-xml.c. */
import { type Bytes, fromBytes } from "../engine/bytes.js";
import type { Decoder, DecoderNode } from "../engine/model.js";
import type { DecoderDraft } from "./decoder-draft.js";
import type { Reporter } from "./reporter.js";

/** Names that the real engine adds for its own decoders; `decoded_as` may name them. */
const INTERNAL_NAMES: readonly Bytes[] = [
  "rootcheck",
  "syscheck_integrity_changed",
  "syscheck_new_entry",
  "syscheck_deleted",
  "syscheck_registry_key_modified",
  "syscheck_registry_key_added",
  "syscheck_registry_key_deleted",
  "syscheck_registry_value_modified",
  "syscheck_registry_value_added",
  "syscheck_registry_value_deleted",
  "hostinfo_new",
  "hostinfo_modified",
  "syscollector",
  "ciscat",
  "windows_eventchannel",
  "sca",
];

interface DraftNode {
  readonly decoder: DecoderDraft;
  readonly children: DraftNode[];
}

export interface DecoderTrees {
  readonly withProgramName: readonly DecoderNode[];
  readonly withoutProgramName: readonly DecoderNode[];
  /** Position of every known name, from 1. */
  readonly ids: ReadonlyMap<Bytes, number>;
}

export class DecoderTreeBuilder {
  readonly #reporter: Reporter;
  readonly #withProgramName: DraftNode[] = [];
  readonly #withoutProgramName: DraftNode[] = [];
  readonly #names = new Set<Bytes>(INTERNAL_NAMES);

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  add(decoder: DecoderDraft): void {
    this.#names.add(decoder.name);
    if (decoder.parent === null) {
      this.#append(decoder.programName ? this.#withProgramName : this.#withoutProgramName, decoder);
      return;
    }
    const parents = [...this.#withProgramName, ...this.#withoutProgramName].filter(
      (node) => node.decoder.name === decoder.parent,
    );
    if (parents.length === 0) {
      // Only decoders without a parent can be one, and only those that were read before.
      this.#refuse(
        "decoder-parent-unknown",
        decoder,
        `has the parent "${fromBytes(decoder.parent)}", which is no root read so far`,
      );
    }
    for (const parent of parents) this.#append(parent.children, decoder);
  }

  #append(siblings: DraftNode[], decoder: DecoderDraft): void {
    let follows = false;
    for (const { decoder: sibling } of siblings) {
      if (decoder.parent === null || sibling.name !== decoder.name) continue;
      follows ||= Boolean(sibling.prematch || sibling.regex) && decoder.regexOffset !== "none";
      if (decoder.prematch)
        this.#refuse("decoder-chain-prematch", decoder, "repeats a sibling's name and has a prematch");
      if (decoder.fts.length > 0) this.#refuse("decoder-chain-fts", decoder, "repeats a sibling's name and has fts");
      if (!(sibling.regex || sibling.plugin) || !(decoder.regex || decoder.plugin)) {
        this.#refuse(
          "decoder-chain-without-regex",
          decoder,
          "repeats a sibling's name, and one of the two has no regex",
        );
      }
      sibling.getNext = true;
    }
    if (decoder.regexOffset === "after_regex" && !follows) {
      this.#refuse("decoder-offset-invalid", decoder, "has a regex after_regex but no sibling of its name before it");
    }
    siblings.push({ decoder, children: [] });
  }

  /** Refuses when one of the trees is empty, as the real engine does. */
  build(): DecoderTrees {
    if (this.#withoutProgramName.length === 0) {
      this.#reporter.refuse(
        "decoders-none-without-program-name",
        "no decoder without program_name; at least one is needed",
      );
    }
    if (this.#withProgramName.length === 0) {
      this.#reporter.refuse("decoders-none-with-program-name", "no decoder with program_name; at least one is needed");
    }
    const ids = new Map([...this.#names].sort(byBytes).map((name, index) => [name, index + 1]));
    const finished = new Map<DecoderDraft, Decoder>();
    const finish = ({ decoder, children }: DraftNode): DecoderNode => ({
      decoder: finishDecoder(decoder, ids, finished),
      children: children.map(finish),
    });
    return {
      withProgramName: this.#withProgramName.map(finish),
      withoutProgramName: this.#withoutProgramName.map(finish),
      ids,
    };
  }

  #refuse(code: string, decoder: DecoderDraft, message: string): never {
    this.#reporter.refuse(code, `decoder "${fromBytes(decoder.name)}" ${message}`, decoder.where);
  }
}

/** Every parent of a decoder bears the same name, so the name does not depend on the node. */
function finishDecoder(
  draft: DecoderDraft,
  ids: ReadonlyMap<Bytes, number>,
  finished: Map<DecoderDraft, Decoder>,
): Decoder {
  const known = finished.get(draft);
  if (known) return known;
  const name = draft.parent === null || draft.useOwnName ? draft.name : draft.parent;
  // Member by member: what a spread makes is several times slower to read, and the engine reads it for every event.
  const decoder: Decoder = {
    name,
    ownName: draft.name,
    parent: draft.parent,
    id: ids.get(name)!,
    type: draft.type,
    programName: draft.programName,
    prematch: draft.prematch,
    prematchOffset: draft.prematchOffset,
    regex: draft.regex,
    regexOffset: draft.regexOffset,
    order: draft.order,
    plugin: draft.plugin,
    pluginOffset: draft.pluginOffset,
    fts: draft.fts,
    ftsComment: draft.ftsComment,
    accumulate: draft.accumulate,
    jsonNull: draft.jsonNull,
    jsonArray: draft.jsonArray,
    getNext: draft.getNext,
    where: draft.where,
  };
  finished.set(draft, decoder);
  return decoder;
}

function byBytes(a: Bytes, b: Bytes): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
