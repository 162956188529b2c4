/** Roles that can do more than the policy says, and superusers whose statements are not announced. */
import type { SitePolicy } from "../../policy/site-policy.js";
import { OF_SUPERUSERS } from "../../targets/postgresql/account-settings.js";
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check } from "../check.js";
import { hasOwn, isOwn, type Server, settingOn } from "../server.js";
import { listText } from "../wording.js";

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

/** Whether every statement of this role is logged before it takes effect. */
export function isAnnounced(server: Server, role: string): boolean {
  const own = server.overrides.find((each) => isOwn(each, role, "log_statement"));
  return (own?.value ?? settingOn(server, "log_statement")) === OF_SUPERUSERS.log_statement;
}

function known({ accounts, postgresql }: SitePolicy, role: string): boolean {
  return Object.hasOwn(accounts, role) || role === postgresql.audit_role;
}

export const ROLE_CHECKS: readonly Check[] = [
  superuserStatements,
  unknownSuperuser,
  bootstrapSuperuser,
  powerfulUnknown,
  loginUnknown,
  accountMissing,
];
