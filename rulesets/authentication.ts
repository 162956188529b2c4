import { pcre2, rule, useCase } from "../src/index.js";
import { record } from "./base.js";

const QUOTE = '\\\\?"{1,2}';

/** Messages, not SQLSTATE: Debian's prefix has none. They are in English because the server is told so (lc_messages). */
const loginRefused = rule({
  key: "login-refused",
  level: 5,
  on: record,
  where: {
    "pg.severity": pcre2("^FATAL$"),
    "pg.message": pcre2(
      `^(?:(?:password|peer|certificate|Ident|LDAP|PAM|GSSAPI|RADIUS) authentication failed|no pg_hba\\.conf entry|pg_hba\\.conf rejects|role ${QUOTE}.*${QUOTE} (?:does not exist|is not permitted to log in)|permission denied for database|database ${QUOTE}.*${QUOTE} does not exist|too many connections for role)`,
    ),
  },
  description: "PostgreSQL: log-in of $(srcuser) to $(pg.database) from $(pg.client) refused: $(pg.message)",
});

const loginBurst = rule({
  key: "login-refused-burst",
  level: 10,
  on: loginRefused,
  correlate: { of: loginRefused, times: 6, seconds: 60, same: ["srcuser"] },
  description: "PostgreSQL: six log-ins of $(srcuser) refused within a minute, last from $(pg.client)",
});

/** pgaudit leaves no record of most statements that are refused. */
const accessDenied = rule({
  key: "access-denied",
  level: 7,
  on: record,
  where: {
    "pg.severity": pcre2("^ERROR$"),
    "pg.message": pcre2("^(?:permission denied|must be (?:owner|superuser|member|able)|only superuser|only roles)"),
  },
  description: "PostgreSQL: $(srcuser) was denied in $(pg.database) from $(pg.client): $(pg.message)",
});

const accessDeniedBurst = rule({
  key: "access-denied-burst",
  level: 10,
  on: accessDenied,
  correlate: { of: accessDenied, times: 6, seconds: 60, same: ["srcuser"] },
  description: "PostgreSQL: $(srcuser) was denied six times within a minute in $(pg.database), last: $(pg.message)",
});

export const authentication = useCase({
  key: "authentication",
  title: "Access refused",
  summary: "Log-ins refused and statements denied, one by one and in bursts.",
  group: "dam_authentication",
  attack: ["T1110"],
  compliance: {
    pci_dss: ["10.2.1.4", "8.3.4"],
    hipaa: ["164.308.a.5.ii.C"],
    gdpr: ["IV_32.2"],
    nist_800_53: ["AC.7", "AU.12"],
    tsc: ["CC6.1", "CC7.2"],
  },
  rules: [loginRefused, loginBurst, accessDenied, accessDeniedBurst],
});
