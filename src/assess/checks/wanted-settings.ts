import type { SitePolicy } from "../../policy/site-policy.js";
import { serverSettings } from "../../targets/postgresql/server-conf.js";
import type { Check, Severity } from "../check.js";
import { settingOn } from "../server.js";
import { shortfall } from "../shortfall.js";
import { settingFix } from "../wording.js";

/** What `pgaudit.conf` does not set, because it is PostgreSQL's default, and the rules rely on all the same. */
export const UNWRITTEN = { log_min_error_statement: "error", "pgaudit.log_level": "log" } as const;

interface WantedSettings {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly references: readonly string[];
  /** Those that `pgaudit.conf` sets for this policy are compared; the others of these do not matter to it. */
  readonly names: readonly string[];
}

/** A check that settings of the server are no less than what `pgaudit.conf` sets for the policy. */
export function asGenerated({ names, ...definition }: WantedSettings): Check {
  return asWanted({ ...definition, wanted: (policy) => pick(serverSettings(policy), names) });
}

interface Wanted extends Omit<WantedSettings, "names"> {
  readonly wanted: (policy: SitePolicy) => Readonly<Record<string, string>>;
}

/** A check that settings of the server are no less than these values. */
export function asWanted({ wanted, ...definition }: Wanted): Check {
  return {
    ...definition,
    scope: "server",
    settings: (policy) => Object.keys(wanted(policy)),
    evaluate: (_rows, { server, policy }) =>
      Object.entries(wanted(policy)).flatMap(([name, value]) => {
        const live = settingOn(server, name);
        const lost = shortfall(name, live, value);
        return lost === null
          ? []
          : [
              {
                found: `${name} = ${JSON.stringify(live)} ${lost}`,
                fix: settingFix(server, name, fixed(name, live, value)),
              },
            ];
      }),
  };
}

/** Of a list, what is there stays. */
function fixed(name: string, live: string, value: string): string {
  if (name !== "shared_preload_libraries" && name !== "log_destination") return value;
  return [...new Set(`${live},${value}`.split(",").map((each) => each.trim()))].filter(Boolean).join(",");
}

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
