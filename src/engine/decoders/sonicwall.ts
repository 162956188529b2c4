/** SonicWall_Decoder (`sonicwall_decoder.c`): ids, addresses and ports; the message number decides the event type. */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import { EVENT_TYPES, type EventType } from "../model.js";
import { compileBytes } from "../regex/compile.js";

const PRIORITY = compileBytes("osregex", "pri=(\\d) c=(\\d+) m=(\\d+) ", { captures: true });
const ADDRESSES = compileBytes("osregex", "src=(\\d+.\\d+.\\d+.\\d+):(\\d+):\\S+ dst=(\\d+.\\d+.\\d+.\\d+):(\\d+):", {
  captures: true,
});
const PROXY = compileBytes("osregex", "result=(\\d+) dstname=(\\S+) arg=(\\S+)$", { captures: true });

const CATEGORY_SIZE = 7;
const PROTOCOL_SIZE = 6;
const ACTIONS: ReadonlyMap<Bytes, Bytes> = new Map([
  ["98", "pass"],
  ["597", "pass"],
  ["598", "pass"],
  ["36", "drop"],
  ["37", "drop"],
  ["38", "drop"],
  ["173", "drop"],
  ["174", "drop"],
  ["537", "close"],
]);

/** @returns the type that the event's decoder has from now on, for later events too */
export function decodeSonicWall(event: EngineEvent): EventType {
  const priority = PRIORITY.match(event.log);
  if (priority === null || priority.groups.length < 3) return EVENT_TYPES.syslog;
  event.status = priority.groups[0]!;
  event.id = priority.groups[2]!;
  const category = priority.groups[1]!.slice(0, CATEGORY_SIZE);

  // The real engine goes on at the last byte of a match, not behind it.
  let rest = event.log.slice(priority.end);
  const addresses = ADDRESSES.match(rest);
  if (addresses === null || addresses.groups.length < 4) return EVENT_TYPES.syslog;
  [event.srcip, event.srcport, event.dstip, event.dstport] = addresses.groups as [Bytes, Bytes, Bytes, Bytes];
  const space = rest.indexOf(" ", addresses.end);
  const found = space !== -1;
  rest = rest.slice(space + 1);
  if (found && rest.startsWith("proto=")) {
    event.protocol = /^[^\x00\x01/]*/.exec(rest.slice(6, 6 + PROTOCOL_SIZE))![0];
    rest = rest.slice(6 + event.protocol.length);
  }

  if (category === "32") return EVENT_TYPES.ids;
  const action = ACTIONS.get(event.id);
  if (action !== undefined) {
    event.action = action;
    return EVENT_TYPES.firewall;
  }
  if (event.id !== "97") return EVENT_TYPES.syslog;
  const proxy = found ? PROXY.match(rest) : null;
  if (proxy !== null && proxy.groups.length > 0) {
    event.id = proxy.groups[0]!;
    if (proxy.groups.length >= 3) event.url = proxy.groups[1]! + proxy.groups[2]!;
  }
  return EVENT_TYPES.squid;
}
