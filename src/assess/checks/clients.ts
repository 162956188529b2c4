/** How clients get in, and where they seem to come from. */
import type { Check, Finding, NotChecked } from "../check.js";
import { settingOn } from "../server.js";
import { settingFix } from "../wording.js";

interface HbaRow {
  readonly line: number;
  readonly type: string;
  readonly databases: readonly string[];
  readonly users: readonly string[];
  readonly address: string | null;
  readonly method: string;
}

const HBA = (condition: string) => ({
  text: `
SELECT line_number AS line, type, database AS databases, user_name AS users, address, auth_method AS method
FROM pg_hba_file_rules WHERE ${condition} ORDER BY line_number`,
});

const hbaText = ({ line, type, databases, users, address, method }: HbaRow) =>
  `pg_hba.conf:${line}: ${[type, databases.join(","), users.join(","), address, method].filter(Boolean).join(" ")}`;

const HBA_FIX = "scram-sha-256, cert or peer instead in pg_hba.conf, then SELECT pg_reload_conf()";

const trust: Check<HbaRow> = {
  code: "hba-trust",
  title: "pg_hba.conf trusts nobody by name alone",
  severity: "high",
  scope: "server",
  references: ["SRG-APP-000100-DB-000201", "PostgreSQL: client authentication"],
  query: () => HBA("auth_method = 'trust' AND error IS NULL"),
  evaluate: (rows) =>
    rows.map((row) => ({ found: `${hbaText(row)} lets anybody in under any of these names`, fix: HBA_FIX })),
};

const cleartext: Check<HbaRow> = {
  code: "hba-cleartext-password",
  title: "no password crosses the network in clear",
  severity: "medium",
  scope: "server",
  references: ["PostgreSQL: client authentication"],
  // Under TLS the password is as safe as the certificate is checked.
  query: () => HBA("auth_method = 'password' AND type NOT IN ('local', 'hostssl') AND error IS NULL"),
  evaluate: (rows) => rows.map((row) => ({ found: `${hbaText(row)} takes the password as it is`, fix: HBA_FIX })),
};

const LOOPBACK = /^(?:localhost|127\.|::1$)/;

const tls: Check = {
  code: "ssl-off",
  title: "a server that listens to a network has ssl on",
  severity: "medium",
  scope: "server",
  references: ["PostgreSQL: secure TCP/IP connections with SSL"],
  settings: ["ssl", "listen_addresses"],
  evaluate(_rows, { server }): Finding[] {
    const listens = settingOn(server, "listen_addresses");
    const outside = listens
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "" && !LOOPBACK.test(each));
    if (settingOn(server, "ssl") === "on" || outside.length === 0) return [];
    return [
      { found: `ssl is off, and the server listens on ${outside.join(", ")}`, fix: settingFix(server, "ssl", "on") },
    ];
  },
};

/** Sessions from one address beyond which a pooler is likely. */
const MANY_SESSIONS = 20;

interface AddressRow {
  readonly address: string;
  readonly sessions: number;
  readonly users: number;
}

const pooler: Check<AddressRow> = {
  code: "pooled-connections",
  title: "clients come from addresses of their own",
  severity: "note",
  scope: "server",
  references: ["pgaudit fact: behind a pooler the client's address is the pooler's"],
  query: () => ({
    text: `
SELECT host(client_addr) AS address, count(*)::int AS sessions, count(DISTINCT usename)::int AS users
FROM pg_stat_activity WHERE client_addr IS NOT NULL AND backend_type = 'client backend' GROUP BY 1 ORDER BY 1`,
  }),
  evaluate: (rows, { server }) => poolerFindings(rows, server.readsAllStatistics, server.account),
};

/** Without pg_read_all_stats others' addresses are hidden. */
export function poolerFindings(rows: readonly AddressRow[], seesAll: boolean, account: string): Finding[] | NotChecked {
  if (!seesAll) return { notChecked: `${account} may not see others' sessions: GRANT pg_read_all_stats to it` };
  return rows
    .filter(({ sessions }) => sessions >= MANY_SESSIONS)
    .map(({ address, sessions, users }) => ({
      found: `${sessions} sessions of ${users} ${users === 1 ? "account" : "accounts"} from ${address}: it may be a pooler`,
      fix: "places in the policy then mean the pooler; let it hand on the client as application_name, and keep its own log",
    }));
}

export const CLIENTS: readonly Check[] = [trust, cleartext, tls, pooler];
