/** How the server writes its log: what `pgaudit.conf` sets for the policy, and the log items of the CIS benchmark. */
import type { Check, Finding } from "../check.js";
import { settingOn } from "../server.js";
import { settingFix } from "../wording.js";
import { asGenerated, asWanted, UNWRITTEN } from "./wanted-settings.js";

const truncation: Check = {
  code: "log-truncate-off",
  title: "a log file whose name comes round again is emptied first",
  severity: "low",
  scope: "server",
  references: ["CIS 3.1.7"],
  settings: ["log_truncate_on_rotation", "log_filename"],
  evaluate(_rows, { server }): Finding[] {
    const name = settingOn(server, "log_filename");
    // A name with the year or the epoch never comes back; one without any time is never truncated.
    const comesBack = /%/.test(name.replaceAll("%%", "")) && !/%[YysGgcDFx+]/.test(name);
    if (!comesBack || settingOn(server, "log_truncate_on_rotation") === "on") return [];
    return [
      {
        found: `log_truncate_on_rotation is off, and files named ${JSON.stringify(name)} are appended to when the name comes round again`,
        fix: `${settingFix(server, "log_truncate_on_rotation", "on")}, or keep the year in log_filename`,
      },
    ];
  },
};

export const LOG_SETTINGS: readonly Check[] = [
  asGenerated({
    code: "log-destination-missing",
    title: "log_destination holds the policy's log form",
    severity: "high",
    references: [
      "CIS 3.1.2",
      "SRG-APP-000515-DB-000318",
      "pgaudit fact: jsonlog is the one form that cannot be forged by line breaks",
    ],
    names: ["log_destination"],
  }),
  asGenerated({
    code: "log-prefix-differs",
    title: "log_line_prefix is the one that the log form is decoded by",
    severity: "high",
    references: ["CIS 3.1.24", "SRG-APP-000097-DB-000041", "SRG-APP-000098-DB-000042"],
    names: ["log_line_prefix"],
  }),
  asGenerated({
    code: "log-collector-off",
    title: "logging_collector is on where the log form is written to files",
    severity: "high",
    references: ["CIS 3.1.3", "SRG-APP-000092-DB-000208"],
    names: ["logging_collector"],
  }),
  asGenerated({
    code: "log-location-differs",
    title: "the log is written where the agent reads it",
    severity: "high",
    references: ["CIS 3.1.4", "CIS 3.1.5", "SRG-APP-000515-DB-000318"],
    names: ["log_directory", "log_filename", "pgaudit.log_directory", "pgaudit.log_filename"],
  }),
  asGenerated({
    code: "log-file-mode",
    title: "nobody but the server and the agent's group may read log files",
    severity: "medium",
    references: ["CIS 3.1.6", "SRG-APP-000118-DB-000059", "SRG-APP-000119-DB-000060"],
    names: ["log_file_mode"],
  }),
  asGenerated({
    code: "messages-translated",
    title: "lc_messages leaves messages in English",
    severity: "high",
    references: ["pgaudit fact: messages are translated"],
    names: ["lc_messages"],
  }),
  asGenerated({
    code: "log-connections-off",
    title: "log_connections is on",
    severity: "high",
    references: [
      "CIS 3.1.20",
      "SRG-APP-000503-DB-000350",
      "pgaudit fact: base backups and replication are not audited",
    ],
    names: ["log_connections"],
  }),
  asGenerated({
    code: "log-disconnections-off",
    title: "log_disconnections is on",
    severity: "medium",
    references: ["CIS 3.1.21", "SRG-APP-000505-DB-000352"],
    names: ["log_disconnections"],
  }),
  asGenerated({
    code: "log-replication-commands-off",
    title: "log_replication_commands is on",
    severity: "high",
    references: ["CIS 7.2", "pgaudit fact: base backups and replication are not audited"],
    names: ["log_replication_commands"],
  }),
  asGenerated({
    code: "log-lock-waits-off",
    title: "log_lock_waits is on",
    severity: "low",
    references: ["generated/postgresql/pgaudit.conf"],
    names: ["log_lock_waits"],
  }),
  asGenerated({
    code: "log-verbosity-differs",
    title: "log_error_verbosity is default",
    severity: "high",
    references: ["CIS 3.1.22", "pgaudit fact: forged records are told by the context that they cannot leave out"],
    names: ["log_error_verbosity"],
  }),
  asGenerated({
    code: "log-messages-quiet",
    title: "log_min_messages is warning or louder",
    severity: "high",
    references: ["CIS 3.1.14", "pgaudit fact: log_min_messages = panic hides everything, itself too"],
    names: ["log_min_messages"],
  }),
  asWanted({
    code: "log-error-statement-quiet",
    title: "log_min_error_statement is error or louder",
    severity: "high",
    references: ["CIS 3.1.15", "SRG-APP-000495-DB-000327", "pgaudit fact: statements that fail leave no audit record"],
    wanted: () => ({ log_min_error_statement: UNWRITTEN.log_min_error_statement }),
  }),
  asGenerated({
    code: "syslog-splits",
    title: "syslog messages are split only where the policy's log form says so",
    severity: "medium",
    references: ["CIS 3.1.11", "CIS 3.1.12", "pgaudit fact: split records carry neither user nor database"],
    names: ["syslog_split_messages", "syslog_sequence_numbers"],
  }),
  asGenerated({
    code: "syslog-names-differ",
    title: "syslog knows the server by the facility and name of the log form",
    severity: "medium",
    references: ["CIS 3.1.10", "CIS 3.1.13"],
    names: ["syslog_facility", "syslog_ident"],
  }),
  truncation,
  asWanted({
    code: "log-statement-none",
    title: "log_statement is ddl or more",
    // The CIS benchmark asks for it; the pack has the same from pgaudit, with names and classes.
    severity: "note",
    references: ["CIS 3.1.25"],
    wanted: () => ({ log_statement: "ddl" }),
  }),
  asWanted({
    code: "debug-output-on",
    title: "debug_print_* are off: they put parse trees with all their constants into the log",
    severity: "low",
    references: ["CIS 3.1.16", "CIS 3.1.17", "CIS 3.1.18"],
    wanted: () => ({ debug_print_parse: "off", debug_print_rewritten: "off", debug_print_plan: "off" }),
  }),
];
