import type { PackNode } from "../ir/nodes.js";
import type { SitePolicy } from "../policy/site-policy.js";
import { type LogShape, shapeOf } from "../postgresql/log-forms.js";
import type { EmittedFile } from "./emitted-file.js";
import { type XmlElement, xmlText } from "./wazuh/xml-text.js";

/** Start of a record in logs that spread one over several lines. */
export const RECORD_START = "^\\[?\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

/**
 * How the agent reads the log. One line per record where the form has it, as `syslog`: the reader `json` would drop a
 * line over 64 kB and the next one with it, and `postgresql_log` drops all lines of every prefix but one. Elsewhere a
 * record starts with its time, and what follows is joined to it.
 */
const READERS: Readonly<Record<LogShape, readonly XmlElement[]>> = {
  json: [{ name: "log_format", text: "syslog" }],
  syslog: [{ name: "log_format", text: "syslog" }],
  csv: multiLine(),
  stderr: multiLine(),
  "audit-file": multiLine(),
};

function multiLine(): readonly XmlElement[] {
  return [
    { name: "log_format", text: "multi-line-regex" },
    { name: "multiline_regex", attributes: { match: "start", replace: "wspace" }, text: RECORD_START },
  ];
}

/** The `<localfile>` for the agents on the database hosts. */
export function agentFile(pack: PackNode, policy: SitePolicy): EmittedFile {
  const { log_form, log_location } = policy.postgresql;
  return {
    path: "agent/localfile.conf",
    text: xmlText([
      { comment: `${pack.title}: agent.conf of the group of database hosts; log form ${log_form}` },
      {
        name: "agent_config",
        children: [
          {
            name: "localfile",
            children: [...READERS[shapeOf(log_form)], { name: "location", text: log_location }],
          },
        ],
      },
    ]),
  };
}
