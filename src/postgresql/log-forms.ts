/** A way in which a PostgreSQL server can write its log, and the name that captures and fixtures know it by. */
export type LogForm =
  | "jsonlog"
  | "csvlog"
  | "stderr-debian"
  | "stderr-rich"
  | "stderr-bracket"
  | "syslog-rfc3339"
  | "syslog-traditional"
  | "syslog-split-rfc3339"
  | "syslog-split-traditional"
  | "pgauditlogtofile";

/** Every form, the recommended one first. */
export const LOG_FORMS: readonly LogForm[] = [
  "jsonlog",
  "csvlog",
  "stderr-debian",
  "stderr-rich",
  "stderr-bracket",
  "syslog-rfc3339",
  "syslog-traditional",
  "syslog-split-rfc3339",
  "syslog-split-traditional",
  "pgauditlogtofile",
];

/** The shape of a log file, whatever its line prefix. */
export type LogShape = "json" | "csv" | "stderr" | "syslog" | "audit-file";

const SHAPES: Readonly<Record<LogForm, LogShape>> = {
  jsonlog: "json",
  csvlog: "csv",
  "stderr-debian": "stderr",
  "stderr-rich": "stderr",
  "stderr-bracket": "stderr",
  "syslog-rfc3339": "syslog",
  "syslog-traditional": "syslog",
  "syslog-split-rfc3339": "syslog",
  "syslog-split-traditional": "syslog",
  pgauditlogtofile: "audit-file",
};

/** The shape of the file that this form is written to. */
export function shapeOf(form: LogForm): LogShape {
  return SHAPES[form];
}

const DEBIAN_PREFIX = "%m [%p] %q%u@%d ";

const OF_SHAPE: Readonly<Record<LogShape, Readonly<Record<string, string>>>> = {
  json: { log_destination: "jsonlog" },
  csv: { log_destination: "csvlog" },
  stderr: { log_destination: "stderr" },
  syslog: {
    log_destination: "syslog",
    syslog_facility: "LOCAL0",
    syslog_ident: "postgres",
    // Split, a statement goes on in records that say neither whose it is nor what it belongs to.
    syslog_split_messages: "off",
    syslog_sequence_numbers: "off",
  },
  // The server's own log goes on as it was; log-ins are wanted in this file too.
  "audit-file": {
    shared_preload_libraries: "pgaudit,pgauditlogtofile",
    log_destination: "jsonlog",
    "pgaudit.log_connections": "on",
    "pgaudit.log_disconnections": "on",
  },
};

const SPLIT = { syslog_split_messages: "on", syslog_sequence_numbers: "on" };
const OF_FORM: Readonly<Partial<Record<LogForm, Readonly<Record<string, string>>>>> = {
  "syslog-split-rfc3339": SPLIT,
  "syslog-split-traditional": SPLIT,
};

const PREFIXES: Readonly<Partial<Record<LogForm, string>>> = {
  "stderr-debian": DEBIAN_PREFIX,
  "stderr-rich": "%m [%p] %q%u@%d client=%r host=%h app=%a state=%e sess=%c/%l cmd=%i bt=%b ",
  "stderr-bracket": "[%m] pid=%p user=%u db=%d host=%h app=%a sqlstate=%e sess=%c ",
  "syslog-rfc3339": DEBIAN_PREFIX,
  "syslog-traditional": DEBIAN_PREFIX,
  "syslog-split-rfc3339": DEBIAN_PREFIX,
  "syslog-split-traditional": DEBIAN_PREFIX,
};

/** Everything audited: what a rule is judged on should not depend on what the site left out of its audit settings. */
const AUDIT = {
  shared_preload_libraries: "pgaudit",
  "pgaudit.log": "all",
  "pgaudit.log_parameter": "on",
  "pgaudit.log_catalog": "on",
  "pgaudit.log_relation": "off",
  "pgaudit.log_rows": "off",
  "pgaudit.log_statement_once": "off",
  "pgaudit.log_client": "off",
  log_connections: "on",
  log_disconnections: "on",
  log_replication_commands: "on",
  log_lock_waits: "on",
} as const;

/** One file that is never rotated, so that its growth can be followed. */
const ONE_FILE = {
  logging_collector: "on",
  log_directory: "log",
  log_filename: "postgresql.log",
  log_rotation_age: "0",
  log_rotation_size: "0",
} as const;

/** The same for the file of pgauditlogtofile. */
const AUDIT_FILE = {
  "pgaudit.log_directory": "log",
  "pgaudit.log_filename": "audit.log",
  "pgaudit.log_rotation_age": "0",
} as const;

/** The postgresql.conf settings, by name, under which a server writes its log in this form with pgaudit on. */
export function auditSettings(form: LogForm): Record<string, string> {
  const prefix = PREFIXES[form];
  return { ...AUDIT, ...OF_SHAPE[SHAPES[form]], ...OF_FORM[form], ...(prefix ? { log_line_prefix: prefix } : {}) };
}

/** The same, into one file that can be followed: what a capture's server runs with. */
export function logFormSettings(form: LogForm): Record<string, string> {
  const own = shapeOf(form) === "audit-file" ? AUDIT_FILE : {};
  return { ...auditSettings(form), ...ONE_FILE, ...own };
}

/** The log file below the data directory; null for syslog, whose file is the receiver's. */
export function logFileOf(form: LogForm): string | null {
  const files: Readonly<Record<LogShape, string | null>> = {
    json: "log/postgresql.json",
    csv: "log/postgresql.csv",
    stderr: "log/postgresql.log",
    syslog: null,
    "audit-file": "log/audit.log",
  };
  return files[SHAPES[form]];
}
