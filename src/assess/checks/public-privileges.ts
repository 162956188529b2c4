/** What everybody may, because it was granted to PUBLIC. */
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check } from "../check.js";

const schemaCreate: Check<{ schema: string }> = {
  code: "public-schema-create",
  title: "PUBLIC may not create objects in any schema",
  severity: "medium",
  scope: "database",
  references: ["CIS 4.2", "ATT&CK T1574", "PostgreSQL 15 no longer grants it on the schema public"],
  query: () => ({
    text: `
SELECT nspname::text AS schema FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
WHERE grantee = 0 AND privilege_type = 'CREATE' ORDER BY nspname`,
  }),
  evaluate: (rows) =>
    rows.map(({ schema }) => ({
      found: `everybody may create objects in the schema ${schema}, and so shadow what others call`,
      fix: `REVOKE CREATE ON SCHEMA ${identifier(schema)} FROM PUBLIC;`,
    })),
};

interface GrantRow {
  readonly object: string;
  readonly privileges: string;
}

const WRITING = "'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'";

const relations: Check<GrantRow> = {
  code: "public-relation-privileges",
  title: "PUBLIC may read no sensitive relation and write no relation, and no column of them",
  severity: "high",
  scope: "database",
  references: ["CIS 4.4"],
  query: ({ policy }) => ({
    text: `
SELECT format('%I.%I', nspname, relname) AS object, string_agg(privilege, ', ' ORDER BY privilege) AS privileges
FROM (SELECT oid AS relation, privilege_type AS privilege, grantee FROM pg_class, aclexplode(relacl)
    UNION SELECT attrelid, format('%s (%I)', privilege_type, attname), grantee FROM pg_attribute, aclexplode(attacl)) AS held
  JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE grantee = 0 AND relkind <> 'S' AND nspname NOT IN ('pg_catalog', 'information_schema')
  AND (split_part(privilege, ' ', 1) IN (${WRITING}) OR nspname || '.' || relname = ANY($1))
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
GROUP BY 1 ORDER BY 1`,
    values: [policy.sensitive_relations],
  }),
  evaluate: (rows) =>
    rows.map(({ object, privileges }) => ({
      found: `everybody has ${privileges} on ${object}`,
      fix: `REVOKE ${privileges} ON ${object} FROM PUBLIC;`,
    })),
};

const defaults: Check<{ role: string; schema: string | null; kind: string; privileges: string }> = {
  code: "public-default-privileges",
  title: "PUBLIC is granted nothing on tables and schemas that are yet to be made",
  severity: "medium",
  scope: "database",
  references: ["CIS 4.4"],
  query: () => ({
    text: `
SELECT pg_get_userbyid(defaclrole)::text AS role, nspname::text AS schema,
  CASE defaclobjtype WHEN 'n' THEN 'SCHEMAS' ELSE 'TABLES' END AS kind, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges
FROM pg_default_acl LEFT JOIN pg_namespace ON pg_namespace.oid = defaclnamespace, aclexplode(defaclacl)
WHERE grantee = 0 AND defaclobjtype IN ('r', 'n') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  }),
  evaluate: (rows) =>
    rows.map(({ role, schema, kind, privileges }) => ({
      found: `everybody gets ${privileges} on ${kind.toLowerCase()} that ${role} makes${schema === null ? "" : ` in ${schema}`}`,
      fix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(role)}${schema === null ? "" : ` IN SCHEMA ${identifier(schema)}`} REVOKE ${privileges} ON ${kind} FROM PUBLIC;`,
    })),
};

/** Functions that come without EXECUTE for PUBLIC. */
const REVOKED = [
  "lo_export",
  "lo_import",
  "pg_file_write",
  "pg_ls_dir",
  "pg_read_binary_file",
  "pg_read_file",
  "pg_reload_conf",
  "pg_rotate_logfile",
  "pg_stat_file",
];

const functions: Check<{ routine: string }> = {
  code: "public-server-function",
  title: "PUBLIC may not execute functions that read and write the server's files",
  severity: "high",
  scope: "database",
  references: ["CIS 4.2", "pgaudit fact: functions of pg_catalog write no record of class FUNCTION"],
  query: () => ({
    text: `
SELECT format('pg_catalog.%I(%s)', proname, pg_get_function_identity_arguments(pg_proc.oid)) AS routine
FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY($1) AND grantee = 0 ORDER BY routine`,
    values: [REVOKED],
  }),
  evaluate: (rows) =>
    rows.map(({ routine }) => ({
      found: `everybody may execute ${routine}`,
      fix: `REVOKE EXECUTE ON FUNCTION ${routine} FROM PUBLIC;`,
    })),
};

const database: Check<{ name: string }> = {
  code: "public-database-create",
  title: "PUBLIC may not create schemas and publications in the database",
  severity: "medium",
  scope: "database",
  references: ["CIS 4.2"],
  query: () => ({
    text: `
SELECT datname::text AS name FROM pg_database, aclexplode(datacl)
WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'CREATE'`,
  }),
  evaluate: (rows) =>
    rows.map(({ name }) => ({
      found: `everybody may create schemas in ${name}`,
      fix: `REVOKE CREATE ON DATABASE ${identifier(name)} FROM PUBLIC;`,
    })),
};

const largeObjects: Check<{ objects: string; functions: string[] }> = {
  code: "large-object-readable",
  title: "where there are large objects, PUBLIC may not read them past the log",
  severity: "low",
  scope: "database",
  references: ["pgaudit fact: large objects can leave by the protocol's fast path"],
  query: () => ({
    text: `
SELECT (SELECT count(*) FROM pg_largeobject_metadata)::text AS objects, ARRAY(
    SELECT format('pg_catalog.%I(%s)', proname, pg_get_function_identity_arguments(pg_proc.oid))
    FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN ('lo_get', 'loread') AND grantee = 0 ORDER BY 1) AS functions`,
  }),
  evaluate: ([row]) =>
    !row || row.objects === "0" || row.functions.length === 0
      ? []
      : [
          {
            found: `there are ${row.objects} large objects, and whoever may read one can carry it out without a statement`,
            fix: `REVOKE EXECUTE ON FUNCTION ${row.functions.join(", ")} FROM PUBLIC;`,
          },
        ],
};

export const PUBLIC_PRIVILEGES: readonly Check[] = [
  schemaCreate,
  relations,
  defaults,
  functions,
  database,
  largeObjects,
];
