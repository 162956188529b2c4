import type { SitePolicy } from "../../policy/site-policy.js";
import { auditSettings } from "../../postgresql/log-forms.js";
import { locationSettings } from "../../postgresql/log-location.js";
import { settingLines } from "../../postgresql/settings-text.js";
import type { EmittedFile } from "../emitted-file.js";
import { auditLogOf } from "./account-settings.js";

/**
 * What the rules rely on beyond the log's form. `log_rows` and `log_relation` stay off: with rows on, failed statements,
 * cursors and object audit of COPY lose their records (pgaudit 1.7). Messages in C, because rules read them.
 */
const RELIED_ON: Readonly<Record<string, string>> = {
  lc_messages: "C",
  log_error_verbosity: "default",
  log_min_messages: "warning",
};

/** The settings that follow from the policy, whatever the log's form and place. */
export function policySettings({ postgresql: { preset, audit_role } }: SitePolicy): Record<string, string> {
  return { "pgaudit.log": auditLogOf(preset), ...RELIED_ON, "pgaudit.role": audit_role };
}

/** Every setting of `pgaudit.conf`: what the rules and the agents of this site rely on. */
export function serverSettings(policy: SitePolicy): Record<string, string> {
  const { log_form, log_location } = policy.postgresql;
  return {
    ...auditSettings(log_form),
    // Where the agent's <localfile> looks for it.
    ...locationSettings(log_form, log_location),
    ...policySettings(policy),
  };
}

/** A fragment of postgresql.conf; shared_preload_libraries needs a restart, the rest a reload. */
export function serverConf(policy: SitePolicy): EmittedFile {
  const sorted = Object.entries(serverSettings(policy)).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = settingLines(Object.fromEntries(sorted));
  const head = [
    "# Made by rulewright: include this file from postgresql.conf (include_if_exists).",
    "# If shared_preload_libraries is already set, add pgaudit to that list instead.",
  ];
  return { path: "postgresql/pgaudit.conf", text: `${[...head, ...lines].join("\n")}\n` };
}
