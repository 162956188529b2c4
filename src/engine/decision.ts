/** What the engine says about one event, in the shape of the recorded decisions. */
import { type Bytes, fromBytes } from "./bytes.js";
import { dynamicOf, fieldsOf, shownValues } from "./decision-fields.js";
import { type DecisionRule, showRule } from "./decision-rule.js";
import type { Decoder } from "./model.js";
import type { Predecoded } from "./predecoder.js";
import type { Processed } from "./session.js";
import { type Show, showKnown, showOf } from "./show.js";

export interface Decision {
  /** `FORMAT_ERROR`: the predecoder refused the event, and nothing else is here. */
  error?: "FORMAT_ERROR";
  predecoder?: {
    timestamp: string | null;
    hostname: string;
    program_name: string | null;
    log: string;
    location: string;
    agent_id: string;
  };
  /** The accumulator ran for the event. */
  accumulated?: true;
  /** Name null: no decoder matched. */
  decoder?: { name: string | null; parent: string | null; type: number };
  /** Static fields, then the first of each dynamic one. */
  fields?: Record<string, string>;
  /** Every dynamic field as [name, value], in the order found. */
  dynamic?: [string, string][];
  rule?: DecisionRule | null;
  /** Earlier events that a composite rule counted, newest first, or the previous output of check_diff. */
  previous_events?: string[];
  /** The event makes an alert. */
  alert?: boolean;
}

export function formatError(): Decision {
  return { error: "FORMAT_ERROR" };
}

export function toDecision(processed: Processed, show: Show = fromBytes): Decision {
  return new ProcessedDecision(processed, show);
}

/** What the decision was made of. @returns undefined for an object that no session has made */
export function processedOf(decision: Decision): Processed | undefined {
  return ProcessedDecision.processedOf(decision);
}

/** A decision that remembers, where nobody else sees it, what it was made of. */
class ProcessedDecision implements Decision {
  readonly predecoder: Decision["predecoder"];
  readonly decoder: Decision["decoder"];
  readonly fields: Record<string, string>;
  readonly dynamic: [string, string][];
  readonly rule: DecisionRule | null;
  readonly alert: boolean;
  declare readonly accumulated?: true;
  declare readonly previous_events?: string[];
  readonly #processed: Processed;

  constructor(processed: Processed, show: Show) {
    const { event, alert } = processed;
    const showText = showOf(event, show);
    const values = shownValues(event, showText);
    this.#processed = processed;
    this.predecoder = showPredecoded(event.predecoded, showText, show);
    this.decoder = showDecoder(event.decoder, processed.type, show);
    this.fields = fieldsOf(event, values, showText);
    this.dynamic = dynamicOf(event, values, showText);
    this.rule = event.rule === null ? null : showRule(processed, event.rule, show);
    this.alert = alert;
    if (event.accumulated) this.accumulated = true;
    if (event.lastEvents.length > 0) this.previous_events = event.lastEvents.map(show);
  }

  static processedOf(decision: Decision): Processed | undefined {
    return #processed in decision ? (decision as unknown as ProcessedDecision).#processed : undefined;
  }
}

function showPredecoded(predecoded: Predecoded, showText: Show, show: Show): Decision["predecoder"] {
  return {
    timestamp: showOrNull(predecoded.timestamp, showText),
    hostname: showKnown(predecoded.hostname, show),
    program_name: showOrNull(predecoded.programName, showText),
    log: showText(predecoded.log),
    location: showKnown(predecoded.location, show),
    agent_id: showKnown(predecoded.agentId, show),
  };
}

function showOrNull(bytes: Bytes | null, show: Show): string | null {
  return bytes === null ? null : show(bytes);
}

function showDecoder(decoder: Decoder | null, type: number, show: Show): Decision["decoder"] {
  if (decoder === null) return { name: null, parent: null, type };
  const parent = decoder.parent === null ? null : showKnown(decoder.parent, show);
  return { name: showKnown(decoder.name, show), parent, type };
}
