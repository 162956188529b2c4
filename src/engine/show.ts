/** How what the engine holds as bytes is shown. */
import { type Bytes, fromBytes } from "./bytes.js";
import type { EngineEvent } from "./event.js";
import type { Rule } from "./model.js";

/** How engine strings are shown: UTF-8 text by default. */
export type Show = (bytes: Bytes) => string;

/** Where all of an event's texts are ASCII, they are shown as they are. */
export function showOf({ isAscii }: EngineEvent, show: Show): Show {
  return isAscii && show === fromBytes ? asIs : show;
}

function asIs(bytes: Bytes): string {
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

/** What is shown of a rule is the same each time it fires: made once for each, in the way that is asked for mostly. */
export function onceForEachRule<Shown>(make: (rule: Rule, show: Show) => Shown): (rule: Rule, show: Show) => Shown {
  const known = new WeakMap<Rule, Shown>();
  return (rule, show) => {
    if (show !== fromBytes) return make(rule, show);
    let shown = known.get(rule);
    if (shown === undefined) {
      shown = make(rule, show);
      known.set(rule, shown);
    }
    return shown;
  };
}
