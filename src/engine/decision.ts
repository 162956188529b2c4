/** What the engine says about one event, in the shape of the recorded decisions. */
import { type Bytes, fromBytes } from "./bytes.js";
import { fieldsOf } from "./decision-fields.js";
import type { EngineEvent } from "./event.js";
import type { Decoder, Rule } from "./model.js";
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
  const { event, alert } = processed;
  const { predecoded, names, values } = event;
  const showText = showOf(event, show);
  const dynamic: [string, string][] = [];
  for (let at = 0; at < names.length; at++) dynamic.push([showText(names[at]!), showText(values[at]!)]);
  const decision: Decision = {
    predecoder: {
      timestamp: showOrNull(predecoded.timestamp, showText),
      hostname: showKnown(predecoded.hostname, show),
      program_name: showOrNull(predecoded.programName, showText),
      log: showText(predecoded.log),
      location: showKnown(predecoded.location, show),
      agent_id: showKnown(predecoded.agentId, show),
    },
    decoder: showDecoder(event.decoder, processed.type, show),
    fields: fieldsOf(event, dynamic, showText),
    dynamic,
    rule: event.rule === null ? null : showRule(processed, event.rule, show),
    alert,
  };
  if (event.accumulated) decision.accumulated = true;
  if (event.lastEvents.length > 0) decision.previous_events = event.lastEvents.map(show);
  return decision;
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

function showAll(texts: readonly Bytes[], show: Show): string[] {
  const shown: string[] = [];
  for (let at = 0; at < texts.length; at++) shown.push(showKnown(texts[at]!, show));
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

function showRule({ event, description }: Processed, rule: Rule, show: Show): DecisionRule {
  const { correlation, mitre, options } = rule;
  const shown: DecisionRule = {
    id: String(rule.id),
    level: rule.level,
    description: show(description ?? ""),
    groups: showAll(rule.groups, show),
    firedtimes: event.firedTimes,
    log_alert: options.logAlert,
    mail: options.mail,
    file: rule.where.file,
  };
  if (mitre.ids.length > 0) shown.mitre = showAll(mitre.ids, show);
  if (mitre.tactics.length > 0) shown.mitre_tactic = showAll(mitre.tactics, show);
  if (mitre.techniques.length > 0) shown.mitre_technique = showAll(mitre.techniques, show);
  if (correlation !== null) {
    shown.frequency = correlation.frequency + 2;
    shown.timeframe = correlation.timeframe;
  }
  return shown;
}
