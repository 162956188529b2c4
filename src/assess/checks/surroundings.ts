/** What is around the server's own settings: how clients get in, programs and libraries it runs, where data flows to. */
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check, Finding, NotChecked } from "../check.js";
import { settingOn } from "../server.js";
import { resetSql, settingFix, whoseText } from "../wording.js";

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

/** Settings that hold a command for the shell, or a library that may do the same. */
const COMMANDS = [
  "archive_command",
  "archive_library",
  "archive_cleanup_command",
  "restore_command",
  "recovery_end_command",
  "ssl_passphrase_command",
];

const commands: Check = {
  code: "command-setting",
  title: "no setting runs a program",
  // Archiving is what they are for: only the reader knows whether this command is the one.
  severity: "note",
  scope: "server",
  references: ["ATT&CK T1059.004", "compare with a snapshot"],
  settings: COMMANDS.filter((name) => name !== "archive_library"),
  evaluate: (_rows, { server }) =>
    COMMANDS.flatMap((name) => {
      const value = server.settings.get(name)?.value ?? "";
      // What archive_command shows while archive_mode is off.
      return value === "" || value === "(disabled)"
        ? []
        : [
            {
              found: `${name} = ${JSON.stringify(value)}`,
              fix: `${settingFix(server, name, "")}, unless it is the one that you know`,
            },
          ];
    }),
};

/** What these are when nobody has touched them. */
const LIBRARIES: Readonly<Record<string, string>> = {
  session_preload_libraries: "",
  local_preload_libraries: "",
  dynamic_library_path: "$libdir",
  jit_provider: "llvmjit",
};

const libraries: Check = {
  code: "library-setting",
  title: "no library is loaded into sessions, and libraries come from the server's directory",
  severity: "medium",
  scope: "server",
  references: ["ATT&CK T1574.006", "ATT&CK T1129"],
  settings: Object.keys(LIBRARIES),
  evaluate: (_rows, { server }) => [
    ...Object.entries(LIBRARIES).flatMap(([name, usual]) => {
      const value = settingOn(server, name);
      return value === usual
        ? []
        : [{ found: `${name} = ${JSON.stringify(value)}`, fix: settingFix(server, name, usual) }];
    }),
    ...server.overrides
      .filter(({ name, value }) => Object.hasOwn(LIBRARIES, name) && value !== LIBRARIES[name])
      .map((each) => ({
        found: `${each.name} = ${JSON.stringify(each.value)} for ${whoseText(each)}`,
        fix: resetSql(each),
      })),
  ],
};

interface SlotRow {
  readonly name: string;
  readonly kind: string;
  readonly active: boolean;
}

const slots: Check<SlotRow> = {
  code: "replication-slot",
  title: "no replication slots",
  severity: "note",
  scope: "server",
  references: ["ATT&CK T1029", "pgaudit fact: base backups and replication are not audited"],
  query: () => ({
    text: "SELECT slot_name::text AS name, slot_type || coalesce(' of ' || database, '') AS kind, active FROM pg_replication_slots ORDER BY 1",
  }),
  evaluate: (rows) =>
    rows.map(({ name, kind, active }) => ({
      found: `replication slot ${name}, ${kind}, ${active ? "in use" : "not in use"}`,
      fix: `SELECT pg_drop_replication_slot('${name}'); -- unless you know it`,
    })),
};

const subscriptions: Check<{ name: string; database: string }> = {
  code: "subscription",
  title: "no subscriptions",
  severity: "note",
  scope: "server",
  references: ["ATT&CK T1041", "pgaudit fact: passwords of subscriptions are logged in clear"],
  query: () => ({
    text: "SELECT subname::text AS name, datname::text AS database FROM pg_subscription JOIN pg_database ON pg_database.oid = subdbid ORDER BY 1",
  }),
  evaluate: (rows) =>
    rows.map(({ name, database }) => ({
      found: `subscription ${name} in ${database}`,
      fix: `DROP SUBSCRIPTION ${identifier(name)}; -- in that database, unless you know it`,
    })),
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

export const SURROUNDINGS: readonly Check[] = [
  trust,
  cleartext,
  tls,
  commands,
  libraries,
  slots,
  subscriptions,
  pooler,
];
