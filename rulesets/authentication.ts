import { listed, pcre2, rule, useCase } from "../src/index.js";
import { connected, connectedFromAfar, failed, record } from "./base.js";
import { people } from "./lists.js";

const QUOTE = '\\\\?"{1,2}';

/** Messages, not SQLSTATE: Debian's prefix has none. They are in English because the server is told so (lc_messages). */
const passwordRefused = rule({
  key: "password-refused",
  level: 5,
  on: record,
  where: {
    "pg.severity": pcre2("^FATAL$"),
    "pg.message": pcre2("^(?:password|peer|certificate|Ident|LDAP|PAM|GSSAPI|RADIUS) authentication failed"),
  },
  description: "PostgreSQL: $(srcuser) did not prove who it is to $(pg.database) from $(pg.client): $(pg.message)",
});

const passwordBurst = rule({
  key: "password-refused-burst",
  level: 10,
  on: passwordRefused,
  correlate: { of: passwordRefused, times: 6, seconds: 60, same: ["srcuser"] },
  description: "PostgreSQL: many passwords of $(srcuser) refused in a short time, last from $(pg.client)",
});

/** A log-in that is refused for another reason than what it shows. */
const loginRefused = rule({
  key: "login-refused",
  level: 5,
  on: record,
  where: {
    "pg.severity": pcre2("^FATAL$"),
    "pg.message": pcre2(
      `^(?:no pg_hba\\.conf entry|pg_hba\\.conf rejects|role ${QUOTE}.*${QUOTE} (?:does not exist|is not permitted to log in)|permission denied for database|database ${QUOTE}.*${QUOTE} does not exist|too many connections for role)`,
    ),
  },
  description: "PostgreSQL: log-in of $(srcuser) to $(pg.database) from $(pg.client) refused: $(pg.message)",
});

const loginBurst = rule({
  key: "login-refused-burst",
  level: 10,
  on: loginRefused,
  correlate: { of: loginRefused, times: 6, seconds: 60, same: ["srcuser"] },
  description: "PostgreSQL: many log-ins of $(srcuser) refused in a short time, last from $(pg.client)",
});

/** A password was found. */
const loginAfterRefusals = rule({
  key: "login-after-refusals",
  level: 12,
  on: [connected, connectedFromAfar],
  correlate: { of: passwordRefused, times: 3, seconds: 300, same: ["srcuser"] },
  attack: ["T1110"],
  description: "PostgreSQL: $(srcuser) logged in from $(pg.client) after passwords that were refused",
});

/** A person is in one place; a program may run on many hosts. */
const loginFromSeveral = rule({
  key: "login-from-several-addresses",
  level: 10,
  on: connectedFromAfar,
  where: { srcuser: listed(people) },
  correlate: { of: connectedFromAfar, times: 2, seconds: 600, same: ["srcuser"], different: ["srcip"] },
  attack: ["T1078"],
  description: "PostgreSQL: $(srcuser) logged in from $(pg.client), and from another address a short time before",
});

/** pgaudit leaves no record of most statements that are refused. */
const accessDenied = rule({
  key: "access-denied",
  level: 7,
  on: [record, failed],
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
  description: "PostgreSQL: $(srcuser) was denied many times in a short time in $(pg.database), last: $(pg.message)",
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
  rules: [
    passwordRefused,
    passwordBurst,
    loginRefused,
    loginBurst,
    loginAfterRefusals,
    loginFromSeveral,
    accessDenied,
    accessDeniedBurst,
  ],
});
