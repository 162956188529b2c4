import { pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { misc, objectWrite, read, role, write } from "./base.js";
import { mayAdminister, mayChangeRoles } from "./lists.js";
import { GAP, MAYBE_GAP, WORD, writesCatalog } from "./sql-text.js";
import { toldAlready } from "./told-already.js";

const userDropped = rule({
  key: "user-dropped",
  level: 12,
  on: role,
  where: { "pg.command": pcre2("^DROP ROLE$") },
  description: "PostgreSQL: $(srcuser) dropped a user or role in $(pg.database) from $(pg.client): not authorised",
});

/** As good as dropped. */
const userLockedOut = rule({
  key: "user-locked-out",
  level: 13,
  on: role,
  where: {
    "pg.command": pcre2("^ALTER ROLE$"),
    "pg.statement": pcre2(
      `(?i)${WORD}(?:NOLOGIN\\b|VALID${GAP}UNTIL\\b|CONNECTION${GAP}LIMIT${GAP}0|PASSWORD${GAP}NULL)`,
    ),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) locked a user out in $(pg.database) from $(pg.client): not authorised",
});

/** Deleted from pg_authid, or kept from logging in there. */
const userDeletedInCatalog = rule({
  key: "user-deleted-in-catalog",
  level: 15,
  on: [write, read, misc],
  seenUnder: "full",
  where: {
    "pg.statement": pcre2(
      writesCatalog(
        "pg_authid",
        `DELETE${GAP}FROM|UPDATE(?=[^;]*?${WORD}rol(?:canlogin${MAYBE_GAP}=${MAYBE_GAP}f|validuntil|connlimit|password${MAYBE_GAP}=${MAYBE_GAP}NULL))`,
      ),
    ),
  },
  groups: ["dam_privileged_operation"],
  description:
    "PostgreSQL: $(srcuser) deleted or locked out a user in the catalogue of roles in $(pg.database) from $(pg.client)",
});

/** The same by object auditing: also where a session has switched its own auditing off. */
const userCatalogDeleted = rule({
  key: "user-catalog-deleted",
  level: 14,
  on: objectWrite,
  where: {
    "pg.object": pcre2("^pg_catalog\\.pg_authid$"),
  },
  groups: ["dam_privileged_operation"],
  description:
    "PostgreSQL: $(srcuser) deleted from the catalogue of roles in $(pg.database) from $(pg.client): not authorised",
});

export const dropUser = useCase({
  key: "drop-user",
  title: "User deleted",
  summary: "Users, groups and roles dropped, or locked out.",
  group: "dam_drop_user",
  attack: ["T1531"],
  compliance: {
    pci_dss: ["10.2.1.5"],
    hipaa: ["164.308.a.3.ii.C"],
    gdpr: ["IV_32.2"],
    nist_800_53: ["AC.2", "IA.4"],
    tsc: ["CC6.2", "CC6.3"],
  },
  rules: [
    userDropped,
    authorised(userDropped, mayChangeRoles),
    ...announced({
      key: "user-drop",
      what: "drop a user, or to lock one out",
      statement: `DROP${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)|ALTER${GAP}(?:USER|ROLE)${GAP}[^;]*?${WORD}(?:NOLOGIN|VALID${GAP}UNTIL|CONNECTION${GAP}LIMIT|PASSWORD${GAP}NULL)\\b|DELETE${GAP}FROM${GAP}(?:pg_catalog\\.)?pg_authid\\b`,
      permits: [mayChangeRoles],
      level: 8,
    }),
    ...attempted({
      key: "user-drop",
      what: "drop a user",
      statement: `DROP${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)`,
      by: mayChangeRoles,
    }),
    userDeletedInCatalog,
    authorised(userDeletedInCatalog, mayAdminister, { level: 5 }),
    userCatalogDeleted,
    authorised(userCatalogDeleted, mayAdminister, { level: 5 }),
    toldAlready(userCatalogDeleted, userDeletedInCatalog, { seenUnder: "full" }),
    userLockedOut,
    authorised(userLockedOut, mayChangeRoles),
  ],
});
