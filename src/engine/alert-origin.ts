/** What an alert says of where its event comes from. */
import type { Bytes } from "./bytes.js";
import type { EngineEvent } from "./event.js";
import { type JsonText, jsonText, member } from "./json-text.js";
import type { Show } from "./show.js";

/** Members of an alert, written. */
export interface OriginTexts {
  /** `agent`, if there is one, and `manager`. */
  readonly agent: string;
  /** `location` and `agentless`, if there are any, each with a comma in front. */
  readonly place: string;
}

/** What they are made of. */
interface Origin {
  readonly location: Bytes;
  readonly agentId: Bytes;
  readonly hostname: Bytes;
  /** As shown. */
  readonly manager: string;
  readonly show: Show;
}

const LOCATION_SIZE = 1023;

/** Events come one after another from the same place. */
let last: (Origin & { readonly texts: OriginTexts }) | null = null;

/** @param manager its name, as shown */
export function originOf(event: EngineEvent, manager: string, show: Show): OriginTexts {
  const { location, agentId, hostname } = event;
  const isLast =
    last !== null &&
    last.location === location &&
    last.agentId === agentId &&
    last.manager === manager &&
    last.show === show &&
    // Of what does not come from an agent the host is not told here, and differs from event to event.
    (last.hostname === hostname || location[0] !== "(");
  if (!isLast) {
    const origin: Origin = { location, agentId, hostname, manager, show };
    last = { ...origin, texts: textsOf(origin) };
  }
  return last!.texts;
}

function textsOf(origin: Origin): OriginTexts {
  const { manager, show } = origin;
  const agentless = agentlessOf(origin);
  const agent = agentless === null ? `"agent":${agentText(origin)},` : "";
  const location = locationOf(origin);
  return {
    agent: `${agent}"manager":{"name":${jsonText(manager)}}`,
    place:
      (location === null ? "" : member("location", jsonText(show(location)))) +
      (agentless === null ? "" : member("agentless", agentless)),
  };
}

function agentText({ location, agentId, hostname, manager, show }: Origin): JsonText {
  const id = `{"id":${jsonText(show(agentId))}`;
  if (location[0] !== "(") return agentId === "000" ? `${id}${member("name", jsonText(manager))}}` : `${id}}`;
  const name = member("name", jsonText(show(hostname)));
  const ip = addressOf(location);
  return `${id}${name}${ip === null ? "" : member("ip", jsonText(show(ip)))}}`;
}

/** `(name) ip->path`: what stands from the second byte behind the parenthesis to the next `-`. */
function addressOf(location: Bytes): Bytes | null {
  const close = location.indexOf(")");
  if (close === -1) return null;
  const ip = location.slice(close + 2).split("-", 1)[0]!;
  return ip === "any" ? null : ip;
}

/** Of an agent's location the part behind `>`; none when there is no `>`. */
function locationOf({ location }: Origin): Bytes | null {
  if (location[0] !== "(") return location;
  const cut = location.slice(0, LOCATION_SIZE);
  const arrow = cut.indexOf(">");
  return arrow === -1 ? null : cut.slice(arrow + 1);
}

/** An agentless device reports as `(script) user@host->location` of the manager itself, and has no agent. */
function agentlessOf({ location, agentId, show }: Origin): JsonText | null {
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
