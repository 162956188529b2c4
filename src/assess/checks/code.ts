/** Routines, languages and extensions that run with more rights than their caller has, or that hide what they do. */
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check } from "../check.js";
import { listText } from "../wording.js";

interface RoutineRow {
  /** Schema, name and arguments, quoted where needed. */
  readonly routine: string;
  readonly detail: string;
}

/** `oid` is of pg_proc; text that SQL takes back. */
const ROUTINE = "format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid)) AS routine";
const ROUTINES =
  "pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace JOIN pg_language ON pg_language.oid = prolang";
const OF_NO_EXTENSION =
  "NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')";

const definer: Check<RoutineRow> = {
  code: "definer-without-search-path",
  title: "SECURITY DEFINER routines set their search_path",
  severity: "medium",
  scope: "database",
  references: ["CIS 4.3", "pgaudit fact: inside SECURITY DEFINER routines reads and writes may not be logged"],
  query: () => ({
    text: `
SELECT ${ROUTINE}, pg_get_userbyid(proowner)::text AS detail FROM ${ROUTINES}
WHERE prosecdef AND nspname <> 'pg_catalog' AND ${OF_NO_EXTENSION}
  AND NOT EXISTS (SELECT FROM unnest(proconfig) AS each WHERE each LIKE 'search_path=%')
ORDER BY routine`,
  }),
  evaluate: (rows) =>
    rows.map(({ routine, detail }) => ({
      found: `${routine} runs as ${detail} and looks names up along its caller's search_path`,
      fix: `ALTER ROUTINE ${routine} SET search_path = pg_catalog, pg_temp; -- with the schemas that it needs before pg_temp`,
    })),
};

const outsideLibrary: Check<RoutineRow> = {
  code: "c-routine-outside-libdir",
  title: "routines in C come from the server's library directory",
  severity: "high",
  scope: "database",
  references: ["CIS 4.3", "SRG-APP-000119-DB-000060"],
  query: () => ({
    // A plain name is looked up along dynamic_library_path, which library-setting watches.
    text: `
SELECT ${ROUTINE}, probin AS detail FROM ${ROUTINES}
WHERE lanname = 'c' AND (probin LIKE '%/%' AND probin NOT LIKE '$libdir/%' OR probin LIKE '%..%') ORDER BY routine`,
  }),
  evaluate: (rows) =>
    rows.map(({ routine, detail }) => ({
      found: `${routine} is code of the file ${detail}`,
      fix: `DROP ROUTINE ${routine}; -- once you know who put it there`,
    })),
};

const wrapped: Check<RoutineRow> = {
  code: "wrapped-routine",
  title: "no routine hides its source",
  severity: "high",
  scope: "database",
  references: ["use case: wrapped object", "pgaudit fact: wrapped source is opaque to every record"],
  query: () => ({
    // The packages that EDB ships wrapped are theirs.
    text: `
SELECT ${ROUTINE}, lanname::text AS detail FROM ${ROUTINES}
WHERE (ltrim(prosrc, E' \\t\\r\\n') LIKE '$\\_\\_EDBwrapped\\_\\_$%' OR lanname = 'plpgsql_wrap')
  AND nspname !~ '^(sys$|pg_catalog$|dbms_|utl_)' ORDER BY routine`,
  }),
  evaluate: (rows) =>
    rows.map(({ routine, detail }) => ({
      found: `the source of ${routine} (${detail}) is wrapped`,
      fix: `DROP ROUTINE ${routine}; -- unless whoever made it shows its source`,
    })),
};

const languages: Check<{ language: string; extension: string | null }> = {
  code: "untrusted-language",
  title: "no untrusted language beyond C and internal",
  severity: "medium",
  scope: "database",
  references: ["CIS 4.3", "pgaudit fact: bodies in plpython and plperlu are opaque"],
  query: () => ({
    text: `
SELECT lanname::text AS language, extname::text AS extension FROM pg_language
  LEFT JOIN pg_depend ON classid = 'pg_language'::regclass AND objid = pg_language.oid AND deptype = 'e'
  LEFT JOIN pg_extension ON pg_extension.oid = refobjid
WHERE NOT lanpltrusted AND lanname NOT IN ('c', 'internal') ORDER BY lanname`,
  }),
  evaluate: (rows) =>
    rows.map(({ language, extension }) => ({
      found: `the language ${language} runs whatever the server's account may`,
      fix: `${extension === null ? `DROP LANGUAGE ${identifier(language)}` : `DROP EXTENSION ${identifier(extension)}`};`,
    })),
};

/** Extensions that read files, reach other servers or run programs on a schedule. */
const REACHING = ["adminpack", "dblink", "file_fdw", "http", "pg_cron", "plsh", "postgres_fdw"];

const reaching: Check<{ extension: string }> = {
  code: "reaching-extension",
  title: `none of ${listText(REACHING)}`,
  severity: "medium",
  scope: "database",
  references: ["CIS 4.2", "SRG-APP-000119-DB-000060"],
  query: () => ({
    text: "SELECT extname::text AS extension FROM pg_extension WHERE extname = ANY($1) ORDER BY extname",
    values: [REACHING],
  }),
  evaluate: (rows) =>
    rows.map(({ extension }) => ({
      found: `the extension ${extension} is installed`,
      fix: `DROP EXTENSION ${identifier(extension)}; -- where nobody needs it`,
    })),
};

interface EventTriggerRow {
  readonly name: string;
  readonly event: string;
  readonly routine: string;
}

const eventTriggers: Check<EventTriggerRow> = {
  code: "foreign-event-trigger",
  title: "no event triggers but pgaudit's",
  severity: "medium",
  scope: "database",
  references: ["SRG-APP-000123-DB-000204", "ATT&CK T1546"],
  query: () => ({
    text: `
SELECT evtname::text AS name, evtevent::text AS event, evtfoid::regproc::text AS routine
FROM pg_event_trigger JOIN pg_proc ON pg_proc.oid = evtfoid
WHERE probin IS DISTINCT FROM '$libdir/pgaudit' ORDER BY evtname`,
  }),
  evaluate: (rows) =>
    rows.map(({ name, event, routine }) => ({
      found: `the event trigger ${name} runs ${routine} at ${event}, with the rights of whoever comes by`,
      fix: `DROP EVENT TRIGGER ${identifier(name)}; -- where nobody needs it`,
    })),
};

export const CODE: readonly Check[] = [definer, outsideLibrary, wrapped, languages, reaching, eventTriggers];
