/** What check_diff compares with (`dodiff.c`): the last log per host and rule. */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";
import type { Rule } from "../model.js";

const LOG_SIZE = 65_536;
const FILE_NAME_SIZE = 255;

/**
 * The real engine keeps one file per host and rule, `<host>/<rule id>/last-entry`; so this remembers one log each. It
 * creates the host's directory, but not one above it: a host name with a slash is remembered only when the directory
 * before the slash exists.
 */
export class LastOutputs {
  readonly #logs = new Map<string, Bytes>();
  readonly #directories = new Set<string>([""]);

  /** Did the log change? Notes the previous one in the event if so. The first log of a host is no change. */
  changed(rule: Rule, event: EngineEvent): boolean {
    if (event.size >= LOG_SIZE) return false;
    const directory = this.#makeDirectory(hostOf(event.hostname));
    if (directory === null) return false;
    const file = `${directory}/${rule.id}`;
    const last = this.#logs.get(file);
    if (last === event.log) return false;
    this.#directories.add(file);
    this.#logs.set(file, event.log);
    if (last === undefined) return false;
    event.lastEvents = ["Previous output:", last];
    event.previous = last;
    return true;
  }

  #makeDirectory(host: Bytes): string | null {
    const names = host.split("/").filter((name) => name !== "" && name !== ".");
    let path = "";
    for (let i = 0; i < names.length; i++) {
      if (names[i]!.length > FILE_NAME_SIZE) return null;
      path += `/${names[i]}`;
      if (i < names.length - 1 && !this.#directories.has(path)) return null;
    }
    this.#directories.add(path);
    return path;
  }
}

/** Of a name in parentheses only what is between them. */
function hostOf(hostname: Bytes): Bytes {
  if (hostname[0] !== "(") return hostname;
  const close = hostname.indexOf(")");
  return close === -1 ? hostname.slice(1) : hostname.slice(1, close);
}
