/** Roles that can do more than the policy says, and superusers whose statements are not announced. */
import { EVERYTHING } from "../../policy/grants.js";
import type { SitePolicy } from "../../policy/site-policy.js";
import { OF_SUPERUSERS } from "../../targets/postgresql/account-settings.js";
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check, Finding } from "../check.js";
import { hasOwn, isOwn, type Server, settingOn } from "../server.js";
import { listText } from "../wording.js";
import { grantFinding, PARAMETER_GRANTS, SILENCING } from "./overrides.js";

interface RoleRow {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  /** The role that initdb made. */
  readonly bootstrap: boolean;
  /** CREATEROLE, REPLICATION, BYPASSRLS. */
  readonly attributes: readonly string[];
}

const ROLES = `
SELECT rolname::text AS name, rolcanlogin AS login, rolsuper AS superuser, oid = 10 AS bootstrap,
  array_remove(ARRAY[CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes
FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname`;

const FROM_ROLES = { scope: "server", query: () => ({ text: ROLES }) } as const;

const superuserStatements: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "superuser-unannounced",
  title: "superusers have log_statement = all",
  severity: "high",
  references: [
    "SRG-APP-000504-DB-000354",
    "pgaudit fact: SET pgaudit.log = 'none' leaves no record; log_statement = all logs it first",
  ],
  settings: ["log_statement"],
  evaluate: (rows, { server }) =>
    rows
      .filter(({ login, superuser }) => login && superuser)
      // One that has a value of its own which is too little is a finding of setting-overridden.
      .filter(({ name }) => !hasOwn(server, name, "log_statement") && !isAnnounced(server, name))
      .map(({ name }) => ({
        found: `the superuser ${name} can switch pgaudit off without a record`,
        fix: `ALTER ROLE ${identifier(name)} SET log_statement = 'all';`,
      })),
};

const unknownSuperuser: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "superuser-unknown",
  title: "every superuser is an account of the policy",
  severity: "high",
  references: [
    "CIS 4.2",
    "SRG-APP-000121-DB-000202",
    "pgaudit fact: SUPERUSER behind PASSWORD is redacted from the log",
  ],
  evaluate: (rows, { policy }) =>
    rows
      .filter(({ name, superuser, bootstrap }) => superuser && !bootstrap && !known(policy, name))
      .map(({ name }) => ({
        found: `${name} is superuser, and the policy does not name it`,
        fix: `ALTER ROLE ${identifier(name)} NOSUPERUSER; -- or name it under accounts in the policy`,
      })),
};

const bootstrapSuperuser: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "superuser-of-installation",
  title: "the superuser of the installation is an account of the policy, or nobody logs in as it",
  severity: "low",
  references: ["CIS 4.2"],
  evaluate: (rows, { policy }) =>
    rows
      .filter(({ name, login, bootstrap }) => bootstrap && login && !known(policy, name))
      .map(({ name }) => ({
        found: `${name} can log in, and the policy does not name it: whatever it does is an alert`,
        fix: `ALTER ROLE ${identifier(name)} NOLOGIN; -- once others administer, or name it under accounts in the policy`,
      })),
};

const powerfulUnknown: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "powerful-role-unknown",
  title: "every role with CREATEROLE, REPLICATION or BYPASSRLS is an account of the policy",
  severity: "high",
  references: ["CIS 4.2", "CIS 7.1", "pgaudit fact: attributes behind PASSWORD are redacted from the log"],
  evaluate: (rows, { policy }) =>
    rows
      .filter(({ name, superuser, attributes }) => !superuser && attributes.length > 0 && !known(policy, name))
      .map(({ name, attributes }) => ({
        found: `${name} has ${listText(attributes)}, and the policy does not name it`,
        fix: `ALTER ROLE ${identifier(name)} ${attributes.map((each) => `NO${each}`).join(" ")}; -- or name it under accounts in the policy`,
      })),
};

const loginUnknown: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "login-role-unknown",
  title: "every role that can log in is an account of the policy",
  severity: "medium",
  references: ["SRG-APP-000100-DB-000201", "CIS 4.2"],
  evaluate: (rows, { policy }) =>
    rows
      // Those with more than a log-in are findings of the checks for them.
      .filter(
        ({ name, login, superuser, attributes }) =>
          login && !superuser && attributes.length === 0 && !known(policy, name),
      )
      .map(({ name }) => ({
        found: `${name} can log in, and the policy does not name it`,
        fix: `ALTER ROLE ${identifier(name)} NOLOGIN; -- or name it under accounts in the policy`,
      })),
};

const accountMissing: Check<RoleRow> = {
  ...FROM_ROLES,
  code: "policy-account-missing",
  title: "every account of the policy is a role of the server",
  severity: "note",
  references: ["docs/policy.md"],
  evaluate(rows, { policy }) {
    const missing = Object.keys(policy.accounts).filter((account) => !rows.some(({ name }) => name === account));
    if (missing.length === 0) return [];
    return [
      {
        found: `the policy names ${listText(missing)}, and there is no such role`,
        fix: "take out of the policy what is gone for good: whoever makes the role anew inherits what it may",
      },
    ];
  },
};

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

/** Whether every statement of this role is logged before it takes effect. */
function isAnnounced(server: Server, role: string): boolean {
  const own = server.overrides.find((each) => isOwn(each, role, "log_statement"));
  return (own?.value ?? settingOn(server, "log_statement")) === OF_SUPERUSERS.log_statement;
}

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

const silencing: Check<{ parameter: string; grantee: string; privilege: string }> = {
  code: "silencing-role",
  title: "nobody but superusers may change log_min_messages and log_min_error_statement",
  severity: "high",
  scope: "server",
  since: 15,
  references: [
    "SRG-APP-000090-DB-000065",
    "pgaudit fact: SET log_min_messages = 'panic' silences the session, itself too",
  ],
  query: () => ({
    text: `${PARAMETER_GRANTS} AND parname = ANY($1) ORDER BY parname, grantee, privilege_type`,
    values: [SILENCING],
  }),
  evaluate: (rows) => rows.map(grantFinding),
};

function known({ accounts, postgresql }: SitePolicy, role: string): boolean {
  return Object.hasOwn(accounts, role) || role === postgresql.audit_role;
}

export const ROLE_CHECKS: readonly Check[] = [
  superuserStatements,
  unknownSuperuser,
  bootstrapSuperuser,
  superuserMembers,
  powerfulUnknown,
  loginUnknown,
  accountMissing,
  programMembers,
  allDataMembers,
  silencing,
];
