/**
 * The shipped pack on captures of a labelled workload: authorised work must stay quiet, attacks must alert with the group of
 * their use case.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toBytes } from "../../src/engine/bytes.js";
import { createSession } from "../../src/engine/session.js";
import type { LogForm } from "../../src/postgresql/log-forms.js";
import { EventClock } from "../../src/replay/event-time.js";
import { readGenerated } from "../../src/replay/generated.js";
import { recordsOf } from "../../src/replay/records.js";
import type { SetResult } from "./golden-file.js";

const CAPTURES: readonly (readonly [folder: string, log: string, form: LogForm])[] = [
  ["jsonlog", "postgresql.json", "jsonlog"],
  ["csvlog", "postgresql.csv", "csvlog"],
  ["stderr-debian", "postgresql.log", "stderr-debian"],
  ["stderr-rich", "postgresql.log", "stderr-rich"],
  ["syslog-nosplit", "syslog_rfc3339.log", "syslog-rfc3339"],
  ["syslog-nosplit", "syslog_traditional.log", "syslog-traditional"],
  ["stderr-bracket", "postgresql.log", "stderr-bracket"],
  ["syslog-split", "syslog_rfc3339.log", "syslog-split-rfc3339"],
  ["syslog-split", "syslog_traditional.log", "syslog-split-traditional"],
  ["pgauditlogtofile", "audit.log", "pgauditlogtofile"],
];

/** The same workload under other settings, which hide some attacks by their nature: here only the quiet is judged. */
const OTHER_SETTINGS = [
  "jsonlog-light",
  "jsonlog-recommended",
  "jsonlog-object-only",
  "jsonlog-all-relation-rows",
  "jsonlog-log-statement-all",
] as const;

const GROUPS: Readonly<Record<number, string>> = {
  1: "dam_routine_execution",
  2: "dam_code_tampering",
  3: "dam_wrapped_object",
  4: "dam_drop_view",
  5: "dam_alter_table",
  6: "dam_drop_table",
  7: "dam_privileged_operation",
  8: "dam_create_user",
  9: "dam_create_table",
  10: "dam_drop_user",
  11: "dam_data_exfiltration",
};

interface Block {
  readonly id: string;
  readonly use_case: number;
  readonly kind: "benign" | "malicious" | "evasive" | "noise";
  readonly outcome: string;
  readonly user: string;
  readonly sql: string;
}
interface Alert {
  readonly level: number;
  readonly groups: readonly string[];
  readonly description: string;
}

/** Blocks labelled as attacks that give no alert of their use case, and why that is right or cannot be otherwise. */
const UNTOLD: Readonly<Record<string, string>> = {
  u01e10: "the account may call the routine that the operator calls, and the call is logged",
  u01e12: "the planner inlines the SQL function: there is no record of a call",
  u04m08: "pgaudit names neither relation nor type of a DELETE: a view looks like a table",
  u06e17: "nothing is dropped: a literal mentions it",
  u09e08: "what was set aside is dropped, and alerts as dropped",
  u11e11: "the statement reads no data: it measures a long parameter",
};
/** What a form cannot show: the text that tells stands in a part that syslog has split off. */
const UNTOLD_SPLIT: Readonly<Record<string, string>> = {
  u03e08: "the routine's language and what it runs stand 12 kB behind the record's first part",
};

type Difference = SetResult["differences"][number];

/** Highest level of an alert on authorised work; least level of one on an attack. */
const QUIET = 6;
const ALARM = 7;

export async function comparePostgresLogs(golden: string): Promise<SetResult[]> {
  const root = join(golden, "..", "postgres-logs");
  if (!existsSync(root)) return [];
  const { ruleset } = await readGenerated("generated");
  const blocks = ndjson<Block>(join(root, "statements.ndjson"));
  const benign = { name: "pack/benign", rows: 0, differences: [] as Difference[] };
  const attacks = { name: "pack/attacks", rows: 0, differences: [] as Difference[] };
  const others = OTHER_SETTINGS.map((folder) => [folder, "postgresql.json", "jsonlog"] as const);
  for (const [folder, log, form] of [...CAPTURES, ...others]) {
    const alerts = alertsByBlock(join(root, folder, log), form, createSession(ruleset));
    for (const block of blocks) {
      const own = alerts.get(block.id);
      if (!own) continue;
      const row = `${folder} ${block.id} ${block.user}: ${block.sql.trim()}`;
      const shown = own.map(({ level, description }) => `${level} ${description}`);
      if (block.kind === "benign") {
        benign.rows++;
        if (own.some(({ level }) => level > QUIET)) benign.differences.push({ row, expected: "quiet", actual: shown });
      } else if (others.some(([other]) => other === folder)) continue;
      else if ((block.kind === "malicious" || block.kind === "evasive") && !untold(block, folder)) {
        const group = GROUPS[block.use_case]!;
        attacks.rows++;
        if (!own.some(({ level, groups }) => level >= ALARM && groups.includes(group)))
          attacks.differences.push({ row, expected: group, actual: shown });
      }
    }
  }
  return [benign, attacks];
}

function untold({ id, outcome }: Block, folder: string): boolean {
  if (id in UNTOLD || (folder === "syslog-split" && id in UNTOLD_SPLIT)) return true;
  // The audit file holds no errors: a statement that failed leaves nothing in it.
  return folder === "pgauditlogtofile" && outcome === "error";
}

/** Alerts by the block that caused them; a block that left audit records has an entry, if only an empty one. */
function alertsByBlock(file: string, form: LogForm, session: ReturnType<typeof createSession>): Map<string, Alert[]> {
  const lines = toBytes(readFileSync(file)).split("\n");
  const clock = new EventClock();
  const alerts = new Map<string, Alert[]>();
  for (const record of ndjson<{ first: number; last: number; id: string | null; audit?: unknown }>(
    `${file}.index.ndjson`,
  )) {
    for (const event of recordsOf(lines.slice(record.first - 1, record.last), form)) {
      const decision = session.process({ event: Buffer.from(event, "latin1"), location: form, at: clock.at(event) });
      if (record.id === null) continue;
      const own = alerts.get(record.id) ?? [];
      if (record.audit || own.length > 0) alerts.set(record.id, own);
      if (decision.alert && decision.rule) {
        own.push(decision.rule);
        alerts.set(record.id, own);
      }
    }
  }
  return alerts;
}

function ndjson<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}
