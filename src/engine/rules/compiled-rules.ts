/** The functions that `<compiled_rule>` can name (`generic_samples.c`). */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";

export type CompiledRule = (event: EngineEvent) => boolean;

/** Address ranges of well-known crawlers, compared with the beginning of the log. */
const CRAWLERS = ["66.249.", "72.14.", "209.85.", "65.55.", "207.46.", "74.6.", "72.30.", "67.195."];

export const COMPILED_RULES: ReadonlyMap<string, CompiledRule> = new Map<string, CompiledRule>([
  // True also when one of them is not known.
  ["comp_srcuser_dstuser", ({ srcuser, dstuser }) => srcuser === null || dstuser === null || srcuser === dstuser],
  ["check_id_size", ({ id }) => id !== null && id.length >= 10],
  ["comp_mswin_targetuser_calleruser_diff", ({ log }) => accountsDiffer(log)],
  ["is_simple_http_request", ({ url }) => url !== null && !url.includes("?")],
  ["is_valid_crawler", ({ log }) => CRAWLERS.some((range) => log.startsWith(range))],
]);

/** `Target Account Name: x<tab>` and `Caller User Name: y<tab>`; a name also ends at two spaces. */
function accountsDiffer(log: Bytes): boolean {
  const target = valueStart(log, "Target Account Name");
  const caller = valueStart(log, "Caller User Name");
  if (target === 0 || caller === 0) return false;
  for (let i = 0; target + i < log.length; i++) {
    const byte = log[target + i];
    if (byte !== log[caller + i]) return true;
    if (byte === "\t" || (byte === " " && log[target + i + 1] === " ")) return false;
  }
  return false;
}

/** Offset behind the colon that follows the label; 0 when either is missing. */
function valueStart(log: Bytes, label: Bytes): number {
  const at = log.indexOf(label);
  return at === -1 ? 0 : log.indexOf(":", at) + 1;
}
