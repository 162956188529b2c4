import { postgresql } from "../decoders/postgresql.js";
import { not, pcre2, rule } from "../src/index.js";

/** Every record of a PostgreSQL log. Level 0: what no rule below picks up raises no alert. */
export const record = rule({ key: "record", level: 0, on: postgresql, description: "PostgreSQL log record" });

/**
 * pgaudit writes its records without a context; `RAISE LOG 'AUDIT: …'` cannot leave it out. Level 0 goes before all other
 * levels, so this one stands in front of the rules for true records. Where a form keeps the context elsewhere (stderr,
 * syslog) a forged record looks like a true one.
 */
export const forgedAudit = rule({
  key: "audit-with-context",
  level: 0,
  on: record,
  where: { "pg.audit": pcre2("^(?:SESSION|OBJECT)$"), "pg.context": pcre2(".") },
  description: "PostgreSQL audit record with a context",
});

/**
 * Errors with the statement that they stopped: of most such statements pgaudit leaves no record. Where the form writes the
 * statement as a record of its own, this is that record, without the error's own words.
 */
export const failed = rule({
  key: "statement-failed",
  level: 0,
  on: record,
  where: { "pg.failed": pcre2("^") },
  description: "PostgreSQL statement that failed: $(pg.message)",
});

/** What log_statement writes of a statement before it runs. */
export const announcement = rule({
  key: "statement-announced",
  level: 0,
  on: record,
  where: { "pg.message": pcre2("^(?:statement|execute [^:]*+): ") },
  description: "PostgreSQL: $(srcuser) is about to run a statement in $(pg.database)",
});

/** Log-ins are counted, not alerted on: level 2 stays below what a manager keeps by default. */
export const connected = rule({
  key: "logged-in",
  level: 2,
  on: record,
  where: { "pg.message": pcre2("^connection authorized: ") },
  description: "PostgreSQL: $(srcuser) logged in to $(pg.database) from $(pg.client)",
});

/** By the network: only such a log-in has an address. */
export const connectedFromAfar = rule({
  key: "logged-in-by-network",
  level: 2,
  on: connected,
  where: { "pg.client": not(pcre2("^\\[?local\\]?$")) },
  description: "PostgreSQL: $(srcuser) logged in to $(pg.database) from $(pg.client)",
});

/** Records of object auditing: what was granted to the audit role, whoever did it and whatever pgaudit.log is. */
export const objectAudit = rule({
  key: "audit-object",
  level: 0,
  on: record,
  where: { "pg.audit": pcre2("^OBJECT$"), "pg.class": pcre2("^(?:READ|WRITE)$") },
  description: "PostgreSQL object audit record: $(pg.command) $(pg.object)",
});

/** Those of what is written. */
export const objectWrite = rule({
  key: "audit-object-write",
  level: 0,
  on: objectAudit,
  where: { "pg.class": pcre2("^WRITE$") },
  description: "PostgreSQL object audit record of class WRITE: $(pg.command) $(pg.object)",
});

/**
 * All other records: of session auditing, by the classes that pgaudit.log names, and DDL that pgaudit calls OBJECT because
 * it read an audited relation on its way, as a new foreign key does.
 */
export const audit = rule({
  key: "audit",
  level: 0,
  on: record,
  where: { "pg.audit": pcre2("^(?:SESSION|OBJECT)$") },
  description: "PostgreSQL audit record",
});

/** One rule per pgaudit class that use cases read, so that a record is only compared with the rules of its class. */
const ofClass = <const K extends string>(key: K, name: "DDL" | "ROLE" | "FUNCTION" | "READ" | "WRITE") =>
  rule({
    key: `audit-${key}`,
    level: 0,
    on: audit,
    where: { "pg.class": pcre2(`^${name}$`) },
    records: name,
    description: "PostgreSQL audit record of class $(pg.class): $(pg.command)",
  });

export const ddl = ofClass("ddl", "DDL");
export const role = ofClass("role", "ROLE");
export const routine = ofClass("function", "FUNCTION");
export const read = ofClass("read", "READ");
export const write = ofClass("write", "WRITE");

/** Every other class: MISC. */
export const misc = rule({
  key: "audit-misc",
  level: 0,
  on: audit,
  records: "MISC",
  description: "PostgreSQL audit record of class $(pg.class): $(pg.command)",
});
