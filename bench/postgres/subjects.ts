import type { Account, SitePolicy } from "../../src/policy/site-policy.js";
import { logFormSettings } from "../../src/postgresql/log-forms.js";
import type { Preset } from "../../src/postgresql/presets.js";
import { rolesSql } from "../../src/targets/postgresql/roles-sql.js";
import { policySettings } from "../../src/targets/postgresql/server-conf.js";

/** A way of auditing that is measured. */
export interface Subject {
  readonly name: string;
  readonly says: string;
  /** Settings of the server. */
  readonly settings: Readonly<Record<string, string>>;
  /** SQL, run as superuser once pgbench's tables are there. */
  readonly setup: string;
}

/** The account that pgbench works as: an application, with no rights but on its tables. */
export const APPLICATION = "shop_app";

/** pgbench's own table that every transaction of both workloads uses. */
const EVERY_TRANSACTION = "public.pgbench_accounts";

/** The same server, the same log, and no pgaudit: what the others are divided by. */
const NONE: Subject = {
  name: "none",
  says: "no pgaudit",
  settings: Object.fromEntries(Object.entries(logFormSettings("jsonlog")).filter(([name]) => !ofAudit(name))),
  setup: "",
};

function ofAudit(setting: string): boolean {
  return setting.startsWith("pgaudit.") || setting === "shared_preload_libraries";
}

function audited(
  name: string,
  says: string,
  preset: Preset,
  more: Partial<Account> = {},
  sensitive: string[] = [],
): Subject {
  const policy: SitePolicy = {
    accounts: { [APPLICATION]: { kind: "service", may: [], ...more } },
    sensitive_relations: sensitive,
    postgresql: { preset, log_form: "jsonlog", log_location: "/var/log/postgresql/*.json", audit_role: "auditor" },
  };
  return {
    name,
    says,
    settings: { ...logFormSettings("jsonlog"), ...policySettings(policy) },
    setup: rolesSql(policy).text,
  };
}

/** What is measured, the yardstick first. */
export const SUBJECTS: readonly Subject[] = [
  NONE,
  audited("light", "definitions, roles, settings", "light"),
  audited("light+sensitive", "light; every transaction uses a sensitive relation", "light", {}, [EVERY_TRANSACTION]),
  audited("standard", "light and functions: an application", "standard"),
  audited("standard-person", "the same and writes: a person", "standard", { kind: "person" }),
  audited("full", "every statement", "full"),
];
