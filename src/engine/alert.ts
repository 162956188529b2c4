/** The alert document of 4.14, as a line of alerts.json holds it (`to_json.c`, `json_extended.c`). */
import { dataOf, type Json } from "./alert-data.js";
import { addAssessmentCompliance, addRootcheckCompliance, groupLists } from "./alert-groups.js";
import { type Bytes, fromBytes } from "./bytes.js";
import type { Decision, Show } from "./decision.js";
import { type EngineEvent, NEVER_FIRED } from "./event.js";
import type { Decoder, Rule } from "./model.js";
import type { Processed } from "./session.js";

export interface AlertOptions {
  /** Manager's name. Default: the session's hostname. */
  readonly manager?: string;
  /** Default: `<seconds>.0`; the real engine counts bytes of its log there. */
  readonly id?: string;
  /** Default: the time of the event. */
  readonly timestamp?: string;
}

export type Alert = { [key: string]: Json };

const LOCATION_SIZE = 1023;
/** Host of a syslog header; other date formats yield none here. */
const LOG_HOST = /^[A-Z][a-z][a-z] [ 0123][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] ([^ ]+)/;

const processedOf = new WeakMap<Decision, Processed>();

export function rememberForAlert(decision: Decision, processed: Processed): Decision {
  processedOf.set(decision, processed);
  return decision;
}

/**
 * The alert document of a decision that `Session.process` returned (that very object). It is made whether the decision
 * is an alert or not, as logtest does. `rule.mitre` is left out: it needs the manager's data base.
 * @throws for an event that the predecoder refused, and for an object that is no such decision
 */
export function toAlert(decision: Decision, options: AlertOptions = {}): Alert {
  const processed = processedOf.get(decision);
  if (processed === undefined) throw new Error("no alert can be made of this decision: no session has decided it");
  return buildAlert(processed, options);
}

export function buildAlert(processed: Processed, options: AlertOptions = {}, show: Show = fromBytes): Alert {
  const { event, hostname } = processed;
  const { rule } = event;
  const manager = options.manager ?? show(hostname);
  const data = dataOf(event);
  const agentless = agentlessOf(event, show);
  const predecoder = predecoderOf(event, show);
  const location = locationOf(event);
  const seconds = event.time;
  return omitUndefined({
    timestamp: options.timestamp ?? (seconds === 0 ? undefined : timestampOf(seconds)),
    rule: rule === null ? undefined : ruleOf(processed, rule, show, data),
    agent: agentless === undefined ? agentOf(event, manager, show) : undefined,
    manager: { name: manager },
    id: options.id ?? (seconds === 0 ? undefined : `${seconds}.0`),
    previous_output:
      rule !== null && (event.lastEvents[1] ?? "") !== "" ? show(event.lastEvents.join("\n")) : undefined,
    full_log: rule?.options.noFullLog ? undefined : show(event.fullLog),
    predecoder: Object.keys(predecoder).length > 0 ? predecoder : undefined,
    decoder: decoderOf(event.decoder, show),
    previous_log: event.previous === null ? undefined : show(event.previous),
    data: data.empty ? undefined : data.toJson(show),
    location: location === null ? undefined : show(location),
    agentless,
  });
}

function timestampOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.000+0000`;
}

function ruleOf(processed: Processed, rule: Rule, show: Show, data: ReturnType<typeof dataOf>): Json {
  const { event, description } = processed;
  const lists = groupLists(rule.groupText);
  addAssessmentCompliance(lists, data);
  if (lists.get("groups")!.includes("rootcheck")) addRootcheckCompliance(lists, event.fullLog);
  const { noCounter, mail } = rule.options;
  return omitUndefined({
    level: rule.level === 0 ? undefined : rule.level,
    description: show(description ?? ""),
    id: rule.id === 0 ? undefined : String(rule.id),
    cve: rule.cve === null ? undefined : show(rule.cve),
    info: rule.info === null ? undefined : show(rule.info),
    frequency: rule.correlation === null ? undefined : rule.correlation.frequency + 2,
    firedtimes: event.firedTimes === NEVER_FIRED || noCounter ? undefined : event.firedTimes,
    mail,
    ...Object.fromEntries([...lists].map(([name, values]) => [show(name), values.map(show)])),
  });
}

function agentOf(event: EngineEvent, manager: string, show: Show): Json {
  const remote = event.location[0] === "(";
  let name: string | undefined;
  if (remote) name = show(event.hostname);
  else if (event.agentId === "000") name = manager;
  const ip = remote ? addressOf(event.location) : null;
  return omitUndefined({ id: show(event.agentId), name, ip: ip === null ? undefined : show(ip) });
}

/** `(name) ip->path`: what stands from the second byte behind the parenthesis to the next `-`. */
function addressOf(location: Bytes): Bytes | null {
  const close = location.indexOf(")");
  if (close === -1) return null;
  const ip = location.slice(close + 2).split("-", 1)[0]!;
  return ip === "any" ? null : ip;
}

function predecoderOf(event: EngineEvent, show: Show): { [key: string]: Json } {
  const { programName, predecoded } = event;
  const host = LOG_HOST.exec(event.fullLog)?.[1];
  return omitUndefined({
    program_name: programName === null ? undefined : show(programName),
    timestamp: predecoded.timestamp === null ? undefined : show(predecoded.timestamp),
    hostname: host === undefined ? undefined : show(host),
  });
}

function decoderOf(decoder: Decoder | null, show: Show): Json {
  if (decoder === null) return {};
  const { accumulate, parent, name, ftsComment } = decoder;
  return omitUndefined({
    accumulate: accumulate ? 1 : undefined,
    parent: parent === null ? undefined : show(parent),
    name: show(name),
    ftscomment: ftsComment === null ? undefined : show(ftsComment),
  });
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

function omitUndefined(members: { [key: string]: Json | undefined }): { [key: string]: Json } {
  const defined: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) defined[key] = value;
  return defined;
}
