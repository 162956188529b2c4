/** The alert document of 4.14, as a line of alerts.json holds it (`to_json.c`, `json_extended.c`). */
import { dataOf, type Json, type JsonObject } from "./alert-data.js";
import { addAssessmentCompliance, addRootcheckCompliance, groupLists } from "./alert-groups.js";
import { type Bytes, fromBytes } from "./bytes.js";
import { type Decision, processedOf, type Show, showKnown, showOf } from "./decision.js";
import { type EngineEvent, NEVER_FIRED } from "./event.js";
import type { Decoder, Rule } from "./model.js";
import { setMember } from "./object-maker.js";
import type { Processed } from "./session.js";

export interface AlertOptions {
  /** Manager's name. Default: the session's hostname. */
  readonly manager?: string;
  /** Default: `<seconds>.0`; the real engine counts bytes of its log there. */
  readonly id?: string;
  /** Default: the time of the event. */
  readonly timestamp?: string;
}

export type Alert = JsonObject;

const LOCATION_SIZE = 1023;
/** Host of a syslog header; other date formats yield none here. */
const LOG_HOST = /^[A-Z][a-z][a-z] [ 0123][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] ([^ ]+)/;

/**
 * The alert document of a decision that `Session.process` returned (that very object). It is made whether the decision
 * is an alert or not, as logtest does. `rule.mitre` is left out: it needs the manager's data base.
 * @throws for an event that the predecoder refused, and for an object that is no such decision
 */
export function toAlert(decision: Decision, options: AlertOptions = {}): Alert {
  const processed = processedOf(decision);
  if (processed === undefined) throw new Error("no alert can be made of this decision: no session has decided it");
  return buildAlert(processed, options);
}

export function buildAlert(processed: Processed, options: AlertOptions = {}, show: Show = fromBytes): Alert {
  const { event, hostname } = processed;
  const { rule } = event;
  const showText = showOf(event, show);
  const manager = options.manager ?? showKnown(hostname, show);
  const { data, compliance } = dataOf(event, showText);
  const agentless = agentlessOf(event, show);
  const predecoder = predecoderOf(event, showText);
  const location = locationOf(event);
  const seconds = event.time;
  // Members in the order of alerts.json.
  const alert: Alert = {};
  if (options.timestamp !== undefined) alert.timestamp = options.timestamp;
  else if (seconds !== 0) alert.timestamp = timestampOf(seconds);
  if (rule !== null) alert.rule = ruleOf(processed, rule, show, compliance);
  if (agentless === undefined) alert.agent = agentOf(event, manager, show);
  alert.manager = { name: manager };
  if (options.id !== undefined) alert.id = options.id;
  else if (seconds !== 0) alert.id = `${seconds}.0`;
  if (rule !== null && (event.lastEvents[1] ?? "") !== "") alert.previous_output = show(event.lastEvents.join("\n"));
  if (!rule?.options.noFullLog) alert.full_log = showText(event.fullLog);
  if (predecoder !== null) alert.predecoder = predecoder;
  alert.decoder = decoderOf(event.decoder, show);
  if (event.previous !== null) alert.previous_log = show(event.previous);
  if (data !== null) alert.data = data;
  if (location !== null) alert.location = showKnown(location, show);
  if (agentless !== undefined) alert.agentless = agentless;
  return alert;
}

let lastSecond = Number.NaN;
let lastTimestamp = "";

function timestampOf(seconds: number): string {
  if (seconds !== lastSecond) {
    lastSecond = seconds;
    lastTimestamp = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.000+0000`;
  }
  return lastTimestamp;
}

function ruleOf(processed: Processed, rule: Rule, show: Show, compliance: JsonObject | null): JsonObject {
  const { event, description } = processed;
  const lists = groupLists(rule.groupText, show);
  if (compliance !== null) addAssessmentCompliance(lists, compliance);
  if (lists.get("groups")!.includes("rootcheck")) addRootcheckCompliance(lists, event.fullLog, show);
  const { noCounter, mail } = rule.options;
  const members: JsonObject = {};
  if (rule.level !== 0) members.level = rule.level;
  members.description = show(description ?? "");
  if (rule.id !== 0) members.id = String(rule.id);
  if (rule.cve !== null) members.cve = show(rule.cve);
  if (rule.info !== null) members.info = show(rule.info);
  if (rule.correlation !== null) members.frequency = rule.correlation.frequency + 2;
  if (event.firedTimes !== NEVER_FIRED && !noCounter) members.firedtimes = event.firedTimes;
  members.mail = mail;
  for (const [name, values] of lists) setMember(members, name, values);
  return members;
}

function agentOf(event: EngineEvent, manager: string, show: Show): JsonObject {
  const agent: JsonObject = { id: showKnown(event.agentId, show) };
  if (event.location[0] !== "(") {
    if (event.agentId === "000") agent.name = manager;
    return agent;
  }
  agent.name = showKnown(event.hostname, show);
  const ip = addressOf(event.location);
  if (ip !== null) agent.ip = show(ip);
  return agent;
}

/** `(name) ip->path`: what stands from the second byte behind the parenthesis to the next `-`. */
function addressOf(location: Bytes): Bytes | null {
  const close = location.indexOf(")");
  if (close === -1) return null;
  const ip = location.slice(close + 2).split("-", 1)[0]!;
  return ip === "any" ? null : ip;
}

function predecoderOf(event: EngineEvent, show: Show): JsonObject | null {
  const { programName, predecoded } = event;
  const host = LOG_HOST.exec(event.fullLog)?.[1];
  if (programName === null && predecoded.timestamp === null && host === undefined) return null;
  const members: JsonObject = {};
  if (programName !== null) members.program_name = show(programName);
  if (predecoded.timestamp !== null) members.timestamp = show(predecoded.timestamp);
  if (host !== undefined) members.hostname = show(host);
  return members;
}

function decoderOf(decoder: Decoder | null, show: Show): JsonObject {
  const members: JsonObject = {};
  if (decoder === null) return members;
  const { accumulate, parent, name, ftsComment } = decoder;
  if (accumulate) members.accumulate = 1;
  if (parent !== null) members.parent = showKnown(parent, show);
  members.name = showKnown(name, show);
  if (ftsComment !== null) members.ftscomment = show(ftsComment);
  return members;
}

/** Of an agent's location the part behind `>`; none when there is no `>`. */
function locationOf({ location }: EngineEvent): Bytes | null {
  if (location[0] !== "(") return location;
  const cut = location.slice(0, LOCATION_SIZE);
  const arrow = cut.indexOf(">");
  return arrow === -1 ? null : cut.slice(arrow + 1);
}

/** An agentless device reports as `(script) user@host->location` of the manager itself, and has no agent. */
function agentlessOf({ location, agentId }: EngineEvent, show: Show): Json | undefined {
  if (location[0] !== "(" || agentId !== "000") return undefined;
  const close = location.indexOf(") ");
  const at = close === -1 ? -1 : location.indexOf("@", close + 2);
  const arrow = at === -1 ? -1 : location.indexOf("->", at + 1);
  if (arrow === -1) return undefined;
  return {
    script: show(location.slice(1, close)),
    user: show(location.slice(close + 2, at)),
    host: show(location.slice(at + 1, arrow)),
  };
}
