import { pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { ddl, routine } from "./base.js";
import { mayWrapRoutines } from "./lists.js";
import { GAP, MAYBE_GAP, MAYBE_QUOTE, WORD } from "./sql-text.js";

const CREATES_ROUTINE = "^CREATE (?:FUNCTION|PROCEDURE|PACKAGE(?: BODY)?)$";
const LANGUAGE = `${WORD}LANGUAGE${GAP}${MAYBE_QUOTE}`;
/** A byte in an escape string, as `\x44`; log forms double the backslash. */
const ESCAPED_BYTE = "\\\\{1,4}(?:x[0-9a-f]{2}|[0-3][0-7]{2}|u[0-9a-f]{4}|\\+[0-9a-f]{6})";
/** A letter by its number. Line breaks and quotes are put into generated SQL that way by honest people too. */
const LETTER = `${WORD}chr${MAYBE_GAP}\\((?!${MAYBE_GAP}(?:9|1[03]|3[49])${MAYBE_GAP}\\))`;
/** Text put together or decoded, and run: what hides from a reader, not from pgaudit, which logs the inner statement. */
const DECODED_AND_RUN = `(?=.*?${WORD}EXECUTE\\b).*?(?:${[
  `${ESCAPED_BYTE}.*?${ESCAPED_BYTE}`,
  `${WORD}(?:decode|convert_from|pgp_(?:sym|pub)_decrypt|decrypt|reverse|lo_get)${MAYBE_GAP}\\(`,
  LETTER,
  `${WORD}UESCAPE\\b`,
  // Rotated letters; and what is put together behind the very word.
  `${WORD}translate${MAYBE_GAP}\\([^;]*?'[A-Za-z]{20}`,
  `${WORD}EXECUTE${MAYBE_GAP}(?:\\(${MAYBE_GAP}SELECT\\b[^;]*?)?${WORD}(?:replace|regexp_replace|translate|overlay|regexp_split_to_\\w+)${MAYBE_GAP}\\(`,
  "[A-Za-z0-9+/]{200}",
].join("|")})`;

/** What follows in a statement that creates such a routine. */
const HIDDEN = `.*?(?:\\$__EDBwrapped__\\$|${LANGUAGE}(?:edbspl|plpgsql_wrap|c|internal|pl\\w+u)\\b|pgpro_wrap|${WORD}WRAPPED${GAP})`;

/** EDB*Wrap's marker, the wrapping languages of EPAS and of the extension plpgsql_wrap, and Postgres Pro's pgpro_wrap. */
const wrappedSource = rule({
  key: "wrapped-source",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2(CREATES_ROUTINE),
    "pg.statement": pcre2(`(?i)\\$__EDBwrapped__\\$|${LANGUAGE}(?:edbspl|plpgsql_wrap)\\b|\\bpgpro_wrap\\b`),
  },
  groups: ["dam_code_tampering"],
  description:
    "PostgreSQL: $(srcuser) created $(pg.object) with wrapped source in $(pg.database) from $(pg.client): not authorised",
});

/** EPAS and orafce wrap what they are given. */
const wrapperCalled = rule({
  key: "wrapper-called",
  level: 13,
  on: routine,
  seenUnder: "standard",
  where: { "pg.object": pcre2("(?i)^dbms_ddl\\.(?:create_)?wrap") },
  groups: ["dam_routine_execution"],
  description: "PostgreSQL: $(srcuser) called $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

/** What makes such routines possible. An extension leaves a record even if it fails. */
const languageInstalled = rule({
  key: "untrusted-language-installed",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2("^CREATE (?:EXTENSION|LANGUAGE)$"),
    "pg.statement": pcre2(
      `(?i)${WORD}(?:EXTENSION|LANGUAGE)${GAP}(?:IF${GAP}NOT${GAP}EXISTS${GAP})?${MAYBE_QUOTE}(?:pl\\w+u|plpgsql_wrap|pgpro_wrap)\\b`,
    ),
  },
  groups: ["dam_privileged_operation"],
  attack: ["T1505.001"],
  description:
    "PostgreSQL: $(srcuser) installed an untrusted or wrapping language in $(pg.database) from $(pg.client): not authorised",
});

/** A body that the database cannot show, or that may do anything the server's account can. */
const nativeRoutine = rule({
  key: "native-routine",
  level: 13,
  on: ddl,
  where: {
    "pg.command": pcre2(CREATES_ROUTINE),
    "pg.statement": pcre2(`(?i)${LANGUAGE}(?:c|internal|pl\\w+u)\\b`),
  },
  groups: ["dam_code_tampering"],
  description:
    "PostgreSQL: $(srcuser) created $(pg.object) in a native or untrusted language in $(pg.database) from $(pg.client): not authorised",
});

const encodedRoutine = rule({
  key: "encoded-routine",
  level: 13,
  on: ddl,
  where: { "pg.command": pcre2(CREATES_ROUTINE), "pg.statement": pcre2(`(?is)^${DECODED_AND_RUN}`) },
  groups: ["dam_code_tampering"],
  description:
    "PostgreSQL: $(srcuser) created $(pg.object), which decodes and runs text, in $(pg.database) from $(pg.client): not authorised",
});

const encodedBlock = rule({
  key: "encoded-block",
  level: 13,
  on: routine,
  seenUnder: "standard",
  where: { "pg.command": pcre2("^DO$"), "pg.statement": pcre2(`(?is)^${DECODED_AND_RUN}`) },
  groups: ["dam_routine_execution"],
  description:
    "PostgreSQL: $(srcuser) ran a DO block that decodes and runs text in $(pg.database) from $(pg.client): not authorised",
});

const untrustedBlock = rule({
  key: "untrusted-block",
  level: 13,
  on: routine,
  seenUnder: "standard",
  where: { "pg.command": pcre2("^DO$"), "pg.statement": pcre2(`(?i)${LANGUAGE}pl\\w+u\\b`) },
  groups: ["dam_routine_execution"],
  description:
    "PostgreSQL: $(srcuser) ran a DO block in an untrusted language in $(pg.database) from $(pg.client): not authorised",
});

export const wrappedObject = useCase({
  key: "wrapped-object",
  title: "Wrapped or obfuscated object created",
  summary:
    "Routines whose source is wrapped, native, in an untrusted language, or decoded at run time; blocks that do the same.",
  group: "dam_wrapped_object",
  attack: ["T1027"],
  compliance: {
    pci_dss: ["10.2.1.7", "11.5.2"],
    hipaa: ["164.308.a.5.ii.B"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["SI.3", "SI.4"],
    tsc: ["CC6.8"],
  },
  rules: [wrappedSource, wrapperCalled, languageInstalled, nativeRoutine, encodedRoutine, encodedBlock, untrustedBlock]
    .flatMap((alert) => [alert, authorised(alert, mayWrapRoutines)])
    .concat(
      announced({
        key: "encoded-code",
        what: "run or create code that decodes and runs text",
        statement: "(?:DO|CREATE)\\b",
        behind: DECODED_AND_RUN,
        permits: [mayWrapRoutines],
        level: 8,
        groups: ["dam_code_tampering"],
      }),
      announced({
        key: "wrapped-routine",
        what: "create or run hidden, native or untrusted code",
        statement: `CREATE${GAP}(?:OR${GAP}REPLACE${GAP})?(?:FUNCTION|PROCEDURE|PACKAGE)\\b${HIDDEN}|DO${GAP}(?:${LANGUAGE}pl\\w+u\\b)`,
        permits: [mayWrapRoutines],
        level: 8,
        groups: ["dam_code_tampering"],
      }),
      attempted({
        key: "wrapped-routine",
        what: "create a routine with hidden, native or untrusted source",
        statement: `CREATE${GAP}(?:OR${GAP}REPLACE${GAP})?(?:FUNCTION|PROCEDURE|PACKAGE)${HIDDEN}`,
        by: mayWrapRoutines,
        level: 10,
        groups: ["dam_code_tampering"],
      }),
    ),
});
