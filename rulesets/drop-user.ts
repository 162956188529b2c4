import { pcre2, rule, useCase } from "../src/index.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { role } from "./base.js";
import { mayChangeRoles } from "./lists.js";
import { GAP, WORD } from "./sql-text.js";

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
    ...attempted({
      key: "user-drop",
      what: "drop a user",
      statement: `DROP${GAP}(?:USER|ROLE|GROUP)${GAP}(?!MAPPING)`,
      by: mayChangeRoles,
    }),
    userLockedOut,
    authorised(userLockedOut, mayChangeRoles),
  ],
});
