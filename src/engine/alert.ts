/**
 * The alert document of 4.14, as a line of alerts.json holds it (`to_json.c`, `json_extended.c`). It is written as text at
 * once, because making an object first and JSON of it then takes half as long again.
 */
import { dataOf } from "./alert-data.js";
import { addAssessmentCompliance, addRootcheckCompliance, groupLists } from "./alert-groups.js";
import { originOf } from "./alert-origin.js";
import { type Bytes, fromBytes } from "./bytes.js";
import { type Decision, processedOf } from "./decision.js";
import type { EngineEvent } from "./event.js";
import { eachNameOnce, type JsonObject, type JsonText, jsonText, member, needsEscape, plainText } from "./json-text.js";
import type { Decoder, Rule } from "./model.js";
import type { Processed } from "./session.js";
import { onceForEach, type Show, showKnown, showOf } from "./show.js";

export interface AlertOptions {
  /** Manager's name. Default: the session's hostname. */
  readonly manager?: string;
  /** Default: `<seconds>.0`; the real engine counts bytes of its log there. */
  readonly id?: string;
  /** Default: the time of the event. */
  readonly timestamp?: string;
}

export type Alert = JsonObject;

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
  // One look at the log spares one at each of its parts.
  const isPlainLog = show === fromBytes && !needsEscape(event.fullLog);
  const arePlainFields = isPlainLog ? event.isCutFromLog : show === fromBytes && event.hasPlainFields;
  const { data, compliance } = dataOf(event, showText, show, arePlainFields);
  const origin = originOf(event, options.manager ?? showKnown(hostname, show), show);
  const predecoder = predecoderOf(event, showText);
  const timestamp = options.timestamp === undefined ? timesAt(event.time).timestamp : jsonText(options.timestamp);
  const id = options.id === undefined ? timesAt(event.time).id : jsonText(options.id);
  // Members in the order of alerts.json.
  let text = "{";
  if (timestamp !== null) text += `"timestamp":${timestamp},`;
  if (rule !== null) text += `"rule":${ruleText(processed, rule, show, compliance)},`;
  text += origin.agent;
  if (id !== null) text += member("id", id);
  if (rule !== null && (event.lastEvents[1] ?? "") !== "")
    text += member("previous_output", jsonText(show(event.lastEvents.join("\n"))));
  if (!rule?.options.noFullLog)
    text += member("full_log", (isPlainLog ? plainText : jsonText)(showText(event.fullLog)));
  if (predecoder !== null) text += member("predecoder", predecoder);
  text += member("decoder", event.decoder === null ? "{}" : decoderText(event.decoder, show));
  if (event.previous !== null) text += member("previous_log", jsonText(show(event.previous)));
  if (data !== null) text += member("data", data);
  return `${text}${origin.place}}`;
}

interface Times {
  readonly timestamp: JsonText | null;
  readonly id: JsonText | null;
}

const NO_TIMES: Times = { timestamp: null, id: null };

let lastSecond = 0;
let lastTimes = NO_TIMES;

/** Events come one after another in the same second. */
function timesAt(seconds: number): Times {
  if (seconds !== lastSecond) {
    lastSecond = seconds;
    lastTimes = seconds === 0 ? NO_TIMES : { timestamp: `"${isoText(seconds)}"`, id: `"${seconds}.0"` };
  }
  return lastTimes;
}

function isoText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.000+0000`;
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

const textsOf = onceForEach((rule: Rule, show): RuleTexts => {
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

function predecoderOf(event: EngineEvent, show: Show): JsonText | null {
  const { programName, predecoded } = event;
  const host = LOG_HOST.exec(event.fullLog)?.[1];
  const members: string[] = [];
  if (programName !== null) members.push(`"program_name":${jsonText(show(programName))}`);
  if (predecoded.timestamp !== null) members.push(`"timestamp":${jsonText(show(predecoded.timestamp))}`);
  if (host !== undefined) members.push(`"hostname":${jsonText(show(host))}`);
  return members.length === 0 ? null : `{${members.join(",")}}`;
}

const decoderText = onceForEach(({ accumulate, parent, name, ftsComment }: Decoder, show): JsonText => {
  let text = accumulate ? '{"accumulate":1,' : "{";
  if (parent !== null) text += `"parent":${jsonText(show(parent))},`;
  text += `"name":${jsonText(show(name))}`;
  if (ftsComment !== null) text += member("ftscomment", jsonText(show(ftsComment)));
  return `${text}}`;
});
