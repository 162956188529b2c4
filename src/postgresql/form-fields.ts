import type { LogForm } from "./log-forms.js";

/** The client's address and name, the session, the kind of process: what Debian's prefix leaves out. */
const CLIENT = ["srcip", "pg.client", "pg.application", "pg.session", "pg.backend", "pg.sqlstate"];

/** Fields of the decoder `postgresql` that no record of a form fills, because the server does not write them there. */
const MISSING: Readonly<Record<LogForm, readonly string[]>> = {
  jsonlog: [],
  csvlog: [],
  "stderr-debian": [...CLIENT, "pg.context"],
  "stderr-rich": ["pg.context"],
  "stderr-bracket": ["pg.context", "pg.backend"],
  "syslog-rfc3339": [...CLIENT, "pg.context"],
  "syslog-traditional": [...CLIENT, "pg.context"],
  "syslog-split-rfc3339": [...CLIENT, "pg.context"],
  "syslog-split-traditional": [...CLIENT, "pg.context"],
  // Neither errors nor messages of the server: they are in the server's own log.
  pgauditlogtofile: ["pg.severity", "pg.failed", "pg.context", "pg.backend"],
};

/** The fields that rules cannot be tested by where the server logs in this form. */
export function fieldsMissingIn(form: LogForm): ReadonlySet<string> {
  return new Set(MISSING[form]);
}
