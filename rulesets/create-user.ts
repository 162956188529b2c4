import { not, pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { misc, objectWrite, read, role, write } from "./base.js";
import { mayAdminister, mayChangeRoles } from "./lists.js";
import { secretInLog } from "./secret-in-log.js";
import { GAP, MAYBE_GAP, MAYBE_QUOTE, POWER, WORD, writesCatalog } from "./sql-text.js";
import { toldAlready } from "./told-already.js";
import { WRITES } from "./writes.js";

const REDACTED = `(?i)${WORD}PASSWORD${GAP}\\x3cREDACTED>`;

const userCreated = rule({
  key: "user-created",
  level: 12,
  on: role,
  where: { "pg.command": pcre2("^CREATE ROLE$") },
  description: "PostgreSQL: $(srcuser) created a user or role in $(pg.database) from $(pg.client): not authorised",
});

/** pgaudit cuts the statement at the word password, even in a comment: which attributes stood behind it nobody can tell. */
const unknownUserCreated = rule({
  key: "user-of-unknown-powers-created",
  level: 12,
  on: role,
  where: { "pg.statement": pcre2(REDACTED) },
  description:
    "PostgreSQL: $(srcuser) created a user whose attributes are redacted in $(pg.database) from $(pg.client): not authorised",
});

/** These stood before it. */
const powerfulUserCreated = rule({
  key: "powerful-user-created",
  level: 14,
  on: role,
  where: {
    "pg.command": pcre2("^CREATE ROLE$"),
    "pg.statement": pcre2(`(?i)${WORD}${POWER}\\b`),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) created a user with superuser-like attributes in $(pg.database) from $(pg.client): not authorised",
});

/** Whoever sets a password can be that user. */
const passwordSet = rule({
  key: "password-set",
  level: 13,
  on: role,
  where: { "pg.command": pcre2("^ALTER ROLE$"), "pg.statement": pcre2(REDACTED) },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description: "PostgreSQL: $(srcuser) set a user's password in $(pg.database) from $(pg.client): not authorised",
});

/** A user under a new name is a new user to whoever reads the log. */
const userRenamed = rule({
  key: "user-renamed",
  level: 13,
  on: role,
  where: { "pg.command": pcre2("^ALTER ROLE$"), "pg.statement": pcre2(`(?i)${WORD}RENAME${GAP}TO\\b`) },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) renamed a user in $(pg.database) from $(pg.client): not authorised",
});

/** A row of pg_authid is a user, whoever put it there; so is one with another name or another password. */
const userWrittenInCatalog = rule({
  key: "user-written-in-catalog",
  level: 15,
  on: [write, read, misc],
  seenUnder: "full",
  where: {
    "pg.command": WRITES,
    "pg.statement": pcre2(
      `${writesCatalog("pg_authid", `INTO|UPDATE(?=[^;]*?${WORD}rol(?:name|password)${MAYBE_QUOTE}${MAYBE_GAP}=)`)}`,
    ),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) made a user, a name or a password in the catalogue of roles in $(pg.database) from $(pg.client)",
});

/** The same by object auditing: also where a session has switched its own auditing off. */
const userCatalogWritten = rule({
  key: "user-catalog-written",
  level: 14,
  on: objectWrite,
  where: {
    "pg.command": not(pcre2("^DELETE$")),
    "pg.object": pcre2("^pg_catalog\\.pg_authid$"),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1098"],
  description:
    "PostgreSQL: $(srcuser) wrote to the catalogue of roles by $(pg.command) in $(pg.database) from $(pg.client): not authorised",
});

const announcements = announced({
  key: "user-create",
  what: "create a user, or to set a password",
  statement: `CREATE${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)|INSERT${GAP}INTO${GAP}(?:pg_catalog\\.)?pg_authid\\b|ALTER${GAP}(?:USER|ROLE)${GAP}[^;]*?${WORD}(?:PASSWORD|RENAME${GAP}TO)\\b`,
  permits: [mayChangeRoles],
  level: 8,
});

const attempts = attempted({
  key: "user-create",
  what: "create a user",
  statement: `CREATE${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)`,
  by: mayAdminister,
});

export const createUser = useCase({
  key: "create-user",
  title: "User created",
  summary:
    "Users, groups and roles created, with those that get superuser-like attributes told apart, and passwords set.",
  group: "dam_create_user",
  attack: ["T1136"],
  compliance: {
    pci_dss: ["10.2.1.5"],
    hipaa: ["164.308.a.3.ii.C", "164.312.a.2.i"],
    gdpr: ["IV_32.2"],
    nist_800_53: ["AC.2", "IA.4", "AC.6"],
    tsc: ["CC6.2", "CC6.3"],
  },
  rules: [
    unknownUserCreated,
    authorised(unknownUserCreated, mayChangeRoles, { level: 5 }),
    userCreated,
    authorised(userCreated, mayChangeRoles),
    userWrittenInCatalog,
    authorised(userWrittenInCatalog, mayAdminister, { level: 5 }),
    userCatalogWritten,
    authorised(userCatalogWritten, mayAdminister, { level: 5 }),
    toldAlready(userCatalogWritten, userWrittenInCatalog, { seenUnder: "full" }),
    passwordSet,
    authorised(passwordSet, mayChangeRoles, { level: 5 }),
    userRenamed,
    authorised(userRenamed, mayChangeRoles),
    ...announcements,
    // The site's choice of log_statement, and nobody's deed.
    ...announcements
      .slice(1)
      .map((authorisedOne) =>
        secretInLog<"pg.message">(authorisedOne, "pg.message", "user-create-announced-with-secret", 6),
      ),
    ...attempts,
    // pgaudit redacts what succeeds; an error prints the statement as it came.
    ...attempts.slice(1).map((authorisedAttempt) => secretInLog(authorisedAttempt, "pg.failed")),
    powerfulUserCreated,
    authorised(powerfulUserCreated, mayChangeRoles, { level: 5 }),
  ],
});
