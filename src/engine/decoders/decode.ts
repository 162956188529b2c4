/**
 * Decoding (`decoder.c`): the first top-level decoder that accepts the event, at most one of its children chosen by
 * prematch, then the plug-ins and regexes of the chosen one and of the siblings chained to it.
 */
import type { Bytes } from "../bytes.js";
import { type EngineEvent, UNSET } from "../event.js";
import {
  type Decoder,
  type DecoderNode,
  EVENT_TYPES,
  type EventType,
  type Offset,
  type Rule,
  type Ruleset,
} from "../model.js";
import type { Expression, MatchResult } from "../regex/expression.js";
import { decodeJson } from "./json-plugin.js";
import { decodeOssecAlert } from "./ossec-alert.js";
import { decodePf } from "./pf.js";
import type { PrematchIndex } from "./prematch-index.js";
import type { ProgramIndex } from "./program-index.js";
import { decodeSonicWall } from "./sonicwall.js";
import { decodeSymantecWs } from "./symantec-ws.js";

/** Type that OSSECAlert_Decoder gives its decoder; no rule category has it. */
export const OSSEC_ALERT = 12;

const NO_CAPTURES: readonly Bytes[] = [];

/** The parts of a ruleset that decoding needs, and what outlives an event in the real engine. */
export class DecodingPhase {
  readonly #ruleset: Ruleset;
  readonly #programs: ProgramIndex;
  readonly #prematches: PrematchIndex;
  readonly #ruleByText: (id: Bytes) => Rule | undefined;
  /** Plug-ins change the type of the decoder itself, for the rest of the session. */
  readonly #types = new Map<Decoder, number>();
  /**
   * Captured texts that no regex has consumed yet. A pcre2 that matches without capturing anything leaves them, so that
   * a decoder whose regex has no group gets what its prematch captured.
   */
  #captures: readonly Bytes[] = NO_CAPTURES;

  constructor(ruleset: Ruleset, programs: ProgramIndex, prematches: PrematchIndex) {
    this.#ruleset = ruleset;
    this.#programs = programs;
    this.#prematches = prematches;
    this.#ruleByText = (id) => {
      const rule = ruleset.ruleById.get(Number(id));
      return rule !== undefined && String(rule.id) === id ? rule : undefined;
    };
  }

  /** Type of the event as rules see it now. */
  typeOf(event: EngineEvent): number {
    const decoder = event.decoder;
    if (decoder === null) return EVENT_TYPES.syslog;
    return this.#types.size === 0 ? decoder.type : (this.#types.get(decoder) ?? decoder.type);
  }

  /** The captured texts that the next event's decoder may get. */
  get leftovers(): readonly Bytes[] {
    return this.#captures;
  }

  set leftovers(captures: readonly Bytes[]) {
    this.#captures = captures;
  }

  decode(event: EngineEvent): void {
    if (event.programName === null) this.#decodeByPrematch(event);
    else this.#decodeByProgram(event, event.programName);
  }

  #decodeByPrematch(event: EngineEvent): void {
    const nodes = this.#ruleset.decodersWithoutProgramName;
    const candidates = this.#prematches.candidates(event.log);
    const { texts } = this.#prematches;
    for (const candidate of candidates.list) {
      if (candidate.clearsCaptures) this.#captures = NO_CAPTURES;
      if (!texts.mayMatch(event.log, candidate.texts)) {
        if (candidate.isOsRegex) this.#captures = NO_CAPTURES;
        continue;
      }
      const match = this.#match(nodes[candidate.index]!.decoder.prematch!, event.log);
      if (match !== null) {
        this.#run(event, nodes, candidate.index, after(event, 0, match.end));
        return;
      }
    }
    if (candidates.clearsCapturesAtEnd) this.#captures = NO_CAPTURES;
  }

  #decodeByProgram(event: EngineEvent, programName: Bytes): void {
    const nodes = this.#ruleset.decodersWithProgramName;
    const candidates = this.#programs.candidates(programName);
    for (const { index, clearsCaptures, groups } of candidates.list) {
      if (clearsCaptures) this.#captures = NO_CAPTURES;
      if (groups !== null) this.#captures = groups;
      const prematch = nodes[index]!.decoder.prematch;
      const match = prematch === null ? null : this.#match(prematch, event.log);
      if (prematch !== null && match === null) continue;
      this.#run(event, nodes, index, match === null ? 0 : after(event, 0, match.end));
      return;
    }
    if (candidates.clearsCapturesAtEnd) this.#captures = NO_CAPTURES;
  }

  /** @param parentEnd where the log goes on behind the top-level decoder's prematch */
  #run(event: EngineEvent, roots: readonly DecoderNode[], index: number, parentEnd: number): void {
    const node = roots[index]!;
    event.decoder = node.decoder;
    event.afterPrematch = parentEnd;
    if (node.children.length === 0) {
      // A decoder without children runs its own regex, one with children never does.
      this.#runChain(event, roots, index, parentEnd, UNSET);
      return;
    }
    for (let child = 0; child < node.children.length; child++) {
      const decoder = node.children[child]!.decoder;
      if (decoder.prematch === null) {
        // The first child without a prematch is taken, and the event keeps the parent as its decoder.
        this.#runChain(event, node.children, child, parentEnd, parentEnd);
        return;
      }
      const start = decoder.prematchOffset === "after_parent" ? parentEnd : 0;
      const match = this.#match(decoder.prematch, start === 0 ? event.log : event.log.slice(start));
      if (match !== null) {
        event.decoder = decoder;
        event.afterParent = parentEnd;
        event.afterPrematch = after(event, start, match.end);
        this.#runChain(event, node.children, child, parentEnd, event.afterPrematch);
        return;
      }
      // The siblings chained to a prematch that failed are passed over.
      while (child < node.children.length && node.children[child]!.decoder.getNext) child++;
    }
  }

  #runChain(
    event: EngineEvent,
    nodes: readonly DecoderNode[],
    first: number,
    parentEnd: number,
    prematchEnd: number,
  ): void {
    let regexEnd = UNSET;
    for (let index = first; index < nodes.length; index++) {
      const decoder = nodes[index]!.decoder;
      if (decoder.plugin !== null) {
        this.#runPlugin(event, decoder);
      } else if (decoder.regex !== null) {
        const start = startOf(decoder.regexOffset, parentEnd, prematchEnd, regexEnd);
        const match =
          start === UNSET ? null : this.#match(decoder.regex, start === 0 ? event.log : event.log.slice(start));
        if (match !== null) {
          regexEnd = after(event, start, match.end);
          if (event.names.length >= this.#ruleset.orderSize) return;
          this.#assign(event, decoder);
        }
      } else {
        return;
      }
      if (!decoder.getNext) return;
    }
  }

  #assign(event: EngineEvent, decoder: Decoder): void {
    const captures = this.#captures;
    for (let i = 0; i < captures.length; i++) {
      const field = decoder.order[i];
      if (field === null || field === undefined) continue;
      if (field.kind === "static") event[field.name] = captures[i]!;
      else event.addField(field.name, captures[i]!);
    }
    this.#captures = NO_CAPTURES;
  }

  #runPlugin(event: EngineEvent, decoder: Decoder): void {
    switch (decoder.plugin) {
      case "JSON_Decoder":
        decodeJson(event, this.#ruleset.orderSize);
        break;
      case "PF_Decoder":
        decodePf(event);
        break;
      case "SymantecWS_Decoder":
        decodeSymantecWs(event);
        break;
      case "SonicWall_Decoder":
        this.#setType(event, decodeSonicWall(event));
        this.#captures = NO_CAPTURES;
        break;
      case "OSSECAlert_Decoder":
        this.#setType(event, OSSEC_ALERT);
        decodeOssecAlert(event, this.#ruleByText);
        break;
    }
  }

  /** The event's decoder is the parent when a child without prematch runs the plug-in. */
  #setType(event: EngineEvent, type: EventType | typeof OSSEC_ALERT): void {
    this.#types.set(event.decoder!, type);
  }

  /** An osregex empties the captures even when it fails; a pcre2 replaces them when it captures something. */
  #match(expression: Expression, subject: Bytes): MatchResult | null {
    const match = expression.match(subject);
    if (expression.dialect === "osregex") this.#captures = match === null ? NO_CAPTURES : match.groups;
    else if (match !== null && match.groups.length > 0) this.#captures = match.groups;
    return match;
  }
}

/**
 * Where the log goes on behind a match.
 * @param start offset in the log of the text that was matched
 * @param end offset in that text of the match's last byte, -1 for an empty match at its beginning
 */
function after(event: EngineEvent, start: number, end: number): number {
  const last = start + end;
  // The real engine steps over the byte at the end of the match, unless it is a NUL: in front of the log there may be
  // one, and then nothing is left to read.
  if (last < 0) return event.predecoded.logFollowsNul ? event.log.length : 0;
  return Math.min(last + 1, event.log.length);
}

function startOf(offset: Offset, parentEnd: number, prematchEnd: number, regexEnd: number): number {
  switch (offset) {
    case "none":
      return 0;
    case "after_parent":
      return parentEnd;
    case "after_prematch":
      return prematchEnd;
    case "after_regex":
      return regexEnd === UNSET ? prematchEnd : regexEnd;
  }
}
