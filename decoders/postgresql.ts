import { decoder, pcre2 } from "../src/index.js";
import { auditFile } from "./audit-file.js";
import { BRACKET_START, bracketLog } from "./bracket-log.js";
import { CSVLOG_START, csvlog } from "./csvlog.js";
import { JSONLOG_START, jsonlog } from "./jsonlog.js";
import { STDERR_START, textLog } from "./text-log.js";

/**
 * PostgreSQL's server log with pgaudit's records in it. One name for every form that the log can take, and one set of
 * field names: a rule is written once and holds for all of them.
 */
export const postgresql = decoder({
  name: "postgresql",
  description: "PostgreSQL server log with pgaudit records: jsonlog, csvlog, stderr, syslog, pgauditlogtofile",
  prefix: "pg.",
  entries: [
    { prematch: JSONLOG_START },
    { prematch: CSVLOG_START },
    { prematch: STDERR_START },
    { prematch: BRACKET_START },
    { program: pcre2("^postgres$") },
  ],
  branches: [jsonlog, auditFile, csvlog, bracketLog, textLog],
});
