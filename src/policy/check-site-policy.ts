import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { locationFault } from "../postgresql/log-location.js";
import { checkPeople } from "./check-people.js";
import type { LocatedPolicy } from "./site-policy.js";

/** NAMEDATALEN less its end: what is longer PostgreSQL cuts. */
const NAME_BYTES = 63;
const CONTROL = /\p{Cc}/u;

type Path = readonly (string | number)[];

/** Reports what is wrong under a path of the policy; a null message is nothing wrong. */
export type Fail = (code: string, path: Path, message: string | null, hint?: string) => void;

function failInto(found: Diagnostic[], locate: LocatedPolicy["locate"]): Fail {
  return (code, path, message, hint) => {
    if (message) found.push({ code, severity: "error", message, where: locate(path), ...(hint && { hint }) });
  };
}

/** What a schema cannot say about a policy: what PostgreSQL would refuse, cut or understand in another way. */
export function checkSitePolicy({ value: policy, locate }: LocatedPolicy): Diagnostic[] {
  const found: Diagnostic[] = [];
  const fail = failInto(found, locate);
  const { log_form, log_location, audit_role } = policy.postgresql;
  for (const account of Object.keys(policy.accounts))
    fail("role-name", ["accounts", account], roleFault("account", account));
  for (const [key, kind] of [
    ["sensitive_relations", "relation"],
    ["sensitive_routines", "routine"],
  ] as const)
    policy[key]?.forEach((name, index) => {
      const faults = name.split(".").map((part) => nameFault(kind, part));
      fail(`${kind}-name`, [key, index], faults.find((fault) => fault !== null) ?? null);
    });
  const ofRole = ["postgresql", "audit_role"];
  fail("role-name", ofRole, roleFault("audit_role", audit_role));
  if (Object.hasOwn(policy.accounts, audit_role))
    fail(
      "audit-role-account",
      ofRole,
      `audit_role ${JSON.stringify(audit_role)} is one of the accounts`,
      "name a role of its own, that nobody logs in as",
    );
  const fault = CONTROL.test(log_location) ? "it holds a control character" : locationFault(log_form, log_location);
  fail(
    "log-location",
    ["postgresql", "log_location"],
    fault && `log_location ${JSON.stringify(log_location)} does not fit: ${fault}`,
    "a directory and a file name with at most one *, as in /var/log/postgresql/*.json",
  );
  checkPeople(policy, fail);
  return found;
}

function roleFault(what: string, name: string): string | null {
  if (/^pg_|^(?:public|none)$/.test(name))
    return `${what} ${JSON.stringify(name)} is a name that PostgreSQL keeps for itself`;
  return nameFault(what, name);
}

function nameFault(what: string, name: string): string | null {
  const size = Buffer.byteLength(name);
  if (size > NAME_BYTES) return `${what} ${JSON.stringify(name)} takes ${size} bytes: PostgreSQL has ${NAME_BYTES}`;
  return CONTROL.test(name) ? `${what} ${JSON.stringify(name)} holds a control character` : null;
}
