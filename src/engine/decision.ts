/** What the engine says about one event, in the shape of the recorded decisions. */
import { type Bytes, fromBytes } from "./bytes.js";
import { fieldsOf } from "./decision-fields.js";
import type { EngineEvent } from "./event.js";
import type { Decoder, Rule } from "./model.js";
import type { Predecoded } from "./predecoder.js";
import type { Processed } from "./session.js";

export interface DecisionRule {
  /** Decimal. */
  id: string;
  level: number;
  /** With fields filled in. */
  description: string;
  groups: string[];
  mitre?: string[];
  mitre_tactic?: string[];
  mitre_technique?: string[];
  /** How often it fired in the session; -1 for a rule taken over from another manager's alert. */
  firedtimes: number;
  /** Composite rules: as written, and in seconds. */
  frequency?: number;
  timeframe?: number;
  log_alert: boolean;
  mail: boolean;
  file: string;
}

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

/** How engine strings are shown: UTF-8 text by default. */
export type Show = (bytes: Bytes) => string;

export function formatError(): Decision {
  return { error: "FORMAT_ERROR" };
}

/** Where all of an event's texts are ASCII, they are shown as they are. */
export function showOf({ isAscii }: EngineEvent, show: Show): Show {
  return isAscii && show === fromBytes ? asIs : show;
}

function asIs(bytes: Bytes): string {
  return bytes;
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
    const { names, values } = event;
    const showText = showOf(event, show);
    const dynamic: [string, string][] = [];
    for (let at = 0; at < names.length; at++) dynamic.push([showText(names[at]!), showText(values[at]!)]);
    this.#processed = processed;
    this.predecoder = showPredecoded(event.predecoded, showText, show);
    this.decoder = showDecoder(event.decoder, processed.type, show);
    this.fields = fieldsOf(event, dynamic, showText);
    this.dynamic = dynamic;
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

const knownTexts = new Map<Bytes, string>();
const KNOWN_TEXTS = 10_000;

/** For texts of the ruleset, and of where events come from: they are shown again and again. */
export function showKnown(bytes: Bytes, show: Show): string {
  if (show !== fromBytes) return show(bytes);
  let shown = knownTexts.get(bytes);
  if (shown === undefined) {
    if (knownTexts.size >= KNOWN_TEXTS) knownTexts.clear();
    shown = fromBytes(bytes);
    knownTexts.set(bytes, shown);
  }
  return shown;
}

function showOrNull(bytes: Bytes | null, show: Show): string | null {
  return bytes === null ? null : show(bytes);
}

function showDecoder(decoder: Decoder | null, type: number, show: Show): Decision["decoder"] {
  if (decoder === null) return { name: null, parent: null, type };
  const parent = decoder.parent === null ? null : showKnown(decoder.parent, show);
  return { name: showKnown(decoder.name, show), parent, type };
}

/** What is shown of a rule is the same each time it fires. */
interface ShownRule {
  readonly id: string;
  /** As long as it has no fields to fill in. */
  readonly description: string;
  readonly groups: readonly string[];
  readonly mitre: readonly string[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
}

const shownRules = new WeakMap<Rule, ShownRule>();

function shownRule(rule: Rule, show: Show): ShownRule {
  if (show !== fromBytes) return makeShownRule(rule, show);
  let shown = shownRules.get(rule);
  if (shown === undefined) {
    shown = makeShownRule(rule, show);
    shownRules.set(rule, shown);
  }
  return shown;
}

function makeShownRule({ id, description, groups, mitre }: Rule, show: Show): ShownRule {
  return {
    id: String(id),
    description: show(description ?? ""),
    groups: groups.map(show),
    mitre: mitre.ids.map(show),
    tactics: mitre.tactics.map(show),
    techniques: mitre.techniques.map(show),
  };
}

function showRule({ event, description }: Processed, rule: Rule, show: Show): DecisionRule {
  const { correlation, options } = rule;
  const known = shownRule(rule, show);
  const shown: DecisionRule = {
    id: known.id,
    level: rule.level,
    description: description === rule.description ? known.description : show(description ?? ""),
    groups: known.groups.slice(),
    firedtimes: event.firedTimes,
    log_alert: options.logAlert,
    mail: options.mail,
    file: rule.where.file,
  };
  if (known.mitre.length > 0) shown.mitre = known.mitre.slice();
  if (known.tactics.length > 0) shown.mitre_tactic = known.tactics.slice();
  if (known.techniques.length > 0) shown.mitre_technique = known.techniques.slice();
  if (correlation !== null) {
    shown.frequency = correlation.frequency + 2;
    shown.timeframe = correlation.timeframe;
  }
  return shown;
}
