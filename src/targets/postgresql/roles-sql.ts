import type { SitePolicy } from "../../policy/site-policy.js";
import type { EmittedFile } from "../emitted-file.js";

/**
 * The role by which pgaudit audits single objects: what is granted to it is logged, whoever does it and whatever
 * `pgaudit.log` is set to. It cannot log in. May be run again at any time.
 */
export function rolesSql(policy: SitePolicy): EmittedFile {
  const role = identifier(policy.postgresql.audit_role);
  const grants = [...policy.sensitive_relations].sort().map((relation) => {
    const [schema = "", name = ""] = relation.split(".");
    const target = `${identifier(schema)}.${identifier(name)}`;
    // Each database has some of the relations only.
    return [
      `SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', ${literal(target)}, ${literal(policy.postgresql.audit_role)})`,
      ` WHERE to_regclass(${literal(target)}) IS NOT NULL \\gexec`,
    ].join("\n");
  });
  const create = [
    `SELECT format('CREATE ROLE %I NOLOGIN', ${literal(policy.postgresql.audit_role)})`,
    ` WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(policy.postgresql.audit_role)}) \\gexec`,
  ].join("\n");
  const text = [
    "-- Made by rulewright. Run with psql as superuser in every database: psql -v ON_ERROR_STOP=1 -f roles.sql",
    "CREATE EXTENSION IF NOT EXISTS pgaudit;",
    create,
    `ALTER ROLE ${role} NOLOGIN NOSUPERUSER;`,
    ...grants,
  ];
  return { path: "postgresql/roles.sql", text: `${text.join("\n")}\n` };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
