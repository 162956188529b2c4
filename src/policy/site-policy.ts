import { Problem } from "../diagnostics/problem.js";
import { readYaml, type YamlFile, yamlSchema } from "../diagnostics/yaml-file.js";
import type { LogForm } from "../postgresql/log-forms.js";
import type { AccountKind, Preset } from "../postgresql/presets.js";
import { checkSitePolicy } from "./check-site-policy.js";
import { EVERYTHING, type Grant } from "./grants.js";
import { sitePolicySchema, type WEEKDAYS } from "./site-policy-schema.js";

/** Who may do what at one site, and what is sensitive there: the content of `site.yaml`. */
export interface SitePolicy {
  /** By the name with which the account logs in to PostgreSQL. */
  readonly accounts: Readonly<Record<string, Account>>;
  /** Networks by the name of the place: addresses, CIDR, or `local` for the server's own socket. */
  readonly places?: Readonly<Record<string, readonly string[]>>;
  readonly windows?: Readonly<Record<string, Window>>;
  /** `schema.relation`, as pgaudit prints the name. */
  readonly sensitive_relations: readonly string[];
  /** `schema.routine`, as pgaudit prints the name: those that read or run with more rights than their caller has. */
  readonly sensitive_routines?: readonly string[];
  /** Over what a correlating rule counts by itself, by the rule's key. */
  readonly thresholds?: Readonly<Record<string, { readonly times: number; readonly seconds: number }>>;
  readonly exceptions?: readonly Exception[];
  readonly postgresql: {
    readonly preset: Preset;
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
  /** Default: service. */
  readonly kind?: AccountKind;
  /** Names of places; elsewhere it is not authorised. Default: anywhere. */
  readonly from?: readonly string[];
  /** Name of a window; at other times it is not authorised. Default: always. */
  readonly during?: string;
  /** Audited as by this preset instead of the site's. */
  readonly audit?: Preset;
  readonly note?: string;
}

/** By the clock of the manager. */
export interface Window {
  /** `hh:mm-hh:mm`; the second may be on the next day. */
  readonly hours?: string;
  readonly weekdays?: readonly (typeof WEEKDAYS)[number][];
}

/** One account may do for a while what a rule would alert on. */
export interface Exception {
  readonly name: string;
  /** Key of the rule. */
  readonly rule: string;
  readonly account: string;
  /** Name of the object as pgaudit prints it; `*` stands for anything. Default: all. */
  readonly object?: string;
  readonly owner: string;
  readonly reason: string;
  /** Last day, `yyyy-mm-dd`. */
  readonly expires: string;
}

const validate = yamlSchema<SitePolicy>(sitePolicySchema);

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
