import { pcre2, rule, useCase } from "../src/index.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { role } from "./base.js";
import { mayAdminister, mayChangeRoles } from "./lists.js";
import { GAP, WORD } from "./sql-text.js";

const userCreated = rule({
  key: "user-created",
  level: 12,
  on: role,
  where: { "pg.command": pcre2("^CREATE ROLE$") },
  description: "PostgreSQL: $(srcuser) created a user or role in $(pg.database) from $(pg.client): not authorised",
});

/** pgaudit cuts the statement at the word password, so attributes behind it are lost; these stood before it. */
const powerfulUserCreated = rule({
  key: "powerful-user-created",
  level: 14,
  on: role,
  where: {
    "pg.command": pcre2("^CREATE ROLE$"),
    "pg.statement": pcre2(`(?i)${WORD}(?:SUPERUSER|CREATEROLE|REPLICATION|BYPASSRLS)\\b`),
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
  where: { "pg.command": pcre2("^ALTER ROLE$"), "pg.statement": pcre2(`(?i)${WORD}PASSWORD${GAP}\\x3cREDACTED>`) },
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
    userCreated,
    authorised(userCreated, mayChangeRoles),
    passwordSet,
    authorised(passwordSet, mayChangeRoles),
    userRenamed,
    authorised(userRenamed, mayChangeRoles),
    ...attempted({
      key: "user-create",
      what: "create a user",
      statement: `CREATE${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)`,
      by: mayAdminister,
    }),
    powerfulUserCreated,
    authorised(powerfulUserCreated, mayChangeRoles, { level: 5 }),
  ],
});
