/** Roles that can do much because of what they are members of. */
import { EVERYTHING } from "../../policy/grants.js";
import type { SitePolicy } from "../../policy/site-policy.js";
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check, Finding } from "../check.js";
import { isAnnounced } from "./roles.js";

const superuserMembers: Check<{ member: string; role: string }> = {
  code: "superuser-by-membership",
  title: "whoever may SET ROLE to a superuser has log_statement = all too",
  severity: "high",
  scope: "server",
  references: ["CIS 4.2", "pgaudit fact: settings follow the session user, not SET ROLE"],
  settings: ["log_statement"],
  query: () => ({
    text: `
SELECT member.rolname::text AS member, owner.rolname::text AS role FROM pg_roles AS member, pg_roles AS owner
WHERE owner.rolsuper AND NOT member.rolsuper AND member.rolcanlogin AND pg_has_role(member.oid, owner.oid, 'MEMBER')
ORDER BY member, role`,
  }),
  evaluate: (rows, { server }) =>
    rows
      .filter(({ member }) => !isAnnounced(server, member))
      .map(({ member, role }) => ({
        found: `${member} may SET ROLE ${role}, a superuser, and switch pgaudit off without a record`,
        fix: `ALTER ROLE ${identifier(member)} SET log_statement = 'all'; -- or REVOKE ${identifier(role)} from whom it has it through`,
      })),
};

interface MemberRow {
  readonly member: string;
  readonly role: string;
}

/** `$1`: predefined roles. Superusers, who need no membership, and predefined roles themselves are left out. */
const MEMBERS = `
SELECT member.rolname::text AS member, granted.rolname::text AS role FROM pg_roles AS member, pg_roles AS granted
WHERE granted.rolname = ANY($1) AND NOT member.rolsuper AND member.rolname !~ '^pg_'
  AND pg_has_role(member.oid, granted.oid, 'MEMBER')
ORDER BY role, member`;

function memberFindings(rows: readonly MemberRow[], { accounts }: SitePolicy, mayAlso: readonly string[]): Finding[] {
  return rows
    .filter(
      ({ member }) => !(accounts[member]?.may ?? []).some((grant) => grant === EVERYTHING || mayAlso.includes(grant)),
    )
    .map(({ member, role }) => ({
      found: `${member} is a member of ${role}, directly or through other roles`,
      fix: `REVOKE ${role} FROM ${identifier(member)}; -- or from the role that it has it through`,
    }));
}

const programMembers: Check<MemberRow> = {
  code: "server-program-member",
  title: "nobody but administrators runs programs or touches files of the server",
  severity: "high",
  scope: "server",
  references: ["CIS 4.7", "SRG-APP-000121-DB-000202"],
  query: () => ({
    text: MEMBERS,
    values: [["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"]],
  }),
  evaluate: (rows, { policy }) => memberFindings(rows, policy, []),
};

const allDataMembers: Check<MemberRow> = {
  code: "all-data-member",
  title: "nobody reads or writes all tables but accounts that may dump, and administrators",
  severity: "medium",
  scope: "server",
  since: 14,
  references: ["CIS 4.4", "CIS 4.7"],
  query: () => ({ text: MEMBERS, values: [["pg_read_all_data", "pg_write_all_data"]] }),
  evaluate: (rows, { policy }) => [
    ...memberFindings(
      rows.filter(({ role }) => role === "pg_read_all_data"),
      policy,
      ["dump"],
    ),
    ...memberFindings(
      rows.filter(({ role }) => role === "pg_write_all_data"),
      policy,
      [],
    ),
  ],
};

export const MEMBERSHIPS: readonly Check[] = [superuserMembers, programMembers, allDataMembers];
