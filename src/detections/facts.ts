/** What PostgreSQL and pgaudit do that a detection must know, and what this pack does about it. */
export interface Fact {
  readonly fact: string;
  readonly by: "rule" | "configuration" | "policy" | "limit";
  /** Rules by their keys, a setting, or what to do instead. */
  readonly answer: string;
  /** `use case: case` that proves it. */
  readonly fixture?: string;
}

export const FACTS: readonly Fact[] = [
  {
    fact: "CASCADE, DROP SCHEMA and DROP OWNED drop tables and views under other commands",
    by: "rule",
    answer: "table-dropped, view-dropped: by the type of what was dropped",
    fixture: "drop-table: tables go with their schema, and with their owner",
  },
  {
    fact: "one DROP TABLE writes a record for each constraint, index and sequence",
    by: "rule",
    answer: "table-dropped: the record of type TABLE alone",
    fixture: "drop-table: a developer drops a table, in one alert",
  },
  {
    fact: "a message with several statements repeats its whole text in the record of each",
    by: "rule",
    answer: "fields decide; where text does, the command is tested too: dangerous-setting-set, user-renamed",
    fixture: "privileged-operation: settings in one message with other statements",
  },
  {
    fact: "everything behind the word password is redacted, SUPERUSER too",
    by: "rule",
    answer: "user-created at level 12 whatever follows; password-set",
    fixture: "create-user: the web front end tries to create a superuser",
  },
  {
    fact: "SET pgaudit.log = 'none' leaves no record: it is logged after it took effect",
    by: "rule",
    answer: "audit-setting-announced, by log_statement = 'all' that roles.sql gives superusers",
    fixture: "audit-tampering: a superuser whose statements are announced switches pgaudit off",
  },
  {
    fact: "SET ON PARAMETER can be granted, so that an ordinary role switches pgaudit off",
    by: "rule",
    answer: "parameter-granted",
    fixture: "privileged-operation: a second administrator lets a role switch pgaudit off",
  },
  {
    fact: "set_config and UPDATE pg_settings are reads to pgaudit",
    by: "rule",
    answer: "setting-changed-by-read",
  },
  {
    fact: "RAISE LOG can print AUDIT: records",
    by: "rule",
    answer: "audit-record-forged, by the context that it cannot leave out; jsonlog and csvlog",
  },
  {
    fact: "RAISE LOG can print the server's own messages",
    by: "rule",
    answer: "server-message-forged; jsonlog and csvlog",
    fixture: "audit-tampering: a message of the server is forged",
  },
  {
    fact: "user and database names arrive before anybody is known, with line breaks in them",
    by: "rule",
    answer: "name-with-control-character; take jsonlog: a csvlog or stderr reader breaks the line",
    fixture: "audit-tampering: a user name with a line break",
  },
  {
    fact: "an application's name is its client's to choose",
    by: "rule",
    answer: "it authorises nobody; application-name-like-record",
    fixture: "audit-tampering: an application name that looks like a record",
  },
  {
    fact: "statements that fail leave no audit record",
    by: "rule",
    answer: "the rules that end in -attempted, by the statement of the error; access-denied",
    fixture: "drop-table: an intern tries to drop and to empty tables",
  },
  {
    fact: "a WITH that writes is a SELECT, MERGE is ???",
    by: "rule",
    answer: "table-cleared-by-merge; rules over catalogues test all of these commands",
    fixture: "drop-table: a second administrator deletes rows by MERGE",
  },
  {
    fact: "CREATE OR REPLACE VIEW is CREATE VIEW, also when the new one gives no rows",
    by: "rule",
    answer: "view-emptied",
    fixture: "drop-view: a second administrator replaces a view by an empty one",
  },
  {
    fact: "catalogues can be rewritten behind the commands",
    by: "rule",
    answer: "code-, view-, table- and roles-rewritten-in-catalog; object audit of the catalogues by roles.sql",
    fixture: "alter-table: a second administrator switches row security off in the catalogue",
  },
  {
    fact: "functions of pg_catalog write no record of class FUNCTION",
    by: "rule",
    answer: "server-function-called, carrying-function-called: by text, where READ is logged",
  },
  {
    fact: "inside SECURITY DEFINER routines reads and writes may not be logged",
    by: "policy",
    answer: "sensitive_routines and sensitive-routine-executed; definer-routine-made",
    fixture: "routine-execution: the web front end calls routines that give data away or run what they are told",
  },
  {
    fact: "concatenated, encoded and escaped text is logged decoded as a sub-statement",
    by: "rule",
    answer: "the sub-statement is judged by its fields; encoded-block, encoded-routine for the wrapping",
    fixture: "wrapped-object: a second administrator runs text that hides behind escapes",
  },
  {
    fact: "wrapped source fails on a server that does not know its language, without a record",
    by: "rule",
    answer: "wrapped-routine-attempted",
    fixture: "wrapped-object: a second administrator creates wrapped source, and the server does not know its language",
  },
  {
    fact: "base backups and replication are not audited",
    by: "rule",
    answer: "replicated, replication-connected, by log_replication_commands and log_connections",
    fixture: "data-exfiltration: a second administrator takes a base backup",
  },
  {
    fact: "a plain read names no relation under session audit",
    by: "rule",
    answer: "sensitive-relation-read by text; sensitive-relation-used by object audit, under every preset",
    fixture: "data-exfiltration: an intern reads a sensitive relation in several spellings",
  },
  {
    fact: "DDL that reads an audited relation on its way is logged as OBJECT",
    by: "rule",
    answer: "DDL is judged whatever its audit type; sensitive-relation-checked for the server's own query",
    fixture: "data-exfiltration: the deployment adds a foreign key to customers",
  },
  {
    fact: "log_rows = on loses COPY, cursors and failed statements",
    by: "configuration",
    answer:
      "log_rows and log_relation stay off; volumes are told by COPY, cursors, paging and bursts, and by read-in-bulk where a site counts rows of people",
    fixture: "data-exfiltration: a second administrator reads a thousand rows, with counts on",
  },
  { fact: "log_catalog = off hides reads and writes of catalogues", by: "configuration", answer: "log_catalog = on" },
  { fact: "messages are translated", by: "configuration", answer: "lc_messages = C" },
  {
    fact: "pgaudit writes passwords of user mappings and subscriptions in clear",
    by: "rule",
    answer: "secret-in-log",
    fixture: "privileged-operation: the nightly load puts a password into the log",
  },
  {
    fact: "where pgaudit is off or missing, log_statement still writes what is about to run",
    by: "rule",
    answer:
      "table-drop-announced and the others that end in -announced, by the statement; where pgaudit logs it as well, a superuser's statement that nobody allowed gives both alerts",
    fixture: "written-before-run: a superuser whom pgaudit does not log",
  },
  {
    fact: "data is full of the words of SQL",
    by: "rule",
    answer:
      "server-file-written and its like: fields decide; where text does, what stands in a literal counts only if quotes, comments or escapes make the statement hard to read",
    fixture: "data-exfiltration: a second administrator writes a file, and text that speaks of it",
  },
  {
    fact: "event triggers run at everybody's DDL, and pgaudit names neither them nor their routine",
    by: "rule",
    answer: "event-trigger-changed; audit-extension-changed for pgaudit's own",
    fixture: "code-tampering: a second administrator makes an event trigger, switches it and drops it",
  },
  {
    fact: "session_replication_role = 'replica' switches triggers and foreign keys off",
    by: "rule",
    answer: "triggers-silenced, setting-changed-by-read, dangerous-setting-stored",
    fixture: "audit-tampering: a second administrator silences triggers, and another time the log",
  },
  {
    fact: "log_relation = on writes a record for each relation of a statement",
    by: "rule",
    answer: "one alert per statement: credentials-read-told and the others that end in -told log the others at level 3",
    fixture: "data-exfiltration: a second administrator's queries name each relation in a record of its own",
  },
  {
    fact: "one statement can drop a table and the views on it",
    by: "rule",
    answer:
      "one alert for each use case, table-dropped and view-dropped; tables-dropped-by-one-statement where they are many",
    fixture: "drop-table: a developer drops seven tables by one statement, and one more by another session's first",
  },
  {
    fact: "rolled back statements are logged as if they had happened",
    by: "limit",
    answer: "an alert says what was executed, not what stayed",
  },
  {
    fact: "pgaudit names neither relation nor type of INSERT, UPDATE and DELETE",
    by: "limit",
    answer: "a DELETE through a view looks like one on a table; grant the view to the audit role to have it named",
  },
  {
    fact: "SQL functions that the planner inlines, and immutable ones with constants, leave no record of a call",
    by: "limit",
    answer: "put them among the sensitive relations' readers by object audit",
  },
  {
    fact: "bodies in plpython and plperlu are opaque",
    by: "rule",
    answer: "native-routine, untrusted-block alert on their making and running",
  },
  {
    fact: "large objects can leave by the protocol's fast path, without a statement",
    by: "rule",
    answer:
      "large-object-fast-path, by what a client asks the catalogue first; of the bytes there is no record: revoke EXECUTE on lo_get, loread and lo_export from PUBLIC",
  },
  {
    fact: "SET log_min_messages = 'panic' silences the session, itself too",
    by: "rule",
    answer: "audit-setting-announced, for superusers, who alone may",
  },
  {
    fact: "PGOPTIONS can carry settings into a session",
    by: "limit",
    answer:
      "superusers only; what they then run is told by the rules that end in -announced, unless they took log_statement along too",
  },
  {
    fact: "silence is no event",
    by: "rule",
    answer:
      "canary, at level 3: run `SET dam.canary = 'on'` on a schedule in each database and let a scheduled search of the SIEM miss rule canary; no rule can fire on what is not there",
    fixture: "audit-tampering: the canary sings",
  },
  {
    fact: "parallel workers write records twice, without a user (pgaudit 1.7.0)",
    by: "limit",
    answer: "nobody is not authorised: they alert; update pgaudit",
  },
  {
    fact: "lines over 64 kB are cut or dropped by the agent",
    by: "rule",
    answer: "the fields stand first and decide; log_format syslog, which cuts and does not drop; statement-cut",
  },
  {
    fact: "syslog splits at 900 bytes and at line breaks",
    by: "configuration",
    answer: "syslog_split_messages = off; with split forms fields decide and statement-cut tells",
  },
];
