/** PF_Decoder (`pf_decoder.c`): `… rule 2/(match) pass in on xl0: 140.211.166.3.6667 > 192.168.2.10.16290: P 74…`. */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";

/** Stops at the first thing that is not there; what was found before stays. */
export function decodePf(event: EngineEvent): void {
  const log = event.log;
  const verdict = log.indexOf(")") + 1;
  if (verdict === 0 || log[verdict] !== " ") return;
  const action = log[verdict + 1];
  if (action === "p") event.action = "pass";
  else if (action === "b") event.action = "block";
  else return;

  const interfaceEnd = log.indexOf(":", verdict + 1);
  if (interfaceEnd === -1 || log[interfaceEnd + 1] !== " ") return;
  const sourceStart = interfaceEnd + 2;
  const sourceEnd = log.indexOf(" ", sourceStart);
  if (sourceEnd === -1) return;
  [event.srcip, event.srcport] = splitPort(log.slice(sourceStart, sourceEnd), event.srcport);

  if (!log.startsWith("> ", sourceEnd + 1)) return;
  const targetStart = sourceEnd + 3;
  const targetEnd = log.indexOf(":", targetStart);
  if (targetEnd === -1) return;
  [event.dstip, event.dstport] = splitPort(log.slice(targetStart, targetEnd), event.dstport);

  const protocol = /[^ ]/.exec(log.slice(targetEnd + 1))?.[0];
  if (protocol !== undefined) event.protocol = protocol === "u" ? "UDP" : protocol === "i" ? "ICMP" : "TCP";
}

/** The port stands behind the fourth dot. */
function splitPort(address: Bytes, port: Bytes | null): [Bytes, Bytes | null] {
  let dot = -1;
  for (let count = 0; count < 4; count++) {
    dot = address.indexOf(".", dot + 1);
    if (dot === -1) return [address, port];
  }
  return [address.slice(0, dot), address.slice(dot + 1)];
}
