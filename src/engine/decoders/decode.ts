/**
 * Decoding (`decoder.c`): the first top-level decoder that accepts the event, at most one of its children chosen by
 * prematch, then the plug-ins and regexes of the chosen one and of the siblings chained to it.
 */
import type { Bytes } from "../bytes.js";
import type { CompiledDecoders, CompiledRuleset } from "../compiled-ruleset.js";
import type { EngineEvent } from "../event.js";
import { type Decoder, EVENT_TYPES, type EventType, type Offset, type Ruleset } from "../model.js";
import { asciiLower, rememberLower } from "../regex/ascii.js";
import type { Expression, MatchResult } from "../regex/expression.js";
import { isMet, lookAt } from "../text-index.js";
import { type Attempts, CLEARS, CLEARS_BEFORE, SETS } from "./attempts.js";
import type { DecoderStep } from "./decoder-step.js";
import { decodeJson } from "./json-plugin.js";
import { decodePf } from "./pf.js";
import type { RootAttempts } from "./root-attempts.js";
import { decodeSonicWall } from "./sonicwall.js";
import { decodeSymantecWs } from "./symantec-ws.js";

/** Type that OSSECAlert_Decoder gives its decoder; no rule category has it. */
export const OSSEC_ALERT = 12;

const NO_CAPTURES: readonly Bytes[] = [];

/** The parts of a ruleset that decoding needs, and what outlives an event in the real engine. */
export class DecodingPhase {
  readonly #ruleset: Ruleset;
  readonly #decoders: CompiledDecoders;
  /** Plug-ins change the type of the decoder itself, for the rest of the session. */
  readonly #types = new Map<Decoder, number>();
  /**
   * Captured texts that no regex has consumed yet. A pcre2 that matches without capturing anything leaves them, so that
   * a decoder whose regex has no group gets what its prematch captured.
   */
  #captures: readonly Bytes[] = NO_CAPTURES;
  /** They were captured in the log of the event at hand. */
  #captured = false;
  #restLog: Bytes = "";
  #restStart = 0;
  #rest: Bytes = "";

  constructor({ ruleset, decoders }: CompiledRuleset) {
    this.#ruleset = ruleset;
    this.#decoders = decoders;
  }

  /** Type of the event as rules see it now. */
  typeOf({ decoder }: Pick<EngineEvent, "decoder">): number {
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
    this.#captured = false;
    const { withProgram, programs, withoutProgram, prematches } = this.#decoders;
    if (event.programName === null) this.#decodeByOneOf(event, withoutProgram, prematches.attempts(event.log));
    else this.#decodeByOneOf(event, withProgram, programs.attempts(event.programName));
  }

  #decodeByOneOf(event: EngineEvent, roots: readonly DecoderStep[], attempts: RootAttempts): void {
    const { indexes, traces, groups, clearsAtEnd } = attempts;
    lookAt(event.log);
    for (let each = 0; each < indexes.length; each++) {
      const trace = traces[each]!;
      if ((trace & CLEARS_BEFORE) !== 0) this.#captures = NO_CAPTURES;
      if ((trace & SETS) !== 0) {
        this.#captures = groups[each]!;
        this.#captured = false;
      }
      if (this.#isRuledOut(attempts, each)) continue;
      const index = indexes[each]!;
      const { prematch } = roots[index]!.decoder;
      const match = prematch === null ? null : this.#match(prematch, event.log, 0);
      if (prematch !== null && match === null) continue;
      this.#run(event, roots, index, match);
      return;
    }
    if (clearsAtEnd) this.#captures = NO_CAPTURES;
  }

  /** @param prematched by the top-level decoder */
  #run(event: EngineEvent, roots: readonly DecoderStep[], index: number, prematched: MatchResult | null): void {
    const { decoder, children } = roots[index]!;
    const parentEnd = prematched === null ? 0 : after(event, 0, prematched.end);
    event.decoder = decoder;
    event.afterPrematch = parentEnd;
    if (children.length === 0) {
      // A decoder without children runs its own regex, one with children never does.
      this.#runChain(event, roots, index, parentEnd, parentEnd);
      return;
    }
    const attempts = roots[index]!.branches;
    const { indexes } = attempts;
    for (let each = 0; each < indexes.length; each++) {
      if (this.#isRuledOut(attempts, each)) continue;
      const child = indexes[each]!;
      const { decoder, repeatsParent } = children[child]!;
      if (decoder.prematch === null) {
        // The first child without a prematch is taken, and the event keeps the parent as its decoder.
        this.#runChain(event, children, child, parentEnd, parentEnd);
        return;
      }
      const from = decoder.prematchOffset === "after_parent" ? parentEnd : 0;
      // Matched again, it would find the same; and as it captures nothing, nor has a child before it, it would leave the
      // captures as they are.
      const isKnown = repeatsParent && prematched?.groups.length === 0;
      const match = isKnown ? prematched : this.#match(decoder.prematch, event.log, from);
      if (match === null) continue;
      event.decoder = decoder;
      event.afterParent = parentEnd;
      event.afterPrematch = after(event, from, match.end);
      this.#runChain(event, children, child, parentEnd, event.afterPrematch);
      return;
    }
  }

  #runChain(
    event: EngineEvent,
    steps: readonly DecoderStep[],
    first: number,
    parentEnd: number,
    prematchEnd: number,
  ): void {
    const chain = steps[first]!.chain(steps, first);
    if (this.#captures.length === 0 && chain.mostFields < this.#ruleset.orderSize) {
      const captured = chain.fillAtOnce(event, prematchEnd);
      // They are empty anyhow: this says that they were touched, to a replica that does not know what was left for them. A
      // regex that matches and captures nothing would touch them too; replicas decide such a decoder's events in turn.
      if (captured) this.#captures = NO_CAPTURES;
      if (captured !== null) return;
    }
    const { attempts } = chain;
    const { indexes } = attempts;
    let regexEnd = prematchEnd;
    for (let each = 0; each < indexes.length; each++) {
      if (this.#isRuledOut(attempts, each)) continue;
      const step = steps[indexes[each]!]!;
      const { decoder } = step;
      if (decoder.plugin !== null) {
        this.#runPlugin(event, decoder);
        continue;
      }
      const from = startOf(decoder.regexOffset, parentEnd, prematchEnd, regexEnd);
      const match = this.#match(decoder.regex!, event.log, from);
      if (match === null) continue;
      regexEnd = after(event, from, match.end);
      if (event.values.length >= this.#ruleset.orderSize) return;
      this.#assign(event, step);
    }
  }

  /** Its pattern cannot match the log that was looked at; what trying it would have done to the captures is done. */
  #isRuledOut({ places, traces }: Attempts, each: number): boolean {
    if (isMet(places, each)) return false;
    if ((traces[each]! & CLEARS) !== 0) this.#captures = NO_CAPTURES;
    return true;
  }

  #assign(event: EngineEvent, { assign }: DecoderStep): void {
    const captures = this.#captures;
    if (captures.length > 0 && !this.#captured) event.borrowed = true;
    event.jsonWasPlain = false;
    const count = Math.min(captures.length, assign.length);
    for (let at = 0; at < count; at++) assign[at]?.(event, captures[at]!);
    this.#captures = NO_CAPTURES;
  }

  #runPlugin(event: EngineEvent, decoder: Decoder): void {
    event.usedPlugin = true;
    event.jsonWasPlain = false;
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
        // The rule that a forwarded alert names is taken over by the daemon only: a session's table of rules by id stays
        // empty, and an alert whose rule is not found is left as it is.
        this.#setType(event, OSSEC_ALERT);
        break;
    }
  }

  /** The event's decoder is the parent when a child without prematch runs the plug-in. */
  #setType(event: EngineEvent, type: EventType | typeof OSSEC_ALERT): void {
    this.#types.set(event.decoder!, type);
  }

  /**
   * Match the log from an offset. An osregex empties the captures even when it fails; a pcre2 replaces them when it
   * captures something.
   */
  #match(expression: Expression, log: Bytes, start: number): MatchResult | null {
    const match = expression.match(start === 0 ? log : this.#restOf(log, start));
    if (expression.dialect === "osregex") this.#captures = match === null ? NO_CAPTURES : match.groups;
    else if (match !== null && match.groups.length > 0) this.#captures = match.groups;
    else return match;
    this.#captured = true;
    return match;
  }

  /** Many decoders in a row look at the same rest of a log. */
  #restOf(log: Bytes, start: number): Bytes {
    if (start !== this.#restStart || log !== this.#restLog) {
      this.#restLog = log;
      this.#restStart = start;
      this.#rest = log.slice(start);
      rememberLower(this.#rest, asciiLower(log).slice(start));
    }
    return this.#rest;
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
      return regexEnd;
  }
}
