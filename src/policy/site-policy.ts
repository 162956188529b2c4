import { Problem } from "../diagnostics/problem.js";
import { readYaml, type YamlFile, yamlSchema } from "../diagnostics/yaml-file.js";
import { type LogForm, SUPPORTED_FORMS } from "../postgresql/log-forms.js";
import { checkSitePolicy } from "./check-site-policy.js";
import { EVERYTHING, GRANTS, type Grant } from "./grants.js";

/** Who may do what at one site, and what is sensitive there: the content of `site.yaml`. */
export interface SitePolicy {
  /** By the name with which the account logs in to PostgreSQL. */
  readonly accounts: Readonly<Record<string, Account>>;
  /** `schema.relation`, as pgaudit prints the name. */
  readonly sensitive_relations: readonly string[];
  /** `schema.routine`, as pgaudit prints the name: those that read or run with more rights than their caller has. */
  readonly sensitive_routines?: readonly string[];
  readonly postgresql: {
    readonly log_form: LogForm;
    /** Path or glob of the log files on the database host. */
    readonly log_location: string;
    /** Role that object auditing goes by (`pgaudit.role`). */
    readonly audit_role: string;
  };
}

/** A policy with where its parts stand. */
export type LocatedPolicy = YamlFile<SitePolicy>;

export interface Account {
  readonly may: readonly (Grant | typeof EVERYTHING)[];
  readonly note?: string;
}

const NAME = { type: "string", minLength: 1 };

const QUALIFIED_NAMES = {
  type: "array",
  uniqueItems: true,
  items: { type: "string", pattern: "^[^.\\s:]+\\.[^.\\s:]+$" },
};

const validate = yamlSchema<SitePolicy>({
  type: "object",
  additionalProperties: false,
  required: ["accounts", "sensitive_relations", "postgresql"],
  properties: {
    accounts: {
      type: "object",
      propertyNames: NAME,
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["may"],
        properties: {
          may: { type: "array", uniqueItems: true, items: { enum: [EVERYTHING, ...Object.keys(GRANTS)] } },
          note: { type: "string" },
        },
      },
    },
    sensitive_relations: QUALIFIED_NAMES,
    sensitive_routines: QUALIFIED_NAMES,
    postgresql: {
      type: "object",
      additionalProperties: false,
      required: ["log_form", "log_location", "audit_role"],
      properties: {
        log_form: { enum: [...SUPPORTED_FORMS] },
        log_location: { type: "string", pattern: "^/" },
        audit_role: NAME,
      },
    },
  },
});

/** Reads `site.yaml`; throws a Problem that names the key and its line for everything that is wrong in it. */
export async function readSitePolicy(file: string): Promise<LocatedPolicy> {
  const policy = await readYaml(file, validate, 3);
  const found = checkSitePolicy(policy);
  if (found.length > 0) throw new Problem(3, found);
  return policy;
}

/** Accounts that hold at least one of the grants, in alphabetical order. */
export function accountsWith(policy: SitePolicy, anyOf: readonly string[]): string[] {
  return Object.entries(policy.accounts)
    .filter(([, { may }]) => may.some((grant) => grant === EVERYTHING || anyOf.includes(grant)))
    .map(([account]) => account)
    .sort();
}
