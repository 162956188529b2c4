/** How what the engine holds as bytes is shown. */
import { type Bytes, fromBytes } from "./bytes.js";
import type { EngineEvent } from "./event.js";

/** How engine strings are shown: UTF-8 text by default. */
export type Show = (bytes: Bytes) => string;

/** Where all of an event's texts are ASCII, they are shown as they are. */
export function showOf({ isAscii }: EngineEvent, show: Show): Show {
  return isAscii && show === fromBytes ? asIs : show;
}

export function asIs(bytes: Bytes): string {
  return bytes;
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

/** What is shown of a rule or a decoder is the same each time: made once for each, in the way that is asked for mostly. */
export function onceForEach<Part extends object, Shown>(
  make: (part: Part, show: Show) => Shown,
): (part: Part, show: Show) => Shown {
  const known = new WeakMap<Part, Shown>();
  return (part, show) => {
    if (show !== fromBytes) return make(part, show);
    let shown = known.get(part);
    if (shown === undefined) {
      shown = make(part, show);
      known.set(part, shown);
    }
    return shown;
  };
}
