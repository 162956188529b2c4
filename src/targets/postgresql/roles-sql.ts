import type { SitePolicy } from "../../policy/site-policy.js";
import type { EmittedFile } from "../emitted-file.js";
import { accountSettings } from "./account-settings.js";
import { identifier, literal } from "./sql-text.js";

/** Tables, partitioned and foreign ones, views and materialised views: what these privileges are for. */
export const RELATION_KINDS = "'r', 'p', 'f', 'v', 'm'";

/** What is granted on a sensitive relation, so that its use is logged. */
export const RELATION_PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;

/** A privilege on a catalogue, or on one column of it. */
export interface CataloguePrivilege {
  readonly catalogue: string;
  readonly privilege: string;
  readonly column?: string | null;
}

const on = (catalogue: string, privileges: readonly string[]): CataloguePrivilege[] =>
  privileges.map((privilege) => ({ catalogue, privilege }));

/**
 * Catalogues whose use is audited whoever it is: hashes of passwords read, and roles, routines, privileges or settings
 * rewritten behind the commands for it. The column `rolpassword` alone, because `pg_roles` reads the others all day.
 */
export const CATALOGUE_PRIVILEGES: readonly CataloguePrivilege[] = [
  { catalogue: "pg_authid", privilege: "SELECT", column: "rolpassword" },
  ...[
    "pg_authid",
    "pg_attribute",
    "pg_auth_members",
    "pg_class",
    "pg_database",
    "pg_db_role_setting",
    "pg_event_trigger",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_trigger",
  ].flatMap((catalogue) => on(catalogue, ["INSERT", "UPDATE", "DELETE"])),
  ...on("pg_settings", ["UPDATE"]),
];

/**
 * The role by which pgaudit audits single objects: what is granted to it is logged, whoever does it and whatever
 * `pgaudit.log` is set to. Made where it is missing; one that can log in or is superuser stops the script, because it is
 * somebody's. Then how much is logged of single accounts. May be run again at any time.
 */
export function rolesSql(policy: SitePolicy): EmittedFile {
  const role = literal(policy.postgresql.audit_role);
  const grants = [...policy.sensitive_relations].sort().map((relation) => {
    const [schema = "", name = ""] = relation.split(".");
    const target = literal(`${identifier(schema)}.${identifier(name)}`);
    // Each database has some of the relations only.
    return [
      `SELECT format('GRANT ${RELATION_PRIVILEGES.join(", ")} ON %s TO %I', ${target}, ${role})`,
      `  FROM pg_class WHERE oid = to_regclass(${target}) AND relkind IN (${RELATION_KINDS}) \\gexec`,
    ].join("\n");
  });
  const catalogues = [...new Set(CATALOGUE_PRIVILEGES.map(({ catalogue }) => catalogue))].map((catalogue) => {
    const privileges = CATALOGUE_PRIVILEGES.filter((each) => each.catalogue === catalogue);
    return `GRANT ${privileges.map(privilegeText).join(", ")} ON pg_catalog.${catalogue} TO ${identifier(policy.postgresql.audit_role)};`;
  });
  const refusal = [
    "BEGIN",
    `  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${role} AND (rolcanlogin OR rolsuper)) THEN`,
    `    RAISE EXCEPTION 'the role % can log in or is superuser: name another audit_role in the site policy', ${role};`,
    "  END IF;",
    "END",
  ].join("\n");
  const create = [
    `SELECT format('CREATE ROLE %I NOLOGIN', ${role})`,
    ` WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${role}) \\gexec`,
  ].join("\n");
  const text = [
    "-- Made by rulewright. Run with psql as superuser in every database: psql -f roles.sql",
    "\\set ON_ERROR_STOP on",
    `DO ${literal(refusal)};`,
    "CREATE EXTENSION IF NOT EXISTS pgaudit;",
    create,
    "-- Relations and catalogues whose use is logged, whoever it is.",
    ...grants,
    ...catalogues,
    "-- How much is logged of single accounts, from their next session on.",
    ...accountSettings(policy),
  ];
  return { path: "postgresql/roles.sql", text: `${text.join("\n")}\n` };
}

/** As GRANT takes it: `SELECT (rolpassword)`. */
export function privilegeText({ privilege, column }: CataloguePrivilege): string {
  return column ? `${privilege} (${column})` : privilege;
}
