/** Programs and libraries that the server runs, and where its data flows to. */
import { identifier } from "../../targets/postgresql/sql-text.js";
import type { Check } from "../check.js";
import { settingOn } from "../server.js";
import { resetSql, settingFix, whoseText } from "../wording.js";

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

export const SURROUNDINGS: readonly Check[] = [commands, libraries, slots, subscriptions];
