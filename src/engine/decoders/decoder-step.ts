/** A decoder made ready to run: with it what its children, and those chained to it, ask of a log. */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, WRITE_STATIC } from "../event.js";
import { NextName } from "../field-names.js";
import type { Decoder, DecoderNode } from "../model.js";
import { type Attempts, attemptsOf } from "./attempts.js";
import { Chain } from "./chain.js";

export class DecoderStep {
  readonly decoder: Decoder;
  /** What to do with each captured text; null where the order skips one. */
  readonly assign: readonly (((event: EngineEvent, value: Bytes) => void) | null)[];
  readonly children: readonly DecoderStep[];
  /** Its prematch asks the log what its parent's has asked. */
  readonly repeatsParent: boolean;
  // Worked out when they are first asked for: most decoders of a ruleset never meet an event.
  #branches: Attempts | null = null;
  #chain: Chain | null = null;

  constructor({ decoder, children }: DecoderNode, parent: Decoder | null = null) {
    this.decoder = decoder;
    this.repeatsParent = parent !== null && asksTheSame(decoder, parent);
    this.assign = decoder.order.map((field) => {
      if (field === null) return null;
      if (field.kind === "static") return WRITE_STATIC[field.name];
      const name = new NextName(field.name);
      return (event, value) => event.addNext(name, value);
    });
    this.children = children.map((child) => new DecoderStep(child, decoder));
  }

  /** The prematches of the children of which one is chosen: those that are chained to one before are not asked. */
  get branches(): Attempts {
    this.#branches ??= attemptsOf(this.children, headsOf(this.children), ({ decoder }) => decoder.prematch);
    return this.#branches;
  }

  /** The regexes of this one and of those chained to it. @param siblings among which it stands @param index where */
  chain(siblings: readonly DecoderStep[], index: number): Chain {
    this.#chain ??= new Chain(siblings, linksOf(siblings, index));
    return this.#chain;
  }
}

function asksTheSame({ prematch, prematchOffset }: Decoder, parent: Decoder): boolean {
  return (
    prematch !== null &&
    prematchOffset === "none" &&
    prematch.dialect === parent.prematch?.dialect &&
    prematch.pattern === parent.prematch.pattern
  );
}

function headsOf(children: readonly DecoderStep[]): number[] {
  const heads: number[] = [];
  children.forEach((_child, index) => {
    if (index === 0 || !children[index - 1]!.decoder.getNext) heads.push(index);
  });
  return heads;
}

/** They end at the first that has nothing to run. */
function linksOf(siblings: readonly DecoderStep[], first: number): number[] {
  const links: number[] = [];
  for (let index = first; index < siblings.length; index++) {
    const { plugin, regex, getNext } = siblings[index]!.decoder;
    if (plugin === null && regex === null) break;
    links.push(index);
    if (!getNext) break;
  }
  return links;
}
