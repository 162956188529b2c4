/**
 * The alert document of 4.14, as a line of alerts.json holds it (`to_json.c`, `json_extended.c`). It is written as text at
 * once, because making an object first and JSON of it then takes half as long again.
 */
import { dataOf } from "./alert-data.js";
import { addAssessmentCompliance, addRootcheckCompliance, groupLists } from "./alert-groups.js";
import { type Bytes, fromBytes } from "./bytes.js";
import { type Decision, processedOf } from "./decision.js";
import type { EngineEvent } from "./event.js";
import { eachNameOnce, type JsonObject, type JsonText, jsonText, member } from "./json-text.js";
import type { Decoder, Rule } from "./model.js";
import type { Processed } from "./session.js";
import { onceForEachRule, type Show, showKnown, showOf } from "./show.js";

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
  return JSON.parse(toAlertText(decision, options)) as Alert;
}

/** The same as a line of alerts.json, without the newline. */
export function toAlertText(decision: Decision, options: AlertOptions = {}): string {
  const processed = processedOf(decision);
  if (processed === undefined) throw new Error("no alert can be made of this decision: no session has decided it");
  return alertText(processed, options);
}

export function alertText(processed: Processed, options: AlertOptions = {}, show: Show = fromBytes): JsonText {
  const { event, hostname } = processed;
  const { rule } = event;
  const showText = showOf(event, show);
  const manager = options.manager ?? showKnown(hostname, show);
  const { data, compliance } = dataOf(event, showText, show);
  const agentless = agentlessOf(event, show);
  const predecoder = predecoderOf(event, showText);
  const location = locationOf(event);
  const timestamp = options.timestamp ?? (event.time === 0 ? null : timestampOf(event.time));
  const id = options.id ?? (event.time === 0 ? null : `${event.time}.0`);
  // Members in the order of alerts.json.
  let text = "{";
  if (timestamp !== null) text += `"timestamp":${jsonText(timestamp)},`;
  if (rule !== null) text += `"rule":${ruleText(processed, rule, show, compliance)},`;
  if (agentless === null) text += `"agent":${agentText(event, manager, show)},`;
  text += `"manager":{"name":${jsonText(manager)}}`;
  if (id !== null) text += member("id", jsonText(id));
  if (rule !== null && (event.lastEvents[1] ?? "") !== "")
    text += member("previous_output", jsonText(show(event.lastEvents.join("\n"))));
  if (!rule?.options.noFullLog) text += member("full_log", jsonText(showText(event.fullLog)));
  if (predecoder !== null) text += member("predecoder", predecoder);
  text += member("decoder", decoderText(event.decoder, show));
  if (event.previous !== null) text += member("previous_log", jsonText(show(event.previous)));
  if (data !== null) text += member("data", data);
  if (location !== null) text += member("location", jsonText(showKnown(location, show)));
  if (agentless !== null) text += member("agentless", agentless);
  return `${text}}`;
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

/** What is written of a rule is the same in each of its alerts, but for what stands between these. */
interface RuleTexts {
  /** Up to the description's value. */
  readonly level: string;
  /** As long as it has no fields to fill in. */
  readonly description: JsonText;
  /** Up to how often it has fired. */
  readonly id: string;
  readonly mail: string;
  readonly groups: string;
  /** What its events say about compliance is added to the groups. */
  readonly ofRootcheck: boolean;
}

const textsOf = onceForEachRule((rule, show): RuleTexts => {
  const lists = rule.groupText === null ? null : groupLists(rule.groupText, show);
  let id = "";
  if (rule.id !== 0) id += member("id", jsonText(String(rule.id)));
  if (rule.cve !== null) id += member("cve", jsonText(show(rule.cve)));
  if (rule.info !== null) id += member("info", jsonText(show(rule.info)));
  if (rule.correlation !== null) id += member("frequency", String(rule.correlation.frequency + 2));
  return {
    level: `${rule.level === 0 ? "" : `"level":${rule.level},`}"description":`,
    description: jsonText(show(rule.description)),
    id,
    mail: member("mail", String(rule.options.mail)),
    groups: lists === null ? "" : listsText(lists),
    ofRootcheck: lists !== null && lists.get("groups")!.includes("rootcheck"),
  };
});

function listsText(lists: ReadonlyMap<string, readonly string[]>): string {
  let text = "";
  for (const [name, values] of lists) text += `,${jsonText(name)}:${JSON.stringify(values)}`;
  return text;
}

function ruleText(processed: Processed, rule: Rule, show: Show, compliance: JsonObject | null): JsonText {
  const { event, description } = processed;
  const { firedTimes } = event;
  const texts = textsOf(rule, show);
  const filled = description === rule.description ? texts.description : jsonText(show(description ?? ""));
  const fired = rule.options.noCounter ? "" : member("firedtimes", String(firedTimes));
  const withGroups = (groups: string) => `{${texts.level}${filled}${texts.id}${fired}${texts.mail}${groups}}`;
  const { groupText } = rule;
  if (groupText === null || (compliance === null && !texts.ofRootcheck)) return withGroups(texts.groups);
  // The log names the lists here, maybe like another member.
  return eachNameOnce(withGroups(listsText(listsWith(groupText, event, show, compliance))));
}

function listsWith(groupText: Bytes, event: EngineEvent, show: Show, compliance: JsonObject | null) {
  const lists = groupLists(groupText, show);
  if (compliance !== null) addAssessmentCompliance(lists, compliance);
  if (lists.get("groups")!.includes("rootcheck")) addRootcheckCompliance(lists, event.fullLog, show);
  return lists;
}

function agentText(event: EngineEvent, manager: string, show: Show): JsonText {
  const id = `{"id":${jsonText(showKnown(event.agentId, show))}`;
  if (event.location[0] !== "(") {
    return event.agentId === "000" ? `${id}${member("name", jsonText(manager))}}` : `${id}}`;
  }
  const name = member("name", jsonText(showKnown(event.hostname, show)));
  const ip = addressOf(event.location);
  return `${id}${name}${ip === null ? "" : member("ip", jsonText(show(ip)))}}`;
}

/** `(name) ip->path`: what stands from the second byte behind the parenthesis to the next `-`. */
function addressOf(location: Bytes): Bytes | null {
  const close = location.indexOf(")");
  if (close === -1) return null;
  const ip = location.slice(close + 2).split("-", 1)[0]!;
  return ip === "any" ? null : ip;
}

function predecoderOf(event: EngineEvent, show: Show): JsonText | null {
  const { programName, predecoded } = event;
  const host = LOG_HOST.exec(event.fullLog)?.[1];
  const members: string[] = [];
  if (programName !== null) members.push(`"program_name":${jsonText(show(programName))}`);
  if (predecoded.timestamp !== null) members.push(`"timestamp":${jsonText(show(predecoded.timestamp))}`);
  if (host !== undefined) members.push(`"hostname":${jsonText(show(host))}`);
  return members.length === 0 ? null : `{${members.join(",")}}`;
}

function decoderText(decoder: Decoder | null, show: Show): JsonText {
  if (decoder === null) return "{}";
  const { accumulate, parent, name, ftsComment } = decoder;
  let text = accumulate ? '{"accumulate":1,' : "{";
  if (parent !== null) text += `"parent":${jsonText(showKnown(parent, show))},`;
  text += `"name":${jsonText(showKnown(name, show))}`;
  if (ftsComment !== null) text += member("ftscomment", jsonText(show(ftsComment)));
  return `${text}}`;
}

/** Of an agent's location the part behind `>`; none when there is no `>`. */
function locationOf({ location }: EngineEvent): Bytes | null {
  if (location[0] !== "(") return location;
  const cut = location.slice(0, LOCATION_SIZE);
  const arrow = cut.indexOf(">");
  return arrow === -1 ? null : cut.slice(arrow + 1);
}

/** An agentless device reports as `(script) user@host->location` of the manager itself, and has no agent. */
function agentlessOf({ location, agentId }: EngineEvent, show: Show): JsonText | null {
  if (location[0] !== "(" || agentId !== "000") return null;
  const close = location.indexOf(") ");
  const at = close === -1 ? -1 : location.indexOf("@", close + 2);
  const arrow = at === -1 ? -1 : location.indexOf("->", at + 1);
  if (arrow === -1) return null;
  return JSON.stringify({
    script: show(location.slice(1, close)),
    user: show(location.slice(close + 2, at)),
    host: show(location.slice(at + 1, arrow)),
  });
}
