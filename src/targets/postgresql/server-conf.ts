import { posix } from "node:path";
import type { SitePolicy } from "../../policy/site-policy.js";
import { auditSettings, shapeOf } from "../../postgresql/log-forms.js";
import type { EmittedFile } from "../emitted-file.js";

/**
 * What the rules rely on beyond the log's form. `log_rows` and `log_relation` stay off: with rows on, failed statements,
 * cursors and object audit of COPY lose their records (pgaudit 1.7). Messages in C, because rules read them.
 */
const RELIED_ON: Readonly<Record<string, string>> = {
  lc_messages: "C",
  log_error_verbosity: "default",
  log_min_messages: "warning",
};

/** Where the agent's `<localfile>` looks for it; readable by the group that the agent is in. */
function destination(policy: SitePolicy): Record<string, string> {
  const { log_form, log_location } = policy.postgresql;
  if (shapeOf(log_form) === "syslog") return {};
  return {
    logging_collector: "on",
    log_directory: posix.dirname(log_location),
    log_filename: "postgresql-%Y-%m-%d.log",
    log_file_mode: "0640",
  };
}

/** A fragment of postgresql.conf; shared_preload_libraries needs a restart, the rest a reload. */
export function serverConf(policy: SitePolicy): EmittedFile {
  const settings = {
    ...auditSettings(policy.postgresql.log_form),
    ...destination(policy),
    ...RELIED_ON,
    "pgaudit.role": policy.postgresql.audit_role,
  };
  const lines = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const head = [
    "# Made by rulewright: include this file from postgresql.conf (include_if_exists).",
    "# If shared_preload_libraries is already set, add pgaudit to that list instead.",
  ];
  return { path: "postgresql/pgaudit.conf", text: `${[...head, ...lines].join("\n")}\n` };
}
