/** SymantecWS_Decoder (`symantecws_decoder.c`): `20070717,73614,1=5,11=1.2.3.4,60=http://host/,10=userX,2=27`. */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";

const NAME_SIZE = 128;
const URL_SIZE = 1024;
const ID_SIZE = 9;

/** The first of each kind counts. */
export function decodeSymantecWs(event: EngineEvent): void {
  const log = event.log;
  let at = log.indexOf(",") + 1;
  if (at === 0) return;
  while (at !== 0) {
    if (log.startsWith("10=", at)) {
      const value = valueAt(log, at + 3, NAME_SIZE);
      event.dstuser ??= value;
      at += 3 + value.length;
    } else if (log.startsWith("11=", at)) {
      const value = valueAt(log, at + 3, NAME_SIZE);
      event.srcip ??= value;
      at += 3 + value.length;
    } else if (log.startsWith("60=", at)) {
      const value = valueAt(log, at + 3, URL_SIZE);
      event.url ??= value;
      at += 3 + value.length;
    } else if (log.startsWith("3=", at) || log.startsWith("2=", at)) {
      // The id keeps its number, and runs over commas.
      const value = log.slice(at, at + ID_SIZE);
      event.id ??= value;
      at += value.length;
    }
    at = log.indexOf(",", at) + 1;
  }
}

function valueAt(log: Bytes, start: number, size: number): Bytes {
  const comma = log.indexOf(",", start);
  return log.slice(start, Math.min(comma === -1 ? log.length : comma, start + size));
}
