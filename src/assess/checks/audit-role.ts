/** The role that object audit goes by, and what it was granted: what roles.sql makes. */
import type { SitePolicy } from "../../policy/site-policy.js";
import {
  CATALOGUE_PRIVILEGES,
  type CataloguePrivilege,
  privilegeText,
  RELATION_KINDS,
  RELATION_PRIVILEGES,
} from "../../targets/postgresql/roles-sql.js";
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check, Finding, NotChecked } from "../check.js";

interface RoleRow {
  readonly login: boolean;
  readonly superuser: boolean;
  readonly members: readonly string[];
}

const auditRole: Check<RoleRow> = {
  code: "audit-role-unsafe",
  title: "the audit role is there, and is nobody's",
  severity: "high",
  scope: "server",
  references: ["CIS 3.2", "SRG-APP-000121-DB-000202", "generated/postgresql/roles.sql"],
  query: ({ policy }) => ({
    text: `
SELECT rolcanlogin AS login, rolsuper AS superuser, ARRAY(
    SELECT member.rolname::text FROM pg_auth_members JOIN pg_roles AS member ON member.oid = pg_auth_members.member
    WHERE roleid = pg_roles.oid ORDER BY 1) AS members
FROM pg_roles WHERE rolname = $1`,
    values: [policy.postgresql.audit_role],
  }),
  evaluate([row], { policy }): Finding[] {
    const { audit_role } = policy.postgresql;
    const role = identifier(audit_role);
    if (!row)
      return [
        {
          found: `there is no role ${audit_role}: no sensitive relation is audited`,
          fix: "run generated/postgresql/roles.sql in every database",
        },
      ];
    return [
      ...(row.login ? [{ found: `${audit_role} can log in`, fix: `ALTER ROLE ${role} NOLOGIN;` }] : []),
      ...(row.superuser ? [{ found: `${audit_role} is superuser`, fix: `ALTER ROLE ${role} NOSUPERUSER;` }] : []),
      ...row.members.map((member) => ({
        found: `${member} is a member of ${audit_role}, and so may read what it audits`,
        fix: `REVOKE ${role} FROM ${identifier(member)};`,
      })),
    ];
  },
};

/**
 * Whether a grant on something counts for pgaudit: it looks at the list of grants, for the audit role itself and for roles
 * whose rights it has; PUBLIC does not count. `audit` is the role's row.
 */
const granted = (acl: string, privilege: string) => `
EXISTS (SELECT FROM aclexplode(${acl}) AS held WHERE held.privilege_type = ${privilege} AND held.grantee <> 0
  AND pg_has_role(audit.oid, held.grantee, 'USAGE'))`;

/** Whether the role is there at all: where it is not, audit-role-unsafe says so, and nothing can have been granted to it. */
const ROLE_IS_THERE = "EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS role";

function noRole({ audit_role }: SitePolicy["postgresql"]): NotChecked {
  return { notChecked: `there is no role ${audit_role}` };
}

interface RelationRow {
  readonly relation: string;
  readonly role: boolean;
  readonly missing: readonly string[];
}

/** `$1`: sensitive relations; `$2`: the audit role; `$3`: privileges. `source` gives `relation` (an oid) of those to look at. */
const MISSING_ON = (source: string) => `
SELECT format('%I.%I', nspname, relname) AS relation, ${ROLE_IS_THERE}, ARRAY(
    SELECT privilege FROM unnest($3::text[]) AS privilege
    WHERE NOT coalesce((SELECT ${granted("relacl", "privilege")} FROM pg_roles AS audit WHERE rolname = $2), false)) AS missing
FROM (${source}) AS wanted JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN (${RELATION_KINDS}) ORDER BY 1`;

const SENSITIVE = `
SELECT pg_class.oid AS relation FROM unnest($1::text[]) AS name JOIN pg_namespace ON nspname = split_part(name, '.', 1)
  JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = split_part(name, '.', 2)`;

const PARTS = `
WITH RECURSIVE part(relation) AS (
  SELECT inhrelid FROM pg_inherits WHERE inhparent IN (${SENSITIVE})
  UNION SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = relation)
SELECT relation FROM part`;

function missingFindings(rows: readonly RelationRow[], { postgresql }: SitePolicy): Finding[] | NotChecked {
  if (rows[0]?.role === false) return noRole(postgresql);
  const { audit_role } = postgresql;
  return rows
    .filter(({ missing }) => missing.length > 0)
    .map(({ relation, missing }) => ({
      found: `${audit_role} lacks ${missing.join(", ")} on ${relation}: that use of it is not audited`,
      fix: `GRANT ${missing.join(", ")} ON ${relation} TO ${identifier(audit_role)};`,
    }));
}

const valuesOf = ({ sensitive_relations, postgresql }: SitePolicy) => [
  sensitive_relations,
  postgresql.audit_role,
  RELATION_PRIVILEGES,
];

const relationGrants: Check<RelationRow> = {
  code: "audit-role-lacks-relation",
  title: "the audit role holds its privileges on every sensitive relation",
  severity: "high",
  scope: "database",
  references: ["CIS 3.2", "SRG-APP-000494-DB-000344", "pgaudit fact: a relation made anew has lost its grants"],
  query: ({ policy }) => ({ text: MISSING_ON(SENSITIVE), values: valuesOf(policy) }),
  evaluate: (rows, { policy }) => missingFindings(rows, policy),
};

const partGrants: Check<RelationRow> = {
  code: "audit-role-lacks-partition",
  title: "the audit role holds its privileges on partitions and children of sensitive relations",
  severity: "medium",
  scope: "database",
  references: ["SRG-APP-000494-DB-000344", "pgaudit fact: object audit goes by the relation that the statement names"],
  query: ({ policy }) => ({ text: MISSING_ON(PARTS), values: valuesOf(policy) }),
  evaluate: (rows, { policy }) => missingFindings(rows, policy),
};

const relationMissing: Check<{ relation: string }> = {
  code: "sensitive-relation-missing",
  title: "every sensitive relation of the policy is in some database",
  severity: "medium",
  scope: "all-databases",
  references: ["docs/policy.md", "SRG-APP-000494-DB-000344"],
  query: ({ policy }) => ({
    text: `
SELECT nspname || '.' || relname AS relation FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname || '.' || relname = ANY($1) AND relkind IN (${RELATION_KINDS})`,
    values: [policy.sensitive_relations],
  }),
  evaluate: (rows, { policy }) =>
    policy.sensitive_relations
      .filter((each) => !rows.some(({ relation }) => relation === each))
      .map((relation) => ({
        found: `no database that was looked at has ${relation}`,
        fix: "correct sensitive_relations in the policy: renamed relations lose their place in it",
      })),
};

interface CatalogueRow extends CataloguePrivilege {
  readonly role: boolean;
}

const catalogueGrants: Check<CatalogueRow> = {
  code: "audit-role-lacks-catalogue",
  title: "the audit role holds its privileges on the catalogues of roles, code and settings",
  severity: "high",
  scope: "database",
  references: ["SRG-APP-000492-DB-000332", "pgaudit fact: catalogues can be rewritten behind the commands"],
  query: ({ policy }) => ({
    text: `
SELECT wanted.catalogue, wanted.privilege, wanted."column", ${ROLE_IS_THERE}
FROM json_to_recordset($1::json) AS wanted(catalogue text, privilege text, "column" text)
  JOIN pg_class ON relnamespace = 'pg_catalog'::regnamespace AND relname = wanted.catalogue
  LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attname = wanted."column"
WHERE NOT coalesce((SELECT ${granted('CASE WHEN wanted."column" IS NULL THEN relacl ELSE attacl END', "wanted.privilege")}
  FROM pg_roles AS audit WHERE rolname = $2), false)`,
    values: [JSON.stringify(CATALOGUE_PRIVILEGES), policy.postgresql.audit_role],
  }),
  evaluate(rows, { policy }): Finding[] | NotChecked {
    if (rows[0]?.role === false) return noRole(policy.postgresql);
    const { audit_role } = policy.postgresql;
    return [...new Set(rows.map(({ catalogue }) => catalogue))].map((catalogue) => {
      const missing = rows
        .filter((row) => row.catalogue === catalogue)
        .map(privilegeText)
        .join(", ");
      return {
        found: `${audit_role} lacks ${missing} on pg_catalog.${catalogue}`,
        fix: `GRANT ${missing} ON pg_catalog.${catalogue} TO ${identifier(audit_role)};`,
      };
    });
  },
};

export const AUDIT_ROLE: readonly Check[] = [auditRole, relationGrants, partGrants, relationMissing, catalogueGrants];
