/**
 * OSSECAlert_Decoder (`ossecalert_decoder.c`): an alert of another manager, forwarded by syslog, takes over the rule
 * that it names.
 */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { Rule } from "../model.js";

const LOCATION_SIZE = 254;
const LOG_SIZE = 4094;

/** @param ruleByText rules by their decimal id */
export function decodeOssecAlert(event: EngineEvent, ruleByText: (id: Bytes) => Rule | undefined): void {
  const log = event.log;
  // The real engine compares one byte less than it wrote: no space, and no colon, is asked for.
  if (!log.startsWith("Alert Level:") && !log.startsWith("ossec: Alert Level")) return;
  const levelEnd = log.indexOf(";");
  if (levelEnd === -1) return;
  const ruleColon = log.indexOf(":", levelEnd + 1);
  if (ruleColon === -1 || log[ruleColon + 1] !== " ") return;
  const idStart = ruleColon + 2;
  const idEnd = log.indexOf(" ", idStart);
  if (idEnd === -1) return;
  const rule = ruleByText(log.slice(idStart, idEnd));
  if (rule === undefined) return;
  const ruleEnd = log.indexOf(";", idEnd);
  if (ruleEnd === -1 || !log.startsWith(" Location: ", ruleEnd + 1)) return;
  const locationStart = ruleEnd + 12;
  const locationEnd = log.indexOf(";", locationStart);
  if (locationEnd === -1) return;
  event.location = `${event.location}|${log.slice(locationStart, locationEnd)}`.slice(0, LOCATION_SIZE);
  event.hostname = event.location;

  let at = locationEnd + 1;
  while (log[at] === " " && log[at + 1] !== " ") {
    const start = at + 1;
    const end = log.indexOf(";", start);
    if (end === -1) return;
    const item = log.slice(start, end);
    if (item.startsWith("srcip: ")) event.srcip = item.slice(7);
    if (item.startsWith("user: ")) event.dstuser = item.slice(6);
    at = end + 1;
  }
  while (log[at] === " ") at++;
  event.fullLog = log.slice(at, at + LOG_SIZE);
  event.log = event.fullLog;
  event.rule = rule;
}
